"""How well a lead fits the ideal customer: a score with its parts, so that a person can see why."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sales_agent.agents.countries import country_code
from sales_agent.agents.reading import Intent


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


# First match wins: an assistant to the CEO is no CEO. What no row knows is somebody at work there: 0.4.
_SENIORITY: Final = (
    (re.compile(r"\b(intern|trainee|student|werkstudent\w*|praktikant\w*|azubi)\b", re.IGNORECASE), 0.0, "in training"),
    (re.compile(r"\b(assistant|assistenz|assistentin|assistent|secretary)\b", re.IGNORECASE), 0.3, "an assistant"),
    (
        re.compile(
            r"\b(chief|c[eiftromps]o|founder|co-founder|owner|president|managing director|vp|vice president|partner"
            r"|geschäftsführer\w*|inhaber\w*|vorstand\w*|gründer\w*)\b",
            re.IGNORECASE,
        ),
        1.0,
        "decides",
    ),
    (re.compile(r"\b(head|director|\w*leiter\w*|\w*leitung)\b", re.IGNORECASE), 0.9, "leads a department"),
    (re.compile(r"\b(manager\w*|lead|principal|senior)\b", re.IGNORECASE), 0.6, "has a say"),
)
_INTENT: Final = {
    Intent.DEMO: 1.0,
    Intent.MEETING: 1.0,
    Intent.PRICE: 1.0,
    Intent.QUESTION: 0.6,
    Intent.UNCLEAR: 0.3,
    Intent.PROBLEM: 0.1,
    Intent.NOT_INTERESTED: 0.0,
}


def _industry(facts: FitFacts, profile: IdealCustomer) -> tuple[float, str]:
    if not profile.industries:
        return 1.0, "every industry is welcome"
    if not facts.industry:
        return 0.0, "industry unknown"
    wanted = {_spelt(name) for name in profile.industries}
    return (1.0, "an industry looked for") if _spelt(facts.industry) in wanted else (0.0, "another industry")


def _spelt(name: str) -> str:
    """HubSpot writes COMPUTER_SOFTWARE, people write Computer Software."""
    return name.strip().lower().replace("_", " ")


def _size(facts: FitFacts, profile: IdealCustomer) -> tuple[float, str]:
    if facts.employees is None or facts.employees < 0:
        return 0.0, "size unknown"
    if facts.employees >= profile.min_employees:
        return 1.0, f"{facts.employees} employees"
    return facts.employees / profile.min_employees, f"{facts.employees} of at least {profile.min_employees} employees"


def _domain(facts: FitFacts, _: IdealCustomer) -> tuple[float, str]:
    return (1.0, "a company's own mail domain") if facts.has_business_domain else (0.0, "a free mailbox")


def _seniority(facts: FitFacts, _: IdealCustomer) -> tuple[float, str]:
    if not facts.job_title.strip():
        return 0.0, "job title unknown"
    return next(
        ((value, why) for pattern, value, why in _SENIORITY if pattern.search(facts.job_title)), (0.4, "works there")
    )


def _country(facts: FitFacts, profile: IdealCustomer) -> tuple[float, str]:
    if not profile.countries:
        return 1.0, "every country is welcome"
    code = country_code(facts.country)
    if not code:
        return 0.0, "country unknown"
    return (1.0, "a country looked for") if code in profile.countries else (0.0, "another country")


def _intent(facts: FitFacts, _: IdealCustomer) -> tuple[float, str]:
    known = {str(intent): value for intent, value in _INTENT.items()}
    if facts.intent not in known:
        return known[Intent.UNCLEAR], "no message"
    return known[facts.intent], f"the message reads as: {facts.intent.replace('_', ' ')}"


Judge = Callable[[FitFacts, IdealCustomer], tuple[float, str]]

# What counts, and how much; the shares add up to 1. Who somebody works for weighs more than what one message says.
PARTS: Final[tuple[tuple[str, float, Judge], ...]] = (
    ("industry", 0.2, _industry),
    ("size", 0.2, _size),
    ("domain", 0.2, _domain),
    ("seniority", 0.2, _seniority),
    ("country", 0.1, _country),
    ("intent", 0.1, _intent),
)


def score_fit(facts: FitFacts, profile: IdealCustomer) -> FitScore:
    """Weighted parts; unknown facts count as nothing, so that an empty lead never looks like a good one."""
    parts: list[FitPart] = []
    for name, weight, judge in PARTS:
        value, why = judge(facts, profile)
        parts.append(FitPart(name, weight, round(value, 3), why))
    return FitScore(round(sum(part.weight * part.value for part in parts), 3), tuple(parts))
