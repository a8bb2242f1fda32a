"""Runs every check of the table over a draft, failing closed: a check that breaks stops the draft."""

from collections.abc import Iterable, Iterator, Sequence

import structlog

from sales_agent.content import Finding, Severity
from sales_agent.safety.checks import CHECKS, Check
from sales_agent.safety.findings import CheckedDraft

_WEIGHT = {Severity.NOTE: 0, Severity.WARN: 1, Severity.BLOCK: 2}

_log = structlog.stdlib.get_logger()


def run_checks(draft: CheckedDraft, checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """Every finding once, in the order of the table."""
    return tuple(dict.fromkeys(finding for check in checks for finding in _run(check, draft)))


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The heaviest severity, None without findings."""
    return max((finding.severity for finding in findings), key=_WEIGHT.__getitem__, default=None)


def _run(check: Check, draft: CheckedDraft) -> Iterator[Finding]:
    try:
        yield from tuple(check.run(draft))
    except Exception as error:  # noqa: BLE001 - whatever broke, an unjudged draft must not pass
        _log.warning("safety.check_failed", check=check.name, error=type(error).__name__)
        yield Finding(
            check.name,
            "check_failed",
            Severity.BLOCK,
            f"The {check.name} check broke, so nobody knows whether this draft is safe.",
            "Run the check again; if it breaks again, report it with this draft's id.",
        )
