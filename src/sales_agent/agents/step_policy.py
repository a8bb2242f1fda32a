"""The policy of the next step: one ordered table of situations, each with what may be asked for in it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.intents import asks_to_stop, questions_in, read_intent
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.reading import Intent, ThreadReading
from sales_agent.content import CallToAction

# An absence note older than this says nothing about today.
_AWAY_FOR: Final = dt.timedelta(days=14)
_STRONG_FIT: Final = 0.7
_GOOD_ASSET_SCORE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Situation:
    """What the policy looks at. `wish`: from the form's message, else from the mail history."""

    wish: Intent
    wants_no_mail: bool
    is_away: bool
    is_customer: bool
    has_open_question: bool
    has_open_deal: bool
    has_good_file: bool
    is_strong_fit: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One situation. `preferred` is done without a model; `may_meet`: times may be proposed."""

    name: str
    applies: Callable[[Situation], bool]
    preferred: CallToAction
    alternatives: tuple[CallToAction, ...]
    reason: str
    may_meet: bool = True
    may_offer_file: bool = True

    @property
    def allowed(self) -> tuple[CallToAction, ...]:
        """All a model may choose from, the preferred one first."""
        return (self.preferred, *self.alternatives)


_ANSWER, _DEMO, _DISCOVERY, _MEETING, _NONE, _PROPOSAL = (
    CallToAction.ANSWER,
    CallToAction.DEMO,
    CallToAction.DISCOVERY,
    CallToAction.MEETING,
    CallToAction.NONE,
    CallToAction.PROPOSAL,
)

# First row that applies counts: respect before service, service before what they ask for, that before what we want.
POLICY: Final = (
    Row(
        "wants_no_mail",
        lambda s: s.wants_no_mail,
        _NONE,
        (),
        "They asked not to be written to.",
        may_meet=False,
        may_offer_file=False,
    ),
    Row(
        "not_interested",
        lambda s: s.wish is Intent.NOT_INTERESTED,
        _NONE,
        (),
        "They said they are not interested.",
        may_meet=False,
        may_offer_file=False,
    ),
    Row(
        "away",
        lambda s: s.is_away,
        _ANSWER,
        (_NONE,),
        "Their mailbox says they are away: no times are proposed.",
        may_meet=False,
    ),
    Row(
        "problem",
        lambda s: s.wish is Intent.PROBLEM,
        _ANSWER,
        (_MEETING,),
        "They report a problem: it comes before any sale.",
        may_offer_file=False,
    ),
    Row(
        "customer",
        lambda s: s.is_customer,
        _ANSWER,
        (_MEETING,),
        "They are a customer already: no pitch.",
    ),
    Row("asks_for_demo", lambda s: s.wish is Intent.DEMO, _DEMO, (_MEETING,), "They ask for a demo."),
    Row(
        "asks_price_with_deal",
        lambda s: s.wish is Intent.PRICE and s.has_open_deal,
        _PROPOSAL,
        (_MEETING,),
        "They ask for a price and a deal is open.",
    ),
    Row(
        "asks_price",
        lambda s: s.wish is Intent.PRICE,
        _DISCOVERY,
        (_PROPOSAL, _MEETING),
        "They ask for a price, and what they need is not known yet.",
    ),
    Row("asks_for_meeting", lambda s: s.wish is Intent.MEETING, _MEETING, (_DISCOVERY,), "They ask to talk."),
    Row(
        "question_with_file",
        lambda s: s.has_open_question and s.has_good_file,
        _ANSWER,
        (_MEETING, _DISCOVERY),
        "They asked something that a file answers.",
    ),
    Row(
        "question",
        lambda s: s.has_open_question,
        _MEETING,
        (_ANSWER, _DISCOVERY),
        "They asked something that is best answered in person.",
    ),
    Row("strong_fit", lambda s: s.is_strong_fit, _MEETING, (_DISCOVERY,), "They fit the ideal customer well."),
    Row(
        "otherwise",
        lambda _: True,
        _DISCOVERY,
        (_MEETING, _ANSWER),
        "Too little is known for more than a first talk.",
    ),
)


def row_for(situation: Situation) -> Row:
    """The first row that applies; the last one always does."""
    return next(row for row in POLICY if row.applies(situation))


def situation_of(
    lead: LeadFacts, reading: ThreadReading | None, assets: RankedAssets | None, now: dt.datetime, *, fit_score: float
) -> Situation:
    """What is true of this lead at `now`."""
    newest = reading.newest.text if reading and reading.newest and reading.newest.from_lead else ""
    said = read_intent(lead.message) if lead.message else Intent.UNCLEAR
    in_mail = reading.intent if reading else Intent.UNCLEAR
    automatic_at = reading.automatic_at if reading else None
    return Situation(
        wish=in_mail if said is Intent.UNCLEAR else said,
        wants_no_mail=lead.has_opted_out or asks_to_stop(lead.message) or asks_to_stop(newest),
        is_away=automatic_at is not None and now - automatic_at <= _AWAY_FOR,
        is_customer=lead.is_customer,
        has_open_question=bool(questions_in(lead.message)) or bool(reading and reading.open_questions),
        has_open_deal=lead.open_deal is not None,
        has_good_file=bool(assets and assets.best and assets.best[0].score >= _GOOD_ASSET_SCORE),
        is_strong_fit=fit_score >= _STRONG_FIT,
    )
