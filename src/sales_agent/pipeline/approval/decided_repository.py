"""Queries on what people decided, beside what had been logged before, and on drafts that nobody had a hand on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.approval.models import AutoApprovalLog, OperatorDecision, RuleObservation
from sales_agent.pipeline.drafting.models import Draft, DraftState

# What is scored for a page that must answer at once; at 50 drafts a day the last hundred days.
MOST_DECISIONS: Final = 5_000


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A person's decision, and the inputs logged for the rules before it; `logged_at` is None where there are none."""

    draft_id: UUID
    draft_version: int
    kind: str
    reason_code: str | None
    decided_at: dt.datetime
    recorded_at: dt.datetime
    logged_at: dt.datetime | None
    inputs: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class SentDrafts:
    """Drafts that really went out, and those of them that a rule let go and no person ever decided about."""

    sent: int
    unattended: int

    @property
    def share(self) -> float | None:
        """The share of drafts sent without a hand on them; None where nothing was sent."""
        return self.unattended / self.sent if self.sent else None


class DecidedRepository:
    """The decisions of one tenant's people."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def decided(self, *, limit: int = MOST_DECISIONS) -> Sequence[DecidedRow]:
        """The newest decisions, oldest of them first."""
        logged = sa.and_(
            AutoApprovalLog.tenant_id == OperatorDecision.tenant_id, AutoApprovalLog.id == OperatorDecision.log_id
        )
        rows = await self._session.execute(
            sa.select(
                OperatorDecision.draft_id,
                OperatorDecision.draft_version,
                OperatorDecision.kind,
                OperatorDecision.reason_code,
                OperatorDecision.decided_at,
                OperatorDecision.created_at,
                AutoApprovalLog.created_at,
                AutoApprovalLog.inputs,
            )
            .outerjoin(AutoApprovalLog, logged)
            .where(OperatorDecision.tenant_id == self._tenant_id)
            .order_by(OperatorDecision.decided_at.desc(), OperatorDecision.id.desc())
            .limit(limit)
        )
        return [DecidedRow(*row) for row in rows.all()][::-1]

    async def sent_drafts(self) -> SentDrafts:
        """How many drafts went out, and how many of them by a rule and without a person's decision.

        What a person sent in the mailbox itself was observed for no rule.
        """
        by_a_rule = sa.exists().where(
            RuleObservation.tenant_id == Draft.tenant_id, RuleObservation.draft_id == Draft.id, RuleObservation.agreed
        )
        by_a_person = sa.exists().where(
            OperatorDecision.tenant_id == Draft.tenant_id, OperatorDecision.draft_id == Draft.id
        )
        found = await self._session.execute(
            sa.select(sa.func.count(), sa.func.count().filter(by_a_rule, ~by_a_person))
            .select_from(Draft)
            .where(Draft.tenant_id == self._tenant_id, Draft.state == DraftState.SENT)
        )
        sent, unattended = found.one()
        return SentDrafts(sent, unattended)
