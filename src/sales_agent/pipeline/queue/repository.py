"""Every query on jobs: enqueue, claim, renew, finish, reschedule. Hot ones are text, for all that wait together."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.errors import Conflict
from sales_agent.kit.storable import storable_text
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.models import Job, JobState

NOTIFY_CHANNEL = "sales_agent_job"

_ENQUEUE = sa.text("""
    insert into job (tenant_id, id, kind, queue, subject_id, unique_key, trace_id, next_run_at)
    select :tenant, j.id, j.kind, j.queue, j.subject_id, j.unique_key, j.trace_id,
           now() + make_interval(secs => j.delay_seconds)
    from unnest(cast(:ids as uuid[]), cast(:kinds as text[]), cast(:queues as text[]), cast(:subjects as uuid[]),
                cast(:keys as text[]), cast(:traces as text[]), cast(:delays as double precision[]))
         as j(id, kind, queue, subject_id, unique_key, trace_id, delay_seconds)
    on conflict do nothing
    returning id""")

_NOTIFY = sa.text(f"select pg_notify('{NOTIFY_CHANNEL}', '')")

# Whoever changes several jobs locks them in one order first, or two workers that ask for the same ones wait for each
# other until the database gives one of them up.
_CLAIM = sa.text("""
    with free as materialized (
        select id from job
        where tenant_id = :tenant and id = any(:ids)
          and (state = 'handed' or (state = 'due' and next_run_at <= now())
               or (state = 'running' and lease_expires_at < now()))
        order by id for update)
    update job set state = 'running', lease_owner = :owner, lease_token = lease_token + 1, claims = claims + 1,
                   lease_expires_at = now() + make_interval(secs => :lease_seconds),
                   started_at = coalesce(started_at, now())
    from free where job.tenant_id = :tenant and job.id = free.id
    returning job.id, kind, subject_id, lease_token, attempts, claims, trace_id, created_at,
              greatest(0, extract(epoch from now() - next_run_at))::float8 as waited_seconds""")

_RENEW = sa.text("""
    with ours as materialized (
        select job.id from job join unnest(cast(:ids as uuid[]), cast(:tokens as bigint[])) as held(id, token)
            on job.id = held.id and job.lease_token = held.token
        where job.tenant_id = :tenant and job.state = 'running'
        order by job.id for update of job)
    update job set lease_expires_at = now() + make_interval(secs => :lease_seconds)
    from ours where job.tenant_id = :tenant and job.id = ours.id
    returning job.id""")

_FINISH = sa.text("""
    with ours as materialized (
        select job.id from job join unnest(cast(:ids as uuid[]), cast(:tokens as bigint[])) as held(id, token)
            on job.id = held.id and job.lease_token = held.token
        where job.tenant_id = :tenant and job.state = 'running'
        order by job.id for update of job)
    update job set state = 'done', finished_at = now(), lease_owner = null, lease_expires_at = null,
                   error = null, error_code = null
    from ours where job.tenant_id = :tenant and job.id = ours.id
    returning job.id""")

_HOLDS = sa.text("""
    select extract(epoch from lease_expires_at - now())::double precision from job
    where tenant_id = :tenant and id = :id and lease_token = :token and state = 'running' for share""")


class WorkAlreadyQueued(Conflict):
    """The same work is queued already or being done; close this one instead."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be put in the outbox. `unique_key`: at most one open job of that key a tenant."""

    id: UUID
    kind: JobKind
    queue: str
    subject_id: UUID | None = None
    unique_key: str | None = None
    trace_id: str = ""
    delay_seconds: float = 0.0


