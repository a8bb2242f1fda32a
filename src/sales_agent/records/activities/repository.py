"""Every query on tasks and notes: one of each a run, whether the CRM has it yet or not."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.kit.storable import storable_text
from sales_agent.records.activities.models import Note, Task


class ActivityRepository:
    """The tasks and notes of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def upsert_task(
        self, run_id: UUID, *, contact_id: UUID, effect_id: UUID, subject: str, due_at: dt.datetime
    ) -> Task:
        """The run's task; the same run again changes its words, never its CRM id."""
        values = {
            "contact_id": contact_id,
            "effect_id": effect_id,
            "subject": storable_text(subject),
            "due_at": due_at,
        }
        rows = await self._session.scalars(
            insert(Task)
            .values(tenant_id=self._tenant_id, id=new_id(), run_id=run_id, **values)
            .on_conflict_do_update(index_elements=["tenant_id", "run_id"], set_=values)
            .returning(Task)
            .execution_options(populate_existing=True)
        )
        return rows.one()

    async def upsert_note(self, run_id: UUID, *, contact_id: UUID, effect_id: UUID, body: str) -> Note:
        """The run's note; the same run again changes its words, never its CRM id."""
        values = {"contact_id": contact_id, "effect_id": effect_id, "body": storable_text(body)}
        rows = await self._session.scalars(
            insert(Note)
            .values(tenant_id=self._tenant_id, id=new_id(), run_id=run_id, **values)
            .on_conflict_do_update(index_elements=["tenant_id", "run_id"], set_=values)
            .returning(Note)
            .execution_options(populate_existing=True)
        )
        return rows.one()

    async def task_of_run(self, run_id: UUID) -> Task | None:
        """The task a run left."""
        return await self._session.scalar(
            sa.select(Task).where(Task.tenant_id == self._tenant_id, Task.run_id == run_id)
        )

    async def note_of_run(self, run_id: UUID) -> Note | None:
        """The note a run left."""
        return await self._session.scalar(
            sa.select(Note).where(Note.tenant_id == self._tenant_id, Note.run_id == run_id)
        )

    async def set_task_crm_id(self, effect_id: UUID, crm_id: str) -> None:
        """Record under which id the CRM has the task that this effect wrote."""
        await self._session.execute(
            sa.update(Task).where(Task.tenant_id == self._tenant_id, Task.effect_id == effect_id).values(crm_id=crm_id)
        )

    async def set_note_crm_id(self, effect_id: UUID, crm_id: str) -> None:
        """Record under which id the CRM has the note that this effect wrote."""
        await self._session.execute(
            sa.update(Note).where(Note.tenant_id == self._tenant_id, Note.effect_id == effect_id).values(crm_id=crm_id)
        )
