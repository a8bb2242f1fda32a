"""Queries on the log of decisions as people read it."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.pagination import Cursor, Page
from sales_agent.pipeline.approval.models import AutoApprovalLog


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which decisions a page shows; None: any."""

    draft_id: UUID | None = None
    rule_type: str | None = None
    decision: str | None = None


class ApprovalLogRepository:
    """The logged decisions of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def newest_of(self, draft_id: UUID) -> AutoApprovalLog | None:
        """The decision on the latest version of a draft that any was made on."""
        return await self._session.scalar(
            sa.select(AutoApprovalLog)
            .where(AutoApprovalLog.tenant_id == self._tenant_id, AutoApprovalLog.draft_id == draft_id)
            .order_by(AutoApprovalLog.draft_version.desc())
            .limit(1)
        )

    async def page(self, wanted: LogFilter, *, after: Cursor | None, limit: int) -> Page[AutoApprovalLog]:
        """Decisions, newest first."""
        rows = sa.select(AutoApprovalLog).where(AutoApprovalLog.tenant_id == self._tenant_id)
        if wanted.draft_id is not None:
            rows = rows.where(AutoApprovalLog.draft_id == wanted.draft_id)
        if wanted.rule_type is not None:
            rows = rows.where(AutoApprovalLog.rule_type == wanted.rule_type)
        if wanted.decision is not None:
            rows = rows.where(AutoApprovalLog.decision == wanted.decision)
        if after is not None:
            rows = rows.where(sa.tuple_(AutoApprovalLog.created_at, AutoApprovalLog.id) < (after.at, after.id))
        newest = rows.order_by(AutoApprovalLog.created_at.desc(), AutoApprovalLog.id.desc()).limit(limit + 1)
        found = (await self._session.scalars(newest)).all()
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)
