"""How well a lead fits the ideal customer: a score with its parts, so that a person can see why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdealCustomer:
    """Whom the seller looks for. Empty sets: any. `countries`: ISO codes."""

    industries: frozenset[str] = frozenset()
    min_employees: int = 20
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FitFacts:
    """What is known of a lead; unknown values are empty. `intent`: a value of agents.reading.Intent, or empty."""

    industry: str = ""
    employees: int | None = None
    has_business_domain: bool = False
    job_title: str = ""
    country: str = ""
    intent: str = ""


@dataclass(frozen=True, slots=True)
class FitPart:
    """One part of the score. `weight` is its share of 1; `value`: 0 to 1."""

    name: str
    weight: float
    value: float
    why: str


@dataclass(frozen=True, slots=True)
class FitScore:
    """0 to 1, and the parts it is made of."""

    score: float
    parts: tuple[FitPart, ...]
