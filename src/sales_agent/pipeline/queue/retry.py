"""What to do about a failed attempt: a pure decision from the error's class and the attempts already spent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sales_agent.connectors.errors import AuthExpired, ProviderError, RateLimited, Transient
from sales_agent.effects.once import AnswerLost, EffectUnsettled
from sales_agent.kit.errors import AppError, TemporarilyUnavailable

# A parked job asks again this often whether its connector works; each try costs one refused call.
PARK_SECONDS = 300.0

# Another job is in the middle of the same write: it will not be for long.
LOOK_AGAIN_SECONDS = 1.0


class NotYet(AppError):
    """The work has to wait for its time; nothing failed."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Try again after `seconds`; `spends` says whether this uses up one of the retries."""

    seconds: float
    spends: bool = True


@dataclass(frozen=True, slots=True)
class Park:
    """Wait for something outside (a reconnect); asks again after `seconds` and spends nothing."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """To the dead-letter queue, with a stable code."""

    code: str


Decision = RetryLater | Park | GiveUp

# Behind these lies a driver's or a socket's error, which would be taken for a bug of ours.
_SPEAKS_FOR_ITSELF = (ProviderError, TemporarilyUnavailable)


def root_cause(error: BaseException) -> BaseException:
    """The error that started it: wrappers of ours carry it as their cause. Those that say what to do speak first."""
    while error.__cause__ is not None and isinstance(error, AppError) and not isinstance(error, _SPEAKS_FOR_ITSELF):
        error = error.__cause__
    return error


def decide(error: BaseException, *, attempts: int, delays: Sequence[float]) -> Decision:
    """The decision for an attempt that failed with `error` after `attempts` earlier failures that spent a retry."""
    if isinstance(error, NotYet):
        return RetryLater(error.seconds, spends=False)
    cause = root_cause(error)
    if isinstance(cause, AuthExpired):
        return Park(PARK_SECONDS)
    if isinstance(cause, EffectUnsettled) and not isinstance(cause, AnswerLost):
        # Nothing was tried and nothing failed: whoever took a run over has to wait until the far side can be asked.
        return RetryLater(max(LOOK_AGAIN_SECONDS, cause.retry_after_seconds), spends=False)
    if not isinstance(cause, Transient | RateLimited | TemporarilyUnavailable | TimeoutError):
        return GiveUp(code_of(cause))
    if attempts >= len(delays):
        return GiveUp(code_of(cause))
    wait = delays[attempts]
    if isinstance(cause, RateLimited):
        wait = max(wait, cause.retry_after_seconds)
    return RetryLater(wait)


def code_of(error: BaseException) -> str:
    """The stable code of an error; a bug of ours is named by its Python class."""
    return error.code() if isinstance(error, AppError) else f"bug.{type(error).__name__}"


def error_class(error: BaseException) -> str:
    """transient, rate_limited, auth_expired, permanent or bug: what to do about it, in a word."""
    if isinstance(error, ProviderError):
        return error.error_class
    if isinstance(error, TemporarilyUnavailable | TimeoutError):
        return "transient"
    return "permanent" if isinstance(error, AppError) else "bug"
