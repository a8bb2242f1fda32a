"""Rules, how they stand, their backtests and the log of their decisions, as the API shows them."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt

from sales_agent.kit.bodies import Body
from sales_agent.pipeline.approval.backtest import MIN_DECISIONS
from sales_agent.pipeline.approval.doubt import LIMIT
from sales_agent.pipeline.approval.engine import DecisionKind
from sales_agent.pipeline.approval.inputs import RuleMode
from sales_agent.pipeline.approval.models import OperatorDecisionKind, RuleMoveCause
from sales_agent.pipeline.approval.wilson import LEVEL


class ShownSentDrafts(BaseModel):
    """The one figure: drafts sent without a hand on them."""

    sent: int = Field(description="Drafts that really went out.")
    unattended: int = Field(description="Those of them that a rule let go and no person decided about.")
    share: float | None = Field(description="unattended / sent; null where nothing was sent.")


class ShownStanding(BaseModel):
    """What the present version has earned, by what people decided about drafts it would have let go."""

    decisions: int = Field(description="Decisions of people on drafts that the rule would have let go.")
    needed: int = Field(default=MIN_DECISIONS, description="Decisions below which no rule is put on.")
    agreed: int = Field(description="Those that were approved unchanged.")
    agreement: float | None = Field(description="agreed / decisions.")
    bound: float = Field(description="Wilson's lower bound of the true agreement, one-sided.")
    level: float = Field(default=LEVEL, description="How sure the bound is.")
    claim: float = Field(description="The confidence that the bound must reach.")
    may_be_on: bool
    lacks: str | None = Field(description="What it lacks to be on.")
    counts_since: dt.datetime | None = Field(
        description="Only decisions since then count, because the version was made then; null: all."
    )


class ShownWatch(BaseModel):
    """How the rule does since it was last put on."""

    put_on_at: dt.datetime | None
    is_overridden: bool = Field(description="Whether an owner answers for it, since it had not earned it.")
    observed: int = Field(description="Drafts it let go of which the outcome is known.")
    disagreed: int = Field(description="Those that a person withdrew, changed or rejected.")
    doubt: float = Field(description="1 at the start; at `limit` the rule goes back to shadow by itself.")
    limit: float = LIMIT
    demoted_at: dt.datetime | None = Field(
        description="When it went back to shadow by itself; null unless it did last."
    )


class ShownMove(BaseModel):
    """The last change of a rule's mode."""

    model_config = ConfigDict(from_attributes=True)

    before: RuleMode
    after: RuleMode
    cause: RuleMoveCause
    reason: str
    actor: str
    created_at: dt.datetime


class ShownRule(BaseModel):
    """One rule as this tenant runs it."""

    id: UUID
    rule_type: str
    name: str
    description: str
    conditions: dict[str, object]
    confidence: float = Field(description="What the rule claims: the share of its drafts a person would approve.")
    enabled: bool = Field(description="Whether the rule decides. In shadow it only logs what it would do.")
    mode: RuleMode
    priority: int = Field(description="The lower number is asked first.")
    version: int
    created_by: str
    created_at: dt.datetime
    standing: ShownStanding | None = Field(description="null for a type of rule that nobody knows any more.")
    watch: ShownWatch
    last_move: ShownMove | None


class RuleList(BaseModel):
    """Every rule, in the order they are asked."""

    total_count: int
    rules: list[ShownRule]
    sent_without_a_hand: ShownSentDrafts


class RulesSeeded(BaseModel):
    """What seeding did."""

    status: str = "success"
    message: str
    seeded: list[str] = Field(description="Types of the rules that are new.")


class EnableRule(Body):
    """How far a rule is to go."""

    override_reason: str | None = Field(
        default=None,
        min_length=3,
        max_length=1000,
        description="An owner's: puts the rule on though it has not earned it.",
    )
    version: int | None = Field(default=None, description="The version that was read; another one by now is refused.")


class DisableRule(Body):
    """Which version is meant."""

    version: int | None = Field(default=None, description="The version that was read; another one by now is refused.")


class ChangeRule(Body):
    """What is to be different in the next version; what is left out stays."""

    version: int = Field(description="The version that was read; another one by now is refused.")
    conditions: dict[str, StrictInt | StrictFloat] | None = Field(
        default=None, description="Those that are named change."
    )
    confidence: float | None = None
    priority: int | None = None


class RuleMoved(BaseModel):
    """The mode a rule is in now, and why."""

    status: str = Field(description="enabled, shadow or disabled.")
    rule_id: UUID
    rule_type: str
    version: int
    mode: RuleMode
    message: str


class BacktestRequest(Body):
    """A rule to be scored, as it is or as it might be."""

    rule_id: UUID
    conditions: dict[str, StrictInt | StrictFloat] | None = Field(
        default=None, description="Conditions to try; those left out stay."
    )
    confidence: float | None = Field(default=None, description="A claim to try.")


class ShownDisagreement(BaseModel):
    """A draft that the rule would have sent, and a person did not let go as it was."""

    model_config = ConfigDict(from_attributes=True)

    draft_id: UUID
    draft_version: int
    kind: OperatorDecisionKind
    reason_code: str | None


class RuleBacktest(BaseModel):
    """A rule scored over every recorded decision, from nothing but what was known when it was made."""

    rule_id: UUID
    rule_type: str
    version: int
    is_candidate: bool = Field(description="Whether the conditions or the claim are not those of the version.")
    conditions: dict[str, object]
    claim: float
    scored: int = Field(description="Decisions looked at.")
    matched: int = Field(description="Those on drafts that the rule would have let go.")
    agreed: int
    coverage: float | None = Field(description="matched / scored.")
    agreement: float | None = Field(description="agreed / matched.")
    bound: float = Field(description="Wilson's lower bound of the true agreement, one-sided.")
    level: float = LEVEL
    bound_reaches_claim: bool
    is_small_sample: bool
    warning: str | None
    excluded: dict[str, int] = Field(description="Decisions that were not scored, by reason.")
    excluded_leaking: int = Field(description="Those of them whose inputs were known only after the decision.")
    would_have_sent: list[ShownDisagreement]


class BacktestList(BaseModel):
    """Every rule scored as it is."""

    items: list[RuleBacktest]
    sent_without_a_hand: ShownSentDrafts


class LoggedDecision(BaseModel):
    """One decision of the rules with all it was based on."""

    id: UUID
    draft_id: UUID
    draft_version: int
    decision: DecisionKind
    rule_type: str | None
    rule_version: int | None
    would_approve: bool
    confidence: float | None
    reasons: list[str]
    inputs: dict[str, object]
    created_at: dt.datetime
    reevaluates_to_the_same: bool = Field(description="Whether the inputs lead to this decision again, to the letter.")


class ApprovalLog(BaseModel):
    """One page of logged decisions, newest first."""

    items: list[LoggedDecision]
    next_cursor: str | None
