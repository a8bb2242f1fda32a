"""What the conditions and the claim of a rule may be set to, so that none vouches for everybody or can never be on."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """From `least` to `most`, both allowed."""

    least: float
    most: float
    is_whole: bool = False

    def objection(self, name: str, value: object) -> str | None:
        """Why the value cannot be, as a sentence about `name`; None where it can."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"{name} must be a number."
        if self.is_whole and value != int(value):
            return f"{name} must be a whole number."
        if not self.least <= value <= self.most:
            return f"{name} must lie between {self.least:g} and {self.most:g}."
        return None


# Below one half a rule says that people mostly disagree with it; above 0.99 it would take 270 decisions without one
# disagreement to show it.
CLAIM: Final = Limit(0.5, 0.99)

# Room between any two rules; zero is the first.
PRIORITY: Final = Limit(0, 1000, is_whole=True)


def objections(conditions: Mapping[str, object], limits: Mapping[str, Limit]) -> Iterator[str]:
    """A sentence for each name that is unknown or missing, and each value that cannot be."""
    for name in sorted(conditions.keys() - limits.keys()):
        yield f"{name} is no condition of this rule; it has {', '.join(sorted(limits))}."
    for name, limit in limits.items():
        objection = limit.objection(name, conditions.get(name))
        if objection is not None:
            yield objection
