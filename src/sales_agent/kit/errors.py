"""The root of every error of ours: named for the fact, its docstring is the message, with a stable code and a status.

AppError
  InvalidInput 400    NotAuthenticated 401    NotAllowed 403    NotFound 404    Conflict 409
  PreconditionFailed 412    TooLarge 413    TooManyRequests 429    TemporarilyUnavailable 503
"""

import re
from typing import ClassVar

_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


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
    """No valid credential came with the request."""

    status = 401


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


class TemporarilyUnavailable(AppError):
    """A part the answer needs is not reachable right now; try again."""

    status = 503
