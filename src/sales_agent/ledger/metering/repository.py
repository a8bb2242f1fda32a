"""Every query on usage: what each call to a model cost in tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.ledger.metering.models import UsageEvent


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; `purpose` is the agent that made it."""

    purpose: str
    model: str
    input_tokens: int
    output_tokens: int
    run_id: UUID | None = None


class UsageRepository:
    """The usage of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def record(self, calls: Sequence[Usage]) -> None:
        """Note the calls in one statement."""
        if not calls:
            return
        await self._session.execute(
            sa.insert(UsageEvent),
            [
                {
                    "tenant_id": self._tenant_id,
                    "id": new_id(),
                    "run_id": call.run_id,
                    "purpose": call.purpose,
                    "model": call.model,
                    "input_tokens": call.input_tokens,
                    "output_tokens": call.output_tokens,
                }
                for call in calls
            ],
        )

    async def of_run(self, run_id: UUID) -> Sequence[Usage]:
        """The calls of a run, in no order."""
        rows = await self._session.scalars(
            sa.select(UsageEvent).where(UsageEvent.tenant_id == self._tenant_id, UsageEvent.run_id == run_id)
        )
        return [Usage(row.purpose, row.model, row.input_tokens, row.output_tokens, row.run_id) for row in rows]
