"""An office behind a form, with a rule that answers people who were written to before: from the webhook to the mail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import httpx2
import sqlalchemy as sa

from sales_agent.access.auth.principal import Scope
from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.bootstrap.setup import SourceSettings, ensure_tenant
from sales_agent.bootstrap.setup import furnish as furnish_tenant
from sales_agent.console.demo.people import FORM_ID
from sales_agent.kit.clock import SystemClock
from sales_agent.main import create_app
from sales_agent.pipeline.approval.models import AutoApprovalLog
from sales_agent.pipeline.approval.recipients import count_send
from sales_agent.pipeline.drafting.models import Draft, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.models import Job, JobState
from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.hubspot.owners import PORTAL_ID
from tests.acceptance.forms import Source, make_form, signed
from tests.acceptance.tenants import furnish
from tests.conftest import DatabaseUrls
from tests.factories.api import calling, headers_for
from tests.integration.sending.office import Office, open_office

PRICES = "We plan routes for 40 trucks by hand. How does your tool plan them?"

# The office is opened before the tenant is known.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class House:
    """A tenant whose form is open, with a rule that is on by its owner's word. `owner`: the owner's headers."""

    office: Office
    client: httpx2.AsyncClient
    source: Source
    owner: dict[str, str]

    async def knows(self, address: str) -> str:
        """Somebody who was written to before."""
        async with self.office.database.transaction(self.office.tenant_id) as session:
            await count_send(session, self.office.tenant_id, address, SystemClock().now())
        return address

    async def set(self, **changes: object) -> None:
        answer = await self.client.post("/api/admin/settings", json={"changes": changes}, headers=self.owner)
        assert answer.status_code == 200, answer.text

    async def rule(self) -> str:
        """The path of the rule that knows whom was written to before."""
        listed = await self.client.get("/api/admin/rules", headers=self.owner)
        known = (rule for rule in listed.json()["rules"] if rule["rule_type"] == "known_good_recipient")
        return f"/api/admin/rules/{next(known)['id']}"

    async def form_from(self, address: str, message: str = PRICES) -> None:
        """A form is filled in and its run carried, up to the thirteenth step."""
        await self.post_form(address, message)
        await self.carry(JobKind.PROCESS_FORM_LEAD)

    async def post_form(self, address: str, message: str = PRICES) -> None:
        """A form is filled in."""
        now_ms = int(SystemClock().now().timestamp() * 1000)
        form = make_form(now_ms, email=address, firstname="Nora", lastname="Field", message=message)
        body = form.body(self.source)
        base_url = self.office.workers[0][0].container.settings.webhook_base_url
        headers = signed(base_url, self.source, body, now_ms)
        answer = await self.client.post(self.source.path, content=body, headers=headers)
        assert answer.status_code == 202, answer.text

    async def carry(self, kind: JobKind) -> int:
        """Carry what is due of this kind; how many jobs that were."""
        async with self.office.database.transaction(self.office.tenant_id) as session:
            due = await session.scalars(sa.select(Job.id).where(Job.kind == kind, Job.state == JobState.DUE))
            jobs = due.all()
        for job_id in jobs:
            await self.office.workers[0][1].run(self.office.tenant_id, job_id)
        return len(jobs)

    async def draft_to(self, address: str) -> Draft:
        async with self.office.database.transaction(self.office.tenant_id) as session:
            return (await session.scalars(sa.select(Draft).where(Draft.to_address == address))).one()

    async def words_of(self, draft: Draft) -> DraftVersion:
        async with self.office.database.transaction(self.office.tenant_id) as session:
            found = await DraftRepository(session, self.office.tenant_id).get(draft.id)
        assert found is not None
        return found[1]

    async def log_of(self, address: str) -> AutoApprovalLog:
        draft = await self.draft_to(address)
        async with self.office.database.transaction(self.office.tenant_id) as session:
            rows = await session.scalars(sa.select(AutoApprovalLog).where(AutoApprovalLog.draft_id == draft.id))
            return rows.one()


@asynccontextmanager
async def open_house(
    folder: Path, urls: DatabaseUrls, sandbox: SandboxClient, **changes: object
) -> AsyncIterator[House]:
    """The first tenant's."""
    opened = {"auto_approve_enabled": True, "operator_approval_required": False, **changes}
    async with open_office(folder, urls, sandbox, NOBODY, **opened) as office:
        settings = office.workers[0][0].container.settings
        _, own = await furnish(settings)
        async with calling(create_app(settings)) as client:
            yield await _moved_in(office, client, own)


async def next_door(house: House) -> House:
    """Another tenant of the same installation, with the same accounts at the providers."""
    container = house.office.workers[0][0].container
    source = SourceSettings("next-door", PORTAL_ID, [FORM_ID], SignaturePolicy.V3, "of-the-other-source")
    tenant_id = await ensure_tenant(container.database, slug="next-door", name="Next door")
    await furnish_tenant(container, tenant_id, source)
    theirs = replace(house.source, tenant_id=tenant_id, key=source.key, secret=source.secret)
    return await _moved_in(house.office, house.client, theirs)


async def _moved_in(office: Office, client: httpx2.AsyncClient, source: Source) -> House:
    owner = await headers_for(office.database, source.tenant_id, Scope.OWNER)
    house = House(replace(office, tenant_id=source.tenant_id), client, source, owner)
    await client.post("/api/admin/rules/seed", headers=owner)
    await client.post(f"{await house.rule()}/enable", json={"override_reason": "a test"}, headers=owner)
    return house
