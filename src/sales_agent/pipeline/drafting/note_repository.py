"""Every query on the notes about drafts: added and read, never changed."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.drafting.models import DraftNote

# More than anybody reads about one mail.
_MOST_NOTES = 200


class NoteRepository:
    """The notes of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, draft_id: UUID, *, author: str, text: str) -> UUID:
        """Keep a note; its id."""
        note = DraftNote(tenant_id=self._tenant_id, id=new_id(), draft_id=draft_id, author=author, text=text)
        self._session.add(note)
        await self._session.flush()
        return note.id

    async def of_draft(self, draft_id: UUID) -> Sequence[DraftNote]:
        """The newest notes about a draft, newest first."""
        rows = await self._session.scalars(
            sa.select(DraftNote)
            .where(DraftNote.tenant_id == self._tenant_id, DraftNote.draft_id == draft_id)
            .order_by(DraftNote.created_at.desc(), DraftNote.id.desc())
            .limit(_MOST_NOTES)
        )
        return rows.all()
