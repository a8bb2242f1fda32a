"""What worked for similar leads: structured facts only, never another lead's words."""

from dataclasses import dataclass
from enum import StrEnum

from sales_agent.content import CallToAction


class PastOutcome(StrEnum):
    """What came of a past lead, best first."""

    WON = "won"
    MEETING = "meeting"
    REPLIED = "replied"
    OPEN = "open"
    NO_REPLY = "no_reply"
    LOST = "lost"
    OPTED_OUT = "opted_out"


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
    """Similar leads, best first; what worked for them, most successful first."""

    cases: tuple[SimilarCase, ...] = ()
    asset_ids: tuple[str, ...] = ()
    best_call_to_action: CallToAction | None = None
