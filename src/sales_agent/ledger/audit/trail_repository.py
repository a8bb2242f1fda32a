"""The queries of those who read the audit trail: newest first, by whom, what and about what."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.pagination import Cursor, Page
from sales_agent.ledger.audit.models import AuditEvent, AuditSeal


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which events: all that agree with every field given. `action` may end in `.*` (`draft.*`)."""

    actor: str | None = None
    action: str | None = None
    subject_id: UUID | None = None
    run_id: UUID | None = None
    draft_id: UUID | None = None


class AuditTrailRepository:
    """The trail of one tenant, for reading."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def page(self, wanted: TrailFilter, *, after: Cursor | None, limit: int) -> Page[AuditEvent]:
        """Events as they happened, newest first; the cursor is the last one seen."""
        matching = sa.select(AuditEvent).where(*self._conditions(wanted))
        if after is not None:
            matching = matching.where(sa.tuple_(AuditEvent.at, AuditEvent.id) < (after.at, after.id))
        rows = await self._session.scalars(
            matching.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit + 1)
        )
        found = rows.all()
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], Cursor(last.at, last.id).encode() if last is not None else None)

    async def sequences(self, event_ids: Sequence[UUID]) -> dict[UUID, int]:
        """The places of these events in the chain; those not sealed yet are missing."""
        rows = await self._session.execute(
            sa.select(AuditSeal.id, AuditSeal.sequence).where(
                AuditSeal.tenant_id == self._tenant_id, AuditSeal.id.in_(event_ids)
            )
        )
        return {row.id: row.sequence for row in rows}

    def _conditions(self, wanted: TrailFilter) -> list[sa.ColumnElement[bool]]:
        conditions = [AuditEvent.tenant_id == self._tenant_id]
        if wanted.action is not None:
            is_family = wanted.action.endswith(".*")
            family = AuditEvent.action.startswith(wanted.action.removesuffix("*"), autoescape=True)
            conditions.append(family if is_family else AuditEvent.action == wanted.action)
        exact = {
            AuditEvent.actor: wanted.actor,
            AuditEvent.subject_id: wanted.subject_id,
            AuditEvent.run_id: wanted.run_id,
            AuditEvent.draft_id: wanted.draft_id,
        }
        return [*conditions, *(column == value for column, value in exact.items() if value is not None)]
