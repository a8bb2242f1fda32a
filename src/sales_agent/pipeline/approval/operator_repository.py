"""Every query on what people decided, and on the drafts that wait for them."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import OperatorDecision, OperatorDecisionKind
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.records.leads.models import Company, Contact


class OperatorDecisionRepository:
    """The decisions of one tenant's people: added, never changed."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(  # one parameter a column
        self,
        draft_id: UUID,
        draft_version: int,
        *,
        kind: OperatorDecisionKind,
        decided_at: dt.datetime,
        actor: str,
        reason_code: str | None = None,
        note: str | None = None,
        log_id: UUID | None = None,
    ) -> None:
        """Keep a decision."""
        await self._session.execute(
            sa.insert(OperatorDecision).values(
                tenant_id=self._tenant_id,
                id=new_id(),
                draft_id=draft_id,
                draft_version=draft_version,
                kind=kind,
                decided_at=decided_at,
                actor=actor,
                reason_code=reason_code,
                note=note,
                log_id=log_id,
            )
        )

    async def of_draft(self, draft_id: UUID) -> Sequence[OperatorDecision]:
        """What people decided about a draft, newest first."""
        rows = await self._session.scalars(
            sa.select(OperatorDecision)
            .where(OperatorDecision.tenant_id == self._tenant_id, OperatorDecision.draft_id == draft_id)
            .order_by(OperatorDecision.decided_at.desc(), OperatorDecision.id.desc())
        )
        return rows.all()


class DraftAtDesk(NamedTuple):
    """A draft with its newest words and the company of its contact, "" where there is none."""

    draft: Draft
    words: DraftVersion
    company_name: str


class DeskRepository:
    """The drafts of one tenant as its operators see them."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, draft_id: UUID) -> DraftAtDesk | None:
        """One draft."""
        found = await self._session.execute(self._drafts().where(Draft.id == draft_id))
        row = found.one_or_none()
        return None if row is None else DraftAtDesk(*row)

    async def waiting(self, limit: int) -> Sequence[DraftAtDesk]:
        """Drafts that wait for a person, the one that waits longest first."""
        found = await self._session.execute(
            self._drafts()
            .where(Draft.state == DraftState.NEEDS_REVIEW)
            .order_by(Draft.created_at, Draft.id)
            .limit(limit)
        )
        return [DraftAtDesk(*row) for row in found]

    def _drafts(self) -> sa.Select[Draft, DraftVersion, str]:
        newest = sa.and_(
            DraftVersion.tenant_id == Draft.tenant_id,
            DraftVersion.draft_id == Draft.id,
            DraftVersion.version == Draft.version,
        )
        contact = sa.and_(Contact.tenant_id == Draft.tenant_id, Contact.id == Draft.contact_id)
        company = sa.and_(Company.tenant_id == Draft.tenant_id, Company.id == Contact.company_id)
        return (
            sa.select(Draft, DraftVersion, sa.func.coalesce(Company.name, ""))
            .join(DraftVersion, newest)
            .join(Contact, contact)
            .outerjoin(Company, company)
            .where(Draft.tenant_id == self._tenant_id)
            .execution_options(populate_existing=True)
        )
