"""The doors of the kill switch, and what can be seen of a stop in the tables."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import sqlalchemy as sa

from sales_agent.access.auth.password import hash_password
from sales_agent.access.auth.sessions import open_session
from sales_agent.controls.hold_reasons import STOPPED, hold_reason
from sales_agent.controls.models import InstallationEvent
from sales_agent.controls.settings import Switches
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.models import AuditEvent
from sales_agent.pipeline.drafting.models import Draft
from tests.factories.access import make_user
from tests.factories.pipeline import make_draft
from tests.factories.records import make_contact
from tests.factories.store import store

PASSWORD = "a-password-nobody-guesses"
STOP, RESUME, STATUS = (f"/api/admin/emergency-{what}" for what in ("stop", "resume", "status"))
BARE = {"admin_password": PASSWORD, "reason": "wrong price list"}


async def is_stopped(database: Database, tenant_id: UUID) -> bool:
    async with database.transaction(tenant_id) as session:
        return await hold_reason(session, tenant_id, Switches(), None) == STOPPED


async def states(database: Database, tenant_id: UUID) -> Sequence[str]:
    async with database.transaction(tenant_id) as session:
        return (await session.scalars(sa.select(Draft.state).order_by(Draft.state))).all()


async def events(database: Database) -> Sequence[tuple[str, str]]:
    async with database.transaction() as session:
        rows = await session.scalars(sa.select(InstallationEvent).order_by(InstallationEvent.at))
        return [(row.action, row.actor) for row in rows]


async def actions(database: Database, tenant_id: UUID) -> Sequence[str]:
    async with database.transaction(tenant_id) as session:
        return (await session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.at))).all()


async def queue_two(database: Database, tenant_id: UUID) -> None:
    contact = make_contact(tenant_id)
    drafts = [make_draft(tenant_id, contact.id, state=state) for state in ("queued", "queued", "needs_review")]
    await store(database, contact, *drafts)


@asynccontextmanager
async def at_a_queued_draft(database: Database, tenant_id: UUID) -> AsyncIterator[None]:
    """Somebody holds a queued draft, as a sender does who claims it."""
    async with database.transaction(tenant_id) as session:
        queued = sa.select(Draft.id).where(Draft.state == "queued").order_by(Draft.id).limit(1)
        await session.execute(queued.with_for_update())
        yield


async def signed_in(database: Database, tenant_id: UUID, role: str, password: str) -> str:
    """The token of a person's session."""
    user = make_user(tenant_id, role=role, password_hash=await hash_password(password))
    await store(database, user)
    async with database.transaction(tenant_id) as session:
        return (await open_session(session, tenant_id, user.id, dt.timedelta(hours=1))).token
