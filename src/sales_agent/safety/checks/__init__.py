"""The table of the safety checks: every one runs over every draft, in this order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sales_agent.content import Finding
from sales_agent.safety.checks import claims, commitments, compliance, injection, links, pii, prohibited
from sales_agent.safety.findings import CheckedDraft


@dataclass(frozen=True, slots=True)
class Check:
    """`name` stands in every finding of `run`."""

    name: str
    run: Callable[[CheckedDraft], Iterable[Finding]]


CHECKS: tuple[Check, ...] = (
    Check(injection.NAME, injection.check_injection),
    Check(pii.NAME, pii.check_pii),
    Check(links.NAME, links.check_links),
    Check(commitments.NAME, commitments.check_commitments),
    Check(claims.NAME, claims.check_claims),
    Check(prohibited.NAME, prohibited.check_prohibited),
    Check(compliance.NAME, compliance.check_compliance),
)
