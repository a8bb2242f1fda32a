"""Every query on audit events and seals."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

_ADD = sa.text("""
    insert into audit_event (tenant_id, id, actor, action, subject_type, subject_id, run_id, draft_id, trace_id, facts,
                             private_encrypted)
    select :tenant, e.id, e.actor, e.action, e.subject_type, e.subject_id, e.run_id, e.draft_id, e.trace_id, e.facts,
           e.private_encrypted
    from jsonb_to_recordset(cast(:rows as jsonb)) as e(
        id uuid, actor text, action text, subject_type text, subject_id uuid, run_id uuid, draft_id uuid,
        trace_id text, facts jsonb, private_encrypted text)""")


class AuditRepository:
    """The audit trail of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert events, one statement for all."""
        await self._session.execute(_ADD, {"tenant": self._tenant_id, "rows": json.dumps(rows, default=str)})
