"""Every query on requests that were answered under a key."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import IdempotentRequest


class IdempotencyRepository:
    """The answered requests of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def begin(self, key: str, *, route: str, digest: str) -> IdempotentRequest | None:
        """Take the key for this transaction: None, or the request that has it. Waits for one that is under way."""
        statement = insert(IdempotentRequest).values(
            tenant_id=self._tenant_id, id=new_id(), key=key, route=route, digest=digest
        )
        taken = await self._session.scalar(
            statement.on_conflict_do_nothing(index_elements=["tenant_id", "key"]).returning(IdempotentRequest.id)
        )
        if taken is not None:
            return None
        return await self._session.scalar(
            sa.select(IdempotentRequest)
            .where(IdempotentRequest.tenant_id == self._tenant_id, IdempotentRequest.key == key)
            .execution_options(populate_existing=True)
        )

    async def answer(self, key: str, status: int, response: dict[str, object]) -> None:
        """Keep what was answered."""
        await self._session.execute(
            sa.update(IdempotentRequest)
            .where(IdempotentRequest.tenant_id == self._tenant_id, IdempotentRequest.key == key)
            .values(status=status, response=response),
            execution_options={"synchronize_session": False},
        )

    async def forget(self, older_than: dt.timedelta) -> int:
        """Remove the answers that are older, by the database's clock; how many."""
        gone = await self._session.execute(
            sa.delete(IdempotentRequest)
            .where(IdempotentRequest.tenant_id == self._tenant_id)
            .where(IdempotentRequest.created_at < sa.func.now() - older_than)
            .returning(IdempotentRequest.id)
        )
        return len(gone.all())
