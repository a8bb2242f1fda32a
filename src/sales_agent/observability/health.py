"""Asks every part the answer depends on whether it is there, all at once and never for long."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

# A readiness probe usually gives up after a second or more; an answer that says why is worth more than silence.
TIMEOUT_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class Check:
    """`probe` returns when the part works and raises when it does not; an optional part's failure is told, no more."""

    name: str
    probe: Callable[[], Awaitable[object]]
    timeout_seconds: float = TIMEOUT_SECONDS
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`reason` is the class of the error, never its text: texts hold hosts and logins."""

    name: str
    is_ok: bool
    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """`is_ok` while every required part works."""

    is_ok: bool
    results: tuple[CheckResult, ...]

    def as_json(self) -> dict[str, object]:
        """`{status: ok|failing, checks: {name: {status, seconds, reason?}}}`."""
        return {
            "status": "ok" if self.is_ok else "failing",
            "checks": {
                result.name: {
                    "status": "ok" if result.is_ok else "failing",
                    "seconds": round(result.seconds, 4),
                    **({"reason": result.reason} if result.reason else {}),
                }
                for result in self.results
            },
        }


async def run_checks(checks: Iterable[Check]) -> Health:
    """All checks side by side; takes as long as the slowest, at most its timeout."""
    asked = tuple(checks)
    results = tuple(await asyncio.gather(*(_ask(check) for check in asked)))
    is_ok = all(result.is_ok for check, result in zip(asked, results, strict=True) if check.is_required)
    return Health(is_ok, results)


async def _ask(check: Check) -> CheckResult:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(check.timeout_seconds):
            await check.probe()
    except Exception as error:  # noqa: BLE001 - every way of not working is the same news here
        return CheckResult(check.name, is_ok=False, seconds=time.perf_counter() - began, reason=type(error).__name__)
    return CheckResult(check.name, is_ok=True, seconds=time.perf_counter() - began)
