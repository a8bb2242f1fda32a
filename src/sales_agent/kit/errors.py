"""The root of every error of ours: named for the fact, its docstring is the message, with a stable code and a status.

AppError
  InvalidInput 400    NotAuthenticated 401    NotAllowed 403    NotFound 404    Conflict 409
  PreconditionFailed 412    TooLarge 413    TooManyRequests 429    TemporarilyUnavailable 503
"""

import re
import traceback
from typing import ClassVar, Self
from uuid import UUID

_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# A chain longer than this repeats itself.
_MOST_CAUSES = 20


class AppError(Exception):
    """Something went wrong inside Sales Agent."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **context: object) -> None:
        super().__init__(detail or self.title())
        self.detail = detail
        self.context = context

    @classmethod
    def code(cls) -> str:
        """The stable code clients may compare: the class name in lower snake case."""
        return _WORD_BORDER.sub("_", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """The first line of the class docstring: the message that people read."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]


class InvalidInput(AppError):
    """The request cannot be understood."""

    status = 400


class NotAuthenticated(AppError):
    """No valid credential came with the request.

    `tenant_id` and `actor`: whose credential it once was, where that is known. For the audit trail, never answered.
    """

    status = 401
    tenant_id: UUID | None = None
    actor: str = ""

    def of(self, tenant_id: UUID, actor: str) -> Self:
        """The same error, belonging to somebody."""
        self.tenant_id, self.actor = tenant_id, actor
        return self


class NotAllowed(AppError):
    """The credential does not allow this."""

    status = 403


class NotFound(AppError):
    """There is nothing under this id."""

    status = 404


class Conflict(AppError):
    """The present state does not allow this."""

    status = 409


class PreconditionFailed(AppError):
    """The thing was changed since it was read."""

    status = 412


class TooLarge(AppError):
    """The request body is larger than the limit."""

    status = 413


class TooManyRequests(AppError):
    """Too many requests in a short time."""

    status = 429

    # What is counted is counted by the minute.
    retry_after_seconds: ClassVar[int] = 60


class TemporarilyUnavailable(AppError):
    """A part the answer needs is not reachable right now; try again."""

    status = 503


def text_of(error: BaseException) -> str:
    """What may be kept and shown of an error: ours in its own words, of any other the class alone.

    Drivers and parsers quote the values they stumbled over, which may be what a person wrote, or a secret.
    """
    name = type(error).__name__
    if isinstance(error, AppError):
        return f"{name}: {error}"
    below = getattr(error, "orig", None)  # of the database driver's error, the class that tells most
    return f"{name} ({type(below).__name__})" if isinstance(below, BaseException) else name


def traceback_of(error: BaseException) -> str:
    """Where an error came from and what led to it, oldest first: places in the code, and of each error its text."""
    told: list[str] = []
    present: BaseException | None = error
    while present is not None and len(told) < _MOST_CAUSES:
        told.append("".join(traceback.format_tb(present.__traceback__)) + text_of(present))
        present = present.__cause__ or (None if present.__suppress_context__ else present.__context__)
    return "\nwhich led to:\n".join(reversed(told))
