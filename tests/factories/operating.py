"""Operators at their desk: drafts that wait for them, and what they post."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import httpx2
import sqlalchemy as sa

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import Scope
from sales_agent.content import DraftContent, Finding
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.approval.models import Approval, OperatorDecision
from sales_agent.pipeline.drafting.create import SavedDraft
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.queue.models import Job
from tests.factories.drafting import CONTENT, checked_draft, moved

# Under a name that the checks know as the seller's, without which every edited mail would be blocked.
SELLER = {"seller_name": "Mara", "seller_email": "mara@northwind.example", "seller_company": "Northwind"}


@dataclass(frozen=True, slots=True)
class Operators:
    """The client, and two people of the tenant: headers of each."""

    client: httpx2.AsyncClient
    mara: Mapping[str, str]
    ole: Mapping[str, str]

    async def post(
        self, draft_id: UUID, action: str, body: object = None, *, by: str = "mara", **headers: str
    ) -> httpx2.Response:
        """What an operator posts to a door of a draft; headers by their names with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(
            f"/api/operator/drafts/{draft_id}/{action}", json=body, headers={**getattr(self, by), **named}
        )

    async def shown(self, draft_id: UUID) -> dict[str, object]:
        """The draft as GET /api/drafts/{id} shows it."""
        return (await self.client.get(f"/api/drafts/{draft_id}", headers=self.mara)).json()


async def key_of(database: Database, tenant_id: UUID, name: str, scope: Scope = Scope.OPERATE) -> dict[str, str]:
    """The headers of somebody of this name."""
    async with database.transaction(tenant_id) as session:
        _, plain = await create_api_key(session, tenant_id, name=name, scopes={scope})
    return {"Authorization": f"Bearer {plain}"}


async def waiting_draft(database: Database, tenant_id: UUID, *findings: Finding, **changes: object) -> SavedDraft:
    """A checked draft that waits for a person."""
    draft = await checked_draft(database, tenant_id, *findings, **changes)
    await moved(database, tenant_id, draft.draft_id, DraftState.NEEDS_REVIEW)
    return draft


def in_words(body_change: tuple[str, str], content: DraftContent = CONTENT) -> str:
    """The body with one piece typed over."""
    return content.body().replace(*body_change)


async def approvals_of(database: Database, tenant_id: UUID, draft_id: UUID) -> list[Approval]:
    """Every approval a draft ever had, oldest first."""
    async with database.transaction(tenant_id) as session:
        found = await session.scalars(sa.select(Approval).where(Approval.draft_id == draft_id).order_by(Approval.id))
        return list(found)


async def decisions_of(database: Database, tenant_id: UUID, draft_id: UUID) -> list[OperatorDecision]:
    """What people decided about a draft, oldest first."""
    chosen = sa.select(OperatorDecision).where(OperatorDecision.draft_id == draft_id).order_by(OperatorDecision.id)
    async with database.transaction(tenant_id) as session:
        return list(await session.scalars(chosen))


async def events_of(database: Database, tenant_id: UUID, draft_id: UUID) -> list[AuditEvent]:
    """The audit trail of a draft."""
    chosen = sa.select(AuditEvent).where(AuditEvent.draft_id == draft_id).order_by(AuditEvent.id)
    async with database.transaction(tenant_id) as session:
        return list(await session.scalars(chosen))


async def jobs_of(database: Database, tenant_id: UUID, draft_id: UUID) -> list[Job]:
    """The jobs about a draft, oldest first."""
    async with database.transaction(tenant_id) as session:
        return list(await session.scalars(sa.select(Job).where(Job.subject_id == draft_id).order_by(Job.id)))


async def stored_draft(database: Database, tenant_id: UUID, draft_id: UUID) -> Draft:
    """A draft as it lies there."""
    async with database.transaction(tenant_id) as session:
        found = await session.get(Draft, (tenant_id, draft_id))
    assert found is not None
    return found
