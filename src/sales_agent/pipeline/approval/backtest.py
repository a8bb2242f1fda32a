"""A rule scored against what people decided, from nothing but what was known when they did."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from sales_agent.pipeline.approval.engine import objections_to
from sales_agent.pipeline.approval.inputs import DecisionInputs
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.approval.rules import Rule
from sales_agent.pipeline.approval.wilson import lower_bound

# With fewer, even a rule nobody ever disagreed with stays below the claims that are made.
MIN_DECISIONS: Final = 50


class Exclusion(StrEnum):
    """Why a decision is not scored: nothing was logged that can be read, or what was logged was known only later."""

    NOT_LOGGED = "not_logged"
    UNREADABLE = "unreadable"
    OTHER_DRAFT = "other_draft"
    LOGGED_LATER = "logged_later"
    READ_LATER = "read_later"
    REPLY_LATER = "reply_later"


# Those that would have looked into the future.
LEAKS: Final = frozenset({Exclusion.OTHER_DRAFT, Exclusion.LOGGED_LATER, Exclusion.READ_LATER, Exclusion.REPLY_LATER})


@dataclass(frozen=True, slots=True)
class DecidedVersion:
    """What a person decided about a version, and what had been logged about it before.

    `decided_at` is by the clock of the application, as is `inputs.now`; `recorded_at` and `logged_at` are by that of
    the database. `inputs`: None where they could not be read; `logged_at`: None where nothing was logged.
    """

    draft_id: UUID
    draft_version: int
    kind: OperatorDecisionKind
    reason_code: str | None
    decided_at: dt.datetime
    recorded_at: dt.datetime
    logged_at: dt.datetime | None
    inputs: DecisionInputs | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A draft that the rule would have sent, and a person did not let go as it was."""

    draft_id: UUID
    draft_version: int
    kind: OperatorDecisionKind
    reason_code: str | None


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How a rule stands.

    `scored`: decisions looked at. `matched`: those it would have let go. `agreed`: those of them that a person approved
    unchanged. `bound`: what the true share of agreement is not below, at wilson.LEVEL. `claim`: what the rule says.
    """

    claim: float
    scored: int
    matched: int
    agreed: int
    bound: float
    would_have_sent: tuple[Disagreement, ...] = ()
    excluded: Mapping[Exclusion, int] = field(default_factory=dict[Exclusion, int])

    @property
    def coverage(self) -> float | None:
        """The share of drafts the rule would have let go; None where nothing was decided."""
        return self.matched / self.scored if self.scored else None

    @property
    def agreement(self) -> float | None:
        """The share of those that a person let go unchanged; None where the rule would have let none go."""
        return self.agreed / self.matched if self.matched else None

    @property
    def excluded_leaking(self) -> int:
        """Decisions left out because what was logged with them was known only later."""
        return sum(count for reason, count in self.excluded.items() if reason in LEAKS)

    @property
    def is_small(self) -> bool:
        """Whether there is too little to judge the rule by."""
        return self.matched < MIN_DECISIONS

    @property
    def shortfall(self) -> str | None:
        """What the rule lacks to be on, as a sentence; None where it has earned it."""
        if self.is_small:
            return f"{self.matched} of the {MIN_DECISIONS} decisions that are needed."
        if self.bound < self.claim:
            return f"Agreement is at least {self.bound:.3f} by what people decided, and {self.claim:g} is claimed."
        return None


def score(rule: Rule, conditions: Mapping[str, object], claim: float, decided: Sequence[DecidedVersion]) -> RuleScore:
    """What the rule would have done under these conditions. `decided` holds one decision a version, see `first_of`."""
    excluded: Counter[Exclusion] = Counter()
    would_have_sent: list[Disagreement] = []
    scored = agreed = 0
    for version in decided:
        exclusion, inputs = exclusion_of(version), version.inputs
        if exclusion is not None or inputs is None:
            excluded[exclusion or Exclusion.UNREADABLE] += 1
            continue
        scored += 1
        if not rule.judge(inputs, conditions).applies or any(objections_to(inputs)):
            continue
        if version.kind is OperatorDecisionKind.APPROVE:
            agreed += 1
        else:
            would_have_sent.append(
                Disagreement(version.draft_id, version.draft_version, version.kind, version.reason_code)
            )
    matched = agreed + len(would_have_sent)
    bound = lower_bound(agreed, matched) if matched else 0.0
    return RuleScore(claim, scored, matched, agreed, bound, tuple(would_have_sent), dict(excluded))


def exclusion_of(version: DecidedVersion) -> Exclusion | None:
    """Why nothing of what was logged may be used; None where all of it was known when the person decided."""
    inputs, logged_at = version.inputs, version.logged_at
    if logged_at is None:
        return Exclusion.NOT_LOGGED
    if inputs is None:
        return Exclusion.UNREADABLE
    reply_at = inputs.last_reply_at
    leaks = {
        Exclusion.OTHER_DRAFT: (inputs.draft_id, inputs.draft_version) != (version.draft_id, version.draft_version),
        Exclusion.LOGGED_LATER: logged_at > version.recorded_at,
        Exclusion.READ_LATER: inputs.now > version.decided_at,
        Exclusion.REPLY_LATER: reply_at is not None and reply_at > inputs.now,
    }
    return next((exclusion for exclusion, is_so in leaks.items() if is_so), None)


def first_of(decisions: Iterable[DecidedVersion]) -> Iterator[DecidedVersion]:
    """The first decision on each version, of decisions in the order in which they were made.

    After a person changed a draft its words are theirs: whatever they decide about it then, it was edited.
    """
    seen: set[tuple[UUID, int]] = set()
    edited: set[UUID] = set()
    for decision in decisions:
        key = (decision.draft_id, decision.draft_version)
        if decision.draft_id not in edited and key not in seen:
            yield decision
        seen.add(key)
        if decision.kind is OperatorDecisionKind.EDIT:
            edited.add(decision.draft_id)
