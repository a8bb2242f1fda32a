"""What a rule answers, and how it reads its conditions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """Whether the rule vouches for the draft, and why or why not: a clause that reads after the rule's name."""

    applies: bool
    reason: str


def at_least(conditions: Mapping[str, object], name: str, least: float) -> float | None:
    """A number of the conditions; None where it is missing, no number, or below what the rule can be trusted with."""
    value = conditions.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= least else None
