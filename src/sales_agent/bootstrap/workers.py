"""What a worker has: the engine with everything its steps may name, the sealer, the settler."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.registry import build_agents
from sales_agent.bootstrap.container import (
    EFFECT_KINDS,
    Container,
    build_hook,
    build_transport,
)
from sales_agent.bootstrap.sending import carriers
from sales_agent.bootstrap.tenants import TenantParts, Tenants
from sales_agent.connectors.transport import Transport
from sales_agent.controls.hold_reasons import hold_reason
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.controls.workers import Heartbeat
from sales_agent.effects.once import EffectsDoor
from sales_agent.effects.release import release_requested, settle_left_behind
from sales_agent.effects.repository import Holder
from sales_agent.kit.db import TenantDatabase
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.export_anchors import export_anchor
from sales_agent.ledger.audit.seal import seal
from sales_agent.pipeline.drafting.voice import load_voice
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.repository import JobRepository
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
    transport = build_transport(container.settings, container.clock)
    tenants = Tenants(container, transport)
    settings = container.settings

    async def provide(job: ClaimedJob, run: RunFacts) -> Mapping[str, Any]:
        parts = await tenants.parts(job.tenant_id)
        db = container.database.tenant(job.tenant_id)
        return {
            **await _for_tenant(db, parts),
            "effects": _door(
                db,
                parts,
                settings.evidence_lag_seconds,
                fence=_fence_of(job),
                holder=Holder(job.job_id, job.lease_token),
            ),
            "clock": container.clock,
            "contact_cache_seconds": settings.contact_cache_seconds,
            "thread_cache_seconds": settings.thread_cache_seconds,
            "accept_reserved_domains": settings.accept_reserved_domains or parts.is_demo,
            "job_retries": len(settings.retry_delays_seconds),
            "pipeline_version": f"{NAME}@{VERSION}+{APP_VERSION}",
            "sending_policy": SendingPolicy.default(settings),
            "run": run,
            "instruction": "",
        }

    async def parts_of(job: ClaimedJob) -> tuple[TenantParts, EffectsDoor]:
        parts = await tenants.parts(job.tenant_id)
        db = container.database.tenant(job.tenant_id)
        holder = Holder(job.job_id, job.lease_token)
        return parts, _door(db, parts, settings.evidence_lag_seconds, fence=_fence_of(job), holder=holder)

    async def release(job: ClaimedJob) -> int:
        _, door = await parts_of(job)
        return await release_requested(door)

    async def settle(tenant_id: UUID) -> int:
        parts = await tenants.parts(tenant_id)
        db = container.database.tenant(tenant_id)
        nobody = Holder(new_id(), 0)
        return await settle_left_behind(_door(db, parts, settings.evidence_lag_seconds, fence=_no_fence, holder=nobody))

    return WorkerParts(
        container=container,
        engine=Engine(
            database=container.database,
            workflow=Workflow(NAME, VERSION, FORM_LEAD),
            provide=provide,
            checkpoints=Checkpoints(container.database),
            hook=build_hook(settings),
            clock=container.clock,
            may_retry_seconds=MAY_RETRY_SECONDS,
        ),
        rewriter=Rewriter(container.database, FORM_LEAD, provide),
        heartbeat=Heartbeat(container.database, "worker", APP_VERSION),
        transport=transport,
        seal=lambda tenant_id: seal(container.database.tenant(tenant_id)),
        anchor=lambda tenant_id: export_anchor(container.database.tenant(tenant_id), settings.anchors_folder),
        release=release,
        settle=settle,
        carrier_of=carriers(container, parts_of),
    )


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


def _door(
    db: TenantDatabase,
    parts: TenantParts,
    evidence_lag_seconds: float,
    *,
    fence: Callable[[AsyncSession], Awaitable[float]],
    holder: Holder,
) -> EffectsDoor:
    async def is_alive(session: AsyncSession, other: Holder) -> bool:
        return await JobRepository(session, db.tenant_id).is_held(other.job_id, other.token)

    async def reason(session: AsyncSession, switch: str | None) -> str | None:
        return await hold_reason(session, db.tenant_id, parts.ceiling, switch)

    return EffectsDoor(
        db=db,
        kinds=EFFECT_KINDS,
        readers=parts.readers,
        writers=parts.writers,
        hold_reason=reason,
        fence=fence,
        holder=holder,
        is_alive=is_alive,
        evidence_lag_seconds=evidence_lag_seconds,
        called=_nobody_listens,
    )


def _fence_of(job: ClaimedJob) -> Callable[[AsyncSession], Awaitable[float]]:
    async def fence(session: AsyncSession) -> float:
        left = await JobRepository(session, job.tenant_id).lease_left(job)
        if left is None or left <= 0:  # run out is as good as lost: the relay may be handing the job to another
            raise LeaseLost
        return left

    return fence


async def _no_fence(_: AsyncSession) -> float:
    """A settler makes no writes, so nobody can be ahead of it."""
    return 0.0


async def _nobody_listens() -> None:
    """Production: nothing happens between a call and its record."""
