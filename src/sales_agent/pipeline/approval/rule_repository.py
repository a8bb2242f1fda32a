"""Queries on how rules came to be what they are: their versions, their moves, and what became of their drafts."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import (
    AutoApprovalRule,
    AutoApprovalRuleMove,
    AutoApprovalRuleVersion,
    RuleObservation,
)


class RuleVersionRepository:
    """The rules of one tenant, to be changed, and every version they have had."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def locked(self, rule_id: UUID) -> AutoApprovalRule | None:
        """A rule, locked until the transaction ends."""
        return await self._locked(AutoApprovalRule.id == rule_id)

    async def locked_type(self, rule_type: str) -> AutoApprovalRule | None:
        """The rule of a type, locked until the transaction ends."""
        return await self._locked(AutoApprovalRule.rule_type == rule_type)

    async def change(self, rule_id: UUID, **values: object) -> None:
        """Change columns of a rule."""
        await self._session.execute(
            sa.update(AutoApprovalRule)
            .where(AutoApprovalRule.tenant_id == self._tenant_id, AutoApprovalRule.id == rule_id)
            .values(**values),
            # The row in hand tells how things stood before.
            execution_options={"synchronize_session": False},
        )

    async def add(self, versions: Sequence[dict[str, object]]) -> None:
        """Keep versions; one that is kept already stays as it is."""
        if not versions:
            return
        rows = [{"tenant_id": self._tenant_id, "id": new_id(), **version} for version in versions]
        await self._session.execute(
            insert(AutoApprovalRuleVersion)
            .values(rows)
            .on_conflict_do_nothing(index_elements=["tenant_id", "rule_type", "version"])
        )

    async def made_at(self, rule_type: str, version: int) -> dt.datetime | None:
        """When a version was made, by the database's clock."""
        return await self._session.scalar(
            sa.select(AutoApprovalRuleVersion.created_at)
            .where(AutoApprovalRuleVersion.tenant_id == self._tenant_id)
            .where(AutoApprovalRuleVersion.rule_type == rule_type, AutoApprovalRuleVersion.version == version)
        )

    async def _locked(self, which: sa.ColumnElement[bool]) -> AutoApprovalRule | None:
        return await self._session.scalar(
            sa.select(AutoApprovalRule)
            .where(AutoApprovalRule.tenant_id == self._tenant_id, which)
            .with_for_update()
            .execution_options(populate_existing=True)
        )


class RuleMoveRepository:
    """How the rules of one tenant went from mode to mode: added, never changed."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, **values: object) -> UUID:
        """Keep a move; its id."""
        move_id = new_id()
        await self._session.execute(
            sa.insert(AutoApprovalRuleMove).values(tenant_id=self._tenant_id, id=move_id, **values)
        )
        return move_id

    async def newest(self, rule_type: str, *, after: str | None = None) -> AutoApprovalRuleMove | None:
        """The last move of a rule, or its last one into the mode `after`."""
        moves = sa.select(AutoApprovalRuleMove).where(
            AutoApprovalRuleMove.tenant_id == self._tenant_id, AutoApprovalRuleMove.rule_type == rule_type
        )
        if after is not None:
            moves = moves.where(AutoApprovalRuleMove.after == after)
        newest = moves.order_by(AutoApprovalRuleMove.created_at.desc(), AutoApprovalRuleMove.id.desc()).limit(1)
        return await self._session.scalar(newest)


class ObservationRepository:
    """What became of drafts that one tenant's rules let go: added, never changed."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, draft_id: UUID, **values: object) -> bool:
        """Keep what became of a draft; False where that is known already."""
        added = await self._session.scalar(
            insert(RuleObservation)
            .values(tenant_id=self._tenant_id, id=new_id(), draft_id=draft_id, **values)
            .on_conflict_do_nothing(index_elements=["tenant_id", "draft_id"])
            .returning(RuleObservation.id)
        )
        return added is not None

    async def outcomes(self, rule_type: str, rule_version: int, move_id: UUID | None) -> Sequence[bool]:
        """Whether people agreed, draft by draft, oldest first, since that move had put that version on."""
        rows = await self._session.scalars(
            sa.select(RuleObservation.agreed)
            .where(RuleObservation.tenant_id == self._tenant_id)
            .where(RuleObservation.rule_type == rule_type, RuleObservation.rule_version == rule_version)
            .where(RuleObservation.move_id.is_not_distinct_from(move_id))
            .order_by(RuleObservation.created_at, RuleObservation.id)
        )
        return rows.all()
