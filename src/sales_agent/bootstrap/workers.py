"""What a worker has: the engine with everything its steps may name, the sealer, the settler."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sales_agent.agents.registry import build_agents
from sales_agent.bootstrap.container import Container, build_hook, build_transport
from sales_agent.bootstrap.effect_doors import EffectDoors
from sales_agent.bootstrap.sending import carriers
from sales_agent.bootstrap.tenants import TenantParts, Tenants
from sales_agent.connectors.transport import Transport
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.controls.workers import Heartbeat
from sales_agent.effects.release import release_requested, settle_left_behind
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.export_anchors import export_anchor
from sales_agent.ledger.audit.seal import seal
from sales_agent.pipeline.drafting.voice import load_voice
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.sending.carry import CarrierOf
from sales_agent.pipeline.workflow.checkpoint import Checkpoints
from sales_agent.pipeline.workflow.engine import Engine, Workflow
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD, NAME, VERSION
from sales_agent.pipeline.workflow.rewrite import Rewriter
from sales_agent.pipeline.workflow.state import RunFacts

APP_VERSION = version("sales-agent")
# A May step that only reads is tried again after these waits before the run goes on without it.
MAY_RETRY_SECONDS = (1.0, 2.0)


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """The parts of one worker process."""

    container: Container
    engine: Engine
    rewriter: Rewriter
    heartbeat: Heartbeat
    transport: Transport
    seal: Callable[[UUID], Awaitable[int]]
    anchor: Callable[[UUID], Awaitable[object]]
    release: Callable[[ClaimedJob], Awaitable[int]]
    settle: Callable[[UUID], Awaitable[int]]
    carrier_of: CarrierOf

    async def close(self) -> None:
        """Say goodbye and give back what is held."""
        await self.heartbeat.leave()
        await self.transport.close()
        await self.container.close()


def build_worker_parts(container: Container) -> WorkerParts:
    """The parts, none of which has opened a connection yet."""
    settings, database = container.settings, container.database
    transport = build_transport(settings, container.clock)
    doors = EffectDoors(container, Tenants(container, transport))
    provide = _provider(container, doors)

    async def release(job: ClaimedJob) -> int:
        _, door = await doors.of_job(job)
        return await release_requested(door)

    async def settle(tenant_id: UUID) -> int:
        return await settle_left_behind(await doors.of_nobody(tenant_id))

    return WorkerParts(
        container=container,
        engine=Engine(
            database=database,
            workflow=Workflow(NAME, VERSION, FORM_LEAD),
            provide=provide,
            checkpoints=Checkpoints(database),
            hook=build_hook(settings),
            clock=container.clock,
            may_retry_seconds=MAY_RETRY_SECONDS,
        ),
        rewriter=Rewriter(database, FORM_LEAD, provide),
        heartbeat=Heartbeat(database, "worker", APP_VERSION),
        transport=transport,
        seal=lambda tenant_id: seal(database.tenant(tenant_id)),
        anchor=lambda tenant_id: export_anchor(database.tenant(tenant_id), settings.anchors_folder),
        release=release,
        settle=settle,
        carrier_of=carriers(container, doors.of_job),
    )


def _provider(
    container: Container, doors: EffectDoors
) -> Callable[[ClaimedJob, RunFacts], Awaitable[Mapping[str, Any]]]:
    """What steps may name, for each run: its tenant's parts, and a door of its own."""
    settings = container.settings

    async def provide(job: ClaimedJob, run: RunFacts) -> Mapping[str, Any]:
        parts, door = await doors.of_job(job)
        return {
            **await _for_tenant(container.database.tenant(job.tenant_id), parts),
            "effects": door,
            "clock": container.clock,
            "contact_cache_seconds": settings.contact_cache_seconds,
            "thread_cache_seconds": settings.thread_cache_seconds,
            "accept_reserved_domains": settings.accept_reserved_domains or parts.is_demo,
            "job_retries": len(settings.retry_delays_seconds),
            "pipeline_version": f"{NAME}@{VERSION}+{APP_VERSION}",
            "sending_policy": SendingPolicy.default(settings),
            "run": run,
            "wish": None,
        }

    return provide


async def _for_tenant(db: TenantDatabase, parts: TenantParts) -> dict[str, Any]:
    async with db.transaction() as session:
        voice = await load_voice(
            session,
            db.tenant_id,
            name=parts.seller.name,
            email=parts.seller.email,
            company=parts.seller.company,
            language=parts.seller.language,
        )
    return {
        "db": db,
        "crm": parts.readers.crm,
        "mail": parts.readers.mail,
        "files": parts.readers.files,
        "calendar": parts.readers.calendar,
        "embedder": parts.readers.embedder,
        "agents": build_agents(parts.readers.model),
        "seller": parts.seller,
        "ceiling": parts.ceiling,
        "voice": voice,
    }
