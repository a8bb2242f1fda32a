"""Every query on rules, decisions and approved recipients."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.models import ApprovedRecipient, AutoApprovalLog, AutoApprovalRule


class RuleRepository:
    """The rules of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def all(self) -> Sequence[AutoApprovalRule]:
        """Every rule, in the order they are asked."""
        rows = await self._session.scalars(
            sa.select(AutoApprovalRule)
            .where(AutoApprovalRule.tenant_id == self._tenant_id)
            .order_by(AutoApprovalRule.priority, AutoApprovalRule.rule_type)
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def add_missing(self, rules: Sequence[dict[str, object]]) -> frozenset[str]:
        """Insert the rules whose type the tenant does not have; their types."""
        rows = await self._session.scalars(
            insert(AutoApprovalRule)
            .values([{"tenant_id": self._tenant_id, "id": new_id(), **rule} for rule in rules])
            .on_conflict_do_nothing(index_elements=["tenant_id", "rule_type"])
            .returning(AutoApprovalRule.rule_type)
        )
        return frozenset(rows.all())


class DecisionRepository:
    """The decisions of one tenant: added, never changed."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, draft_id: UUID, draft_version: int) -> AutoApprovalLog | None:
        """The decision on a version of a draft."""
        return await self._session.scalar(
            sa.select(AutoApprovalLog)
            .where(AutoApprovalLog.tenant_id == self._tenant_id)
            .where(AutoApprovalLog.draft_id == draft_id, AutoApprovalLog.draft_version == draft_version)
        )

    async def add(self, draft_id: UUID, draft_version: int, **values: object) -> None:
        """Log a decision; a second one on the same version breaks the transaction."""
        await self._session.execute(
            sa.insert(AutoApprovalLog).values(
                tenant_id=self._tenant_id, id=new_id(), draft_id=draft_id, draft_version=draft_version, **values
            )
        )


class RecipientRepository:
    """The approved recipients of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def by_address(self, email_canonical: str) -> ApprovedRecipient | None:
        """The recipient of a canonical address."""
        return await self._session.scalar(
            sa.select(ApprovedRecipient)
            .where(ApprovedRecipient.tenant_id == self._tenant_id)
            .where(ApprovedRecipient.email_canonical == email_canonical)
            .execution_options(populate_existing=True)
        )

    async def count_send(self, *, email: str, email_canonical: str, domain: str, sent_at: dt.datetime) -> None:
        """One more mail went to an address; the first one makes it known."""
        statement = insert(ApprovedRecipient).values(
            tenant_id=self._tenant_id,
            id=new_id(),
            email=email,
            email_canonical=email_canonical,
            domain=domain,
            total_sends=1,
            first_approved_at=sent_at,
            last_sent_at=sent_at,
        )
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "email_canonical"],
                set_={
                    "total_sends": ApprovedRecipient.total_sends + 1,
                    "last_sent_at": sa.func.greatest(ApprovedRecipient.last_sent_at, statement.excluded.last_sent_at),
                },
            )
        )

    async def count_reply(self, email_canonical: str) -> None:
        """One more reply came from a known address."""
        await self._session.execute(
            sa.update(ApprovedRecipient)
            .where(ApprovedRecipient.tenant_id == self._tenant_id)
            .where(ApprovedRecipient.email_canonical == email_canonical)
            .values(total_replies=ApprovedRecipient.total_replies + 1)
        )

    async def page(self, *, limit: int, offset: int) -> tuple[int, Sequence[ApprovedRecipient]]:
        """The count of all, and one page of them, newest first."""
        mine = ApprovedRecipient.tenant_id == self._tenant_id
        total = await self._session.scalar(sa.select(sa.func.count()).select_from(ApprovedRecipient).where(mine))
        rows = await self._session.scalars(
            sa.select(ApprovedRecipient)
            .where(mine)
            .order_by(ApprovedRecipient.first_approved_at.desc(), ApprovedRecipient.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return total or 0, rows.all()

    async def remove(self, recipient_id: UUID) -> str | None:
        """Take a recipient off the list; their address, None where there was none."""
        return await self._session.scalar(
            sa.delete(ApprovedRecipient)
            .where(ApprovedRecipient.tenant_id == self._tenant_id, ApprovedRecipient.id == recipient_id)
            .returning(ApprovedRecipient.email)
        )
