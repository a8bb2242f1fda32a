"""What worked for similar leads: structured facts only, never another lead's words."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sales_agent.agents.base import Agent, require
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.content import CallToAction

# Beyond these a lead is not alike enough to learn from, or adds nothing.
_LEAST_SIMILARITY: Final = 0.2
_MOST_CASES: Final = 5
_MOST_SIMILARITY: Final = 1.001
# A file id as providers make them: a sentence smuggled into this field is none.
_FILE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
# What is embedded is what somebody wants and who they are; more text only blurs it.
_LONGEST_TEXT: Final = 2_000
_DESCRIBING: Final = ("jobtitle", "industry", "country", "state")


class PastOutcome(StrEnum):
    """What came of a past lead, best first."""

    WON = "won"
    MEETING = "meeting"
    REPLIED = "replied"
    OPEN = "open"
    NO_REPLY = "no_reply"
    LOST = "lost"
    OPTED_OUT = "opted_out"


# How much an outcome speaks for doing the same again.
_WORTH: Final = {PastOutcome.WON: 1.0, PastOutcome.MEETING: 0.8, PastOutcome.REPLIED: 0.5}


@dataclass(frozen=True, slots=True)
class PastCase:
    """A past lead as the store holds it; values are checked before they are used. `similarity`: cosine, -1 to 1."""

    call_to_action: str
    outcome: str
    similarity: float
    asset_id: str = ""


@dataclass(frozen=True, slots=True)
class RecallSimilar:
    """Candidates of this tenant, in any order."""

    cases: tuple[PastCase, ...]


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A past lead that may be used."""

    call_to_action: CallToAction
    outcome: PastOutcome
    similarity: float
    asset_id: str | None = None


@dataclass(frozen=True, slots=True)
class SimilarReading:
    """Similar leads, most similar first; what worked for them, most successful first."""

    cases: tuple[SimilarCase, ...] = ()
    asset_ids: tuple[str, ...] = ()
    best_call_to_action: CallToAction | None = None


def memory_text(lead: LeadFacts) -> str:
    """What is embedded to find leads like this one: the wish and the kind of company, neither name nor address."""
    company = (lead.company.get("industry", ""), lead.company.get("numberofemployees", ""))
    parts = (*(lead.known(name) for name in _DESCRIBING), *company, lead.message)
    return "\n".join(part for part in parts if part)[:_LONGEST_TEXT]


class LongMemory(Agent[RecallSimilar, SimilarReading]):
    """Keeps what is of the right kind, and adds up what it was good for."""

    def validate_input(self, request: RecallSimilar) -> None:
        """Similarities are cosines, give or take the last bits of a float."""
        require(
            holds=all(abs(case.similarity) <= _MOST_SIMILARITY for case in request.cases),
            otherwise="a similarity is no cosine",
        )

    async def _think(self, request: RecallSimilar) -> SimilarReading:
        usable = [case for case in map(_structured, request.cases) if case is not None]
        usable.sort(key=lambda case: -case.similarity)
        cases = tuple(case for case in usable if case.similarity >= _LEAST_SIMILARITY)[:_MOST_CASES]
        by_asset: dict[str, float] = {}
        by_call: dict[CallToAction, float] = {}
        for case in cases:
            worth = _WORTH.get(case.outcome, 0.0) * case.similarity
            if worth:
                by_call[case.call_to_action] = by_call.get(case.call_to_action, 0.0) + worth
            if worth and case.asset_id:
                by_asset[case.asset_id] = by_asset.get(case.asset_id, 0.0) + worth
        best = max(by_call, key=lambda call: by_call[call], default=None)
        return SimilarReading(cases, tuple(sorted(by_asset, key=lambda asset: (-by_asset[asset], asset))), best)


def _structured(case: PastCase) -> SimilarCase | None:
    """The case if every value is of its closed set; anything else is not a fact but text, and is dropped."""
    try:
        call, outcome = CallToAction(case.call_to_action), PastOutcome(case.outcome)
    except ValueError:
        return None
    asset_id = case.asset_id if _FILE_ID.fullmatch(case.asset_id) else None
    return SimilarCase(call, outcome, case.similarity, asset_id)
