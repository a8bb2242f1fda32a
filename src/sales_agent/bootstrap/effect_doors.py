"""The doors for outward writes that a worker opens: one for each job, held by its lease, and one that only settles."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.bootstrap.container import EFFECT_KINDS, Container
from sales_agent.bootstrap.tenants import TenantParts, Tenants
from sales_agent.controls.hold_reasons import hold_reason
from sales_agent.effects.once import EffectsDoor
from sales_agent.effects.repository import Holder
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.repository import JobRepository

Fence = Callable[[AsyncSession], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class EffectDoors:
    """Opens the doors of one worker process."""

    container: Container
    tenants: Tenants

    async def of_job(self, job: ClaimedJob) -> tuple[TenantParts, EffectsDoor]:
        """The job's tenant, and a door that opens only while the job is ours. Raises TenantNotFound."""
        parts = await self.tenants.parts(job.tenant_id)
        return parts, self._open(job.tenant_id, parts, _fence_of(job), Holder(job.job_id, job.lease_token))

    async def of_nobody(self, tenant_id: UUID) -> EffectsDoor:
        """A door for looking things up: nothing is made through it. Raises TenantNotFound."""
        return self._open(tenant_id, await self.tenants.parts(tenant_id), _no_fence, Holder(new_id(), 0))

    def _open(self, tenant_id: UUID, parts: TenantParts, fence: Fence, holder: Holder) -> EffectsDoor:
        async def is_alive(session: AsyncSession, other: Holder) -> bool:
            return await JobRepository(session, tenant_id).is_held(other.job_id, other.token)

        async def reason(session: AsyncSession, switch: str | None) -> str | None:
            return await hold_reason(session, tenant_id, parts.ceiling, switch)

        return EffectsDoor(
            db=self.container.database.tenant(tenant_id),
            kinds=EFFECT_KINDS,
            readers=parts.readers,
            writers=parts.writers,
            hold_reason=reason,
            fence=fence,
            holder=holder,
            is_alive=is_alive,
            evidence_lag_seconds=self.container.settings.evidence_lag_seconds,
            called=_nobody_listens,
        )


def _fence_of(job: ClaimedJob) -> Fence:
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
