"""The table of the safety checks: every one runs over every draft, in this order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sales_agent.content import Finding
from sales_agent.safety.findings import CheckedDraft


@dataclass(frozen=True, slots=True)
class Check:
    """`name` stands in every finding of `run`."""

    name: str
    run: Callable[[CheckedDraft], Iterable[Finding]]


CHECKS: tuple[Check, ...] = ()
