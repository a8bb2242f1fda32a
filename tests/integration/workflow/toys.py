"""A small made-up workflow on the real engine: two steps side by side, one that joins them, two that write outside."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.connectors.oauth import StaticToken
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.registry import ProviderSettings, build_readers, build_writers
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.writers import Writers
from sales_agent.effects.kinds import Done, EffectKind, table_of
from sales_agent.effects.once import EffectRequest, EffectsDoor
from sales_agent.effects.repository import Holder
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database
from sales_agent.pipeline.queue.job import JobRunner
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.checkpoint import Checkpoints
from sales_agent.pipeline.workflow.engine import Engine, Workflow
from sales_agent.pipeline.workflow.hook import Point
from sales_agent.pipeline.workflow.state import (
    FoundThreads,
    HandedOff,
    RunFacts,
    StoredDraft,
    ValidSubmission,
)
from sales_agent.pipeline.workflow.step import Checkpoint, Need, Step
from sales_agent.pipeline.workflow.tasks import form_lead_handler

NOWHERE = "http://127.0.0.1:9"


class Crash(BaseException):
    """The process dies here: nothing in it may catch this."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the toy kind writes."""

    words: str


Behaviour = Callable[[], Awaitable[None]]


@dataclass
class Toys:
    """One worker and the world it works on. `on` says what a step does before it answers; `did` counts steps begun."""

    database: Database
    outside: dict[str, str] = field(default_factory=dict)
    did: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    on: dict[str, Behaviour] = field(default_factory=dict)
    crash_at: tuple[str, Point] | None = None
    seen_omissions: list[str] = field(default_factory=list)
    ends_as: Any = None
    strange: str = ""

    def steps(self) -> tuple[Step, ...]:
        """first -> (left | right) -> join -> write -> last. left and right may be missing."""
        may, must, later = Need.MAY, Need.MUST, Checkpoint.WITH_NEXT
        return (
            Step(1, self._first(), "valid", must, checkpoint=later),
            Step(2, self._left(), "threads", may, after=("first",), checkpoint=later, without_it="no left hand"),
            Step(3, self._right(), "assets", may, after=("first",), checkpoint=later, without_it="no right hand"),
            Step(4, self._join(), "similar", must, after=("left", "right"), limit_seconds=1.0),
            Step(5, self._write(), "mail_draft", must, after=("join",), outward=True),
            Step(6, self._last(), "handed_off", must, after=("write",), outward=True),
        )

    def runner(self, *, lease_seconds: float = 30.0, retries: int = 2) -> JobRunner:
        """A worker of its own with this world's steps."""
        engine = Engine(
            database=self.database,
            workflow=Workflow("toy", "1", self.steps()),
            provide=self._provide(retries),
            checkpoints=Checkpoints(self.database),
            hook=self,
            clock=SystemClock(),
            may_retry_seconds=(0.01, 0.01),
        )
        return JobRunner(
            self.database,
            [form_lead_handler(engine)],
            retry_delays_seconds=(0.01,) * retries,
            lease_seconds=lease_seconds,
        )

    def reached(self, step: str, point: Point) -> None:
        """The engine's hook: dies at `crash_at`, once."""
        if self.crash_at == (step, point):
            self.crash_at = None
            raise Crash

    async def _begin(self, name: str) -> None:
        self.did[name] += 1
        if name in self.on:
            await self.on[name]()

    def _first(self) -> Callable[..., Awaitable[ValidSubmission]]:
        async def first(run: RunFacts) -> ValidSubmission:
            await self._begin("first")
            return ValidSubmission(email=run.email, ends_run_as=self.ends_as, reason="so it is" if self.ends_as else "")

        return first

    def _left(self) -> Callable[..., Awaitable[FoundThreads]]:
        async def left(valid: ValidSubmission) -> FoundThreads:
            await self._begin("left")
            return FoundThreads((f"thread of {valid.email}",), from_cache=False)

        return left

    def _right(self) -> Callable[..., Awaitable[RankedAssets]]:
        async def right() -> RankedAssets:
            await self._begin("right")
            return RankedAssets()

        return right

    def _join(self) -> Callable[..., Awaitable[SimilarReading]]:
        async def join(threads: FoundThreads | None, omissions: Mapping[str, str]) -> SimilarReading:
            await self._begin("join")
            self.seen_omissions = sorted(omissions.values())
            found = threads.thread_ids if threads is not None else ()
            return SimilarReading(asset_ids=(self.strange,) if self.strange else found)

        return join

    def _write(self) -> Callable[..., Awaitable[StoredDraft]]:
        async def write(run: RunFacts, similar: SimilarReading, effects: EffectsDoor) -> StoredDraft:
            await self._begin("write")
            words = " ".join(similar.asset_ids)
            outcome = await effects.once(EffectRequest(f"{run.run_id}:toy", "toy", Wish(words), run.run_id))
            return StoredDraft(status=outcome.status.value, mail_draft_id=outcome.provider_id)

        return write

    def _last(self) -> Callable[..., Awaitable[HandedOff]]:
        async def last(run: RunFacts, mail_draft: StoredDraft, effects: EffectsDoor) -> HandedOff:
            await self._begin("last")
            key = f"{run.run_id}:toy-too"
            await effects.once(EffectRequest(key, "toy", Wish(f"after {mail_draft.mail_draft_id}"), run.run_id))
            return HandedOff(draft_state=mail_draft.mail_draft_id)

        return last

    def _kind(self) -> EffectKind[Wish]:
        async def do(_: Writers, wish: Wish, _dependency: str, permit: Permit) -> Done:
            self.outside[permit.marker] = wish.words
            self.written[permit.marker] += 1
            return Done(permit.marker)

        async def find(_: Readers, _wish: Wish, _dependency: str, permit: Permit) -> Done | None:
            return Done(permit.marker) if permit.marker in self.outside else None

        return EffectKind("toy", Wish, do, find)

    def _provide(self, retries: int) -> Callable[[ClaimedJob, RunFacts], Awaitable[Mapping[str, Any]]]:
        transport, token = Transport(), StaticToken("")
        accounts = ProviderSettings(NOWHERE, NOWHERE, NOWHERE, token, token)

        async def nothing(*_: object) -> None: ...

        async def provide(job: ClaimedJob, _: RunFacts) -> Mapping[str, Any]:
            async def fence(session: AsyncSession) -> float:
                left = await JobRepository(session, job.tenant_id).lease_left(job)
                if left is None:
                    raise LeaseLost
                return left

            async def is_alive(session: AsyncSession, other: Holder) -> bool:
                return await JobRepository(session, job.tenant_id).is_held(other.job_id, other.token)

            door = EffectsDoor(
                db=self.database.tenant(job.tenant_id),
                kinds=table_of(self._kind()),
                readers=build_readers(accounts, transport),
                writers=build_writers(accounts, transport),
                hold_reason=nothing,
                fence=fence,
                holder=Holder(job.job_id, job.lease_token),
                is_alive=is_alive,
                evidence_lag_seconds=0.0,
                called=nothing,
            )
            return {"effects": door, "job_retries": retries}

        return provide


async def for_ever() -> None:
    """What a step does that hangs."""
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A run that waits: its ids."""

    tenant_id: UUID
    run_id: UUID
    job_id: UUID