class JobRepository:
    """The jobs of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def enqueue(self, jobs: Sequence[NewJob]) -> frozenset[UUID]:
        """Insert the jobs and wake the relay; the ids that were new (a taken id or open unique key stays as it is)."""
        result = await self._session.execute(
            _ENQUEUE,
            {
                "tenant": self._tenant_id,
                "ids": [job.id for job in jobs],
                "kinds": [job.kind.value for job in jobs],
                "queues": [job.queue for job in jobs],
                "subjects": [job.subject_id for job in jobs],
                "keys": [job.unique_key for job in jobs],
                "traces": [job.trace_id for job in jobs],
                "delays": [job.delay_seconds for job in jobs],
            },
        )
        new = frozenset(result.scalars())
        await self._session.execute(_NOTIFY)
        return new

    async def claim(self, ids: Sequence[UUID], *, owner: UUID, lease_seconds: float) -> dict[UUID, ClaimedJob]:
        """Take what may be taken of `ids`; what the answer lacks is done, not due, or held by another worker."""
        result = await self._session.execute(
            _CLAIM, {"tenant": self._tenant_id, "ids": list(ids), "owner": owner, "lease_seconds": lease_seconds}
        )
        return {
            row.id: ClaimedJob(
                tenant_id=self._tenant_id,
                job_id=row.id,
                kind=JobKind(row.kind),
                subject_id=row.subject_id,
                lease_token=row.lease_token,
                attempts=row.attempts,
                claims=row.claims,
                trace_id=row.trace_id,
                waited_seconds=row.waited_seconds,
                created_at=row.created_at,
            )
            for row in result
        }

    async def renew(self, held: Sequence[ClaimedJob], *, lease_seconds: float) -> frozenset[UUID]:
        """Extend the leases; the ids that are still ours."""
        return await self._for_held(_RENEW, held, lease_seconds=lease_seconds)

    async def finish(self, held: Sequence[ClaimedJob]) -> frozenset[UUID]:
        """Close the jobs as done; the ids that were still ours."""
        return await self._for_held(_FINISH, held)

    async def holds(self, job: ClaimedJob) -> bool:
        """Whether the lease is still ours; keeps it so until this transaction ends."""
        return await self.lease_left(job) is not None

    async def lease_left(self, job: ClaimedJob) -> float | None:
        """Seconds until others may take the job, below 0 where they may already; None where one of them has."""
        return await self._session.scalar(
            _HOLDS, {"tenant": self._tenant_id, "id": job.job_id, "token": job.lease_token}
        )

    async def is_held(self, job_id: UUID, lease_token: int) -> bool:
        """Whether a job lives under this very lease."""
        found = await self._session.scalar(
            sa.select(Job.id)
            .where(Job.tenant_id == self._tenant_id, Job.id == job_id, Job.lease_token == lease_token)
            .where(Job.state == JobState.RUNNING, Job.lease_expires_at > sa.func.now())
        )
        return found is not None

    async def put_back(
        self, job: ClaimedJob, state: JobState, *, delay_seconds: float, spend: bool, code: str, message: str
    ) -> bool:
        """Make a failed job due again (or parked) after a delay by the database's clock; whether it was still ours."""
        result = await self._session.execute(
            sa.update(Job)
            .where(Job.tenant_id == self._tenant_id, Job.id == job.job_id, Job.lease_token == job.lease_token)
            .where(Job.state == JobState.RUNNING)
            .values(
                state=state,
                attempts=Job.attempts + (1 if spend else 0),
                claims=0,  # whoever puts a job back has survived it
                next_run_at=sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, delay_seconds),
                lease_owner=None,
                lease_expires_at=None,
                error_code=code,
                error=storable_text(message[:2000]),
            )
            .returning(Job.id)
        )
        return result.first() is not None

    async def give_up(self, job: ClaimedJob, *, code: str, message: str) -> bool:
        """Close the job as failed; whether it was still ours."""
        result = await self._session.execute(
            sa.update(Job)
            .where(Job.tenant_id == self._tenant_id, Job.id == job.job_id, Job.lease_token == job.lease_token)
            .where(Job.state == JobState.RUNNING)
            .values(
                state=JobState.FAILED,
                finished_at=sa.func.now(),
                lease_owner=None,
                lease_expires_at=None,
                error_code=code,
                error=storable_text(message[:2000]),
            )
            .returning(Job.id)
        )
        return result.first() is not None

    async def revive(self, job_id: UUID) -> bool:
        """Make a failed or parked job due at once, with all its retries; False if it is in another state.

        Raises WorkAlreadyQueued where another job of its unique key is open.
        """
        reviving = (
            sa.update(Job)
            .where(Job.tenant_id == self._tenant_id, Job.id == job_id)
            .where(Job.state.in_([JobState.FAILED, JobState.PARKED, JobState.DUE, JobState.DONE]))
            .values(
                state=JobState.DUE, attempts=0, claims=0, next_run_at=sa.func.now(), finished_at=None, handed_at=None
            )
            .returning(Job.id)
        )
        try:
            async with self._session.begin_nested():
                revived = (await self._session.execute(reviving)).first() is not None
        except IntegrityError as error:  # the one thing this changes that is held against other rows
            raise WorkAlreadyQueued from error
        await self._session.execute(_NOTIFY)
        return revived

    async def cancel_waiting(self, kind: JobKind, subject_id: UUID) -> int:
        """Cancel the jobs of this kind about a subject that no worker has begun; how many. Running ones go on."""
        result = await self._session.execute(
            sa.update(Job)
            .where(Job.tenant_id == self._tenant_id, Job.kind == kind, Job.subject_id == subject_id)
            .where(Job.state.in_([JobState.DUE, JobState.HANDED, JobState.PARKED]))
            .values(state=JobState.CANCELLED, finished_at=sa.func.now())
            .returning(Job.id)
        )
        return len(result.all())

    async def give_back(self, ids: Sequence[UUID]) -> None:
        """Make jobs due again that were taken for Celery but never reached it."""
        await self._session.execute(
            sa.update(Job)
            .where(Job.tenant_id == self._tenant_id, Job.id.in_(ids), Job.state == JobState.HANDED)
            .values(state=JobState.DUE, handed_at=None, next_run_at=sa.func.now() + sa.text("interval '1 second'"))
        )

    async def get(self, job_id: UUID) -> Job | None:
        """One job."""
        return await self._session.get(Job, (self._tenant_id, job_id))

    async def _for_held(self, statement: sa.TextClause, held: Sequence[ClaimedJob], **more: object) -> frozenset[UUID]:
        result = await self._session.execute(
            statement,
            {
                "tenant": self._tenant_id,
                "ids": [job.job_id for job in held],
                "tokens": [job.lease_token for job in held],
                **more,
            },
        )
        return frozenset(result.scalars())
