"""Every query on approvals: granted, found where they still fit the draft, voided once."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import Approval
from sales_agent.pipeline.drafting.models import Draft, DraftVersion


class ApprovalRepository:
    """The approvals of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, draft_id: UUID, **values: object) -> Approval:
        """Store an approval; a second one of a draft that was not voided breaks the transaction."""
        approval = Approval(tenant_id=self._tenant_id, id=new_id(), draft_id=draft_id, **values)
        self._session.add(approval)
        await self._session.flush()
        return approval

    async def unvoided(self, draft_id: UUID) -> Approval | None:
        """The approval of a draft that was not taken back, whatever became of the words since."""
        return await self._session.scalar(self._unvoided(draft_id))

    async def fitting(self, draft_id: UUID) -> Approval | None:
        """The approval that was not taken back, if it is of the newest version of the draft, word for word."""
        newest = sa.and_(
            Draft.tenant_id == Approval.tenant_id,
            Draft.id == Approval.draft_id,
            Draft.version == Approval.draft_version,
        )
        words = sa.and_(
            DraftVersion.tenant_id == Approval.tenant_id,
            DraftVersion.draft_id == Approval.draft_id,
            DraftVersion.version == Approval.draft_version,
            DraftVersion.body_hash == Approval.body_hash,
        )
        return await self._session.scalar(self._unvoided(draft_id).join(Draft, newest).join(DraftVersion, words))

    async def void(self, draft_id: UUID, because: str) -> UUID | None:
        """End the approval of a draft; its id, None where none counted."""
        return await self._session.scalar(
            sa.update(Approval)
            .where(Approval.tenant_id == self._tenant_id, Approval.draft_id == draft_id, Approval.voided_at.is_(None))
            .values(voided_at=sa.func.now(), voided_because=because)
            .returning(Approval.id)
            .execution_options(synchronize_session=False)
        )

    def _unvoided(self, draft_id: UUID) -> sa.Select[Approval]:
        return (
            sa.select(Approval)
            .where(Approval.tenant_id == self._tenant_id, Approval.draft_id == draft_id, Approval.voided_at.is_(None))
            .execution_options(populate_existing=True)
        )
