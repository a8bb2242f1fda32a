"""One run being carried: which step may start, what came of it, and when that must be durable."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from sales_agent.connectors.errors import AuthExpired, RateLimited, Transient
from sales_agent.effects.once import EffectsDoor
from sales_agent.kit.clock import Clock
from sales_agent.kit.errors import AppError, TemporarilyUnavailable, text_of
from sales_agent.kit.ids import new_id
from sales_agent.observability import metrics
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.retry import code_of
from sales_agent.pipeline.workflow.checkpoint import Checkpoints
from sales_agent.pipeline.workflow.hook import Point, StepHook
from sales_agent.pipeline.workflow.models import StepRun, StepStatus
from sales_agent.pipeline.workflow.repository import StepRow
from sales_agent.pipeline.workflow.state import RunFacts, RunState
from sales_agent.pipeline.workflow.step import Checkpoint, Need, Step

log = structlog.get_logger()

# What no run goes on without, not even past a May step: our database, our lease, a connector to be reconnected.
_ENDS_THE_ATTEMPT = (LeaseLost, TemporarilyUnavailable, AuthExpired)
_WORTH_A_RETRY = (Transient, RateLimited, TimeoutError)


class StepFailed(AppError):
    """A step that the run cannot do without has failed."""


class Execution:
    """Carries the steps of one run in this process. Everything it knows can be rebuilt from step rows."""

    def __init__(
        self,
        *,
        job: ClaimedJob,
        run: RunFacts,
        steps: Sequence[Step],
        provided: Mapping[str, Any],
        checkpoints: Checkpoints,
        hook: StepHook,
        clock: Clock,
        may_retry_seconds: Sequence[float],
    ) -> None:
        self.state = RunState()
        self._job = job
        self._run = run
        self._steps = steps
        self._provided: dict[str, Any] = {**provided, "run": run}
        self._checkpoints = checkpoints
        self._hook = hook
        self._clock = clock
        self._may_retry_seconds = may_retry_seconds
        self._over: set[str] = set()
        self._attempts: dict[str, int] = {}
        self._pending: list[StepRow] = []

    def restore(self, rows: Sequence[StepRun]) -> None:
        """Take up the outputs of an earlier attempt at this run."""
        by_name = {step.name: step for step in self._steps}
        for row in rows:
            step = by_name.get(row.step)
            if step is None:
                continue
            self._attempts[step.name] = max(self._attempts.get(step.name, 0), row.attempt)
            if row.status == StepStatus.DONE:
                setattr(self.state, step.gives, step.output.validate_python(row.output))
                self._over.add(step.name)
            elif row.status == StepStatus.SKIPPED:
                self.state.omissions[step.name] = step.without_it
                self._over.add(step.name)

    async def carry(self) -> None:
        """Start every step as soon as those it comes after are over; raises StepFailed from what a Must step raised."""
        running: dict[asyncio.Task[None], Step] = {}
        try:
            while not self._has_ended():
                for step in self._ready(running.values()):
                    running[asyncio.create_task(self._carry_step(step), name=step.name)] = step
                if not running:
                    break
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    step = running.pop(task)
                    await task
                    self._over.add(step.name)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        await self._make_durable()

    def _has_ended(self) -> bool:
        return self.state.valid is not None and self.state.valid.ends_run_as is not None

    def _ready(self, running: "Sequence[Step] | Any") -> list[Step]:  # noqa: ANN401 - a dict view
        under_way = {step.name for step in running}
        return [
            step
            for step in self._steps
            if step.name not in self._over and step.name not in under_way and self._over.issuperset(step.after)
        ]

    async def _carry_step(self, step: Step) -> None:
        if step.outward:
            await self._make_durable()
        self._hook.reached(step.name, Point.BEFORE)
        begun, clock_begun = time.perf_counter(), self._clock.now()
        error: Exception | None = None
        output: Any = None
        try:
            output = await self._attempt(step)
        except Exception as raised:  # noqa: BLE001 - judged below
            error = raised
        milliseconds = round((time.perf_counter() - begun) * 1000, 2)
        self._hook.reached(step.name, Point.DURING)
        status = self._judge(step, error)
        row = StepRow(
            id=new_id(),
            run_id=self._run.run_id,
            step=step.name,
            number=step.number,
            status=status,
            attempt=self._attempts.get(step.name, 0) + 1,
            output=step.output.dump_python(output, mode="json") if error is None else None,
            error_code=None if error is None else code_of(error),
            error=None if error is None else text_of(error)[:1000],
            started_at=clock_begun.isoformat(),
            finished_at=self._clock.now().isoformat(),
            milliseconds=milliseconds,
        )
        self._count(step, status, milliseconds)
        self._pending.append(row)
        if status is StepStatus.FAILED:
            await self._make_durable()
            raise StepFailed(f"step {step.number:g} {step.name}", step=step.name) from error
        if step.checkpoint is Checkpoint.AT_ONCE:
            await self._make_durable()
        if status is StepStatus.SKIPPED:
            self.state.omissions[step.name] = step.without_it
        else:
            setattr(self.state, step.gives, output)
        self._hook.reached(step.name, Point.AFTER)

    async def _attempt(self, step: Step) -> Any:  # noqa: ANN401 - the step's own value
        """One attempt; a May step that only reads gets a few more at once, since nobody will wait minutes for it."""
        waits = self._may_retry_seconds if step.need is Need.MAY and not step.outward else ()
        for wait in (*waits, None):
            try:
                async with asyncio.timeout(step.limit_seconds):
                    return await step.call(self._provided_for(step), self.state)
            except _WORTH_A_RETRY as error:
                if wait is None or isinstance(error, _ENDS_THE_ATTEMPT):
                    raise
                await asyncio.sleep(wait)
        raise AssertionError  # the last wait is None and raises or returns

    def _judge(self, step: Step, error: Exception | None) -> StepStatus:
        """Must fails the attempt. May goes on without it once its retries are spent, or at once where none helps."""
        if error is None:
            return StepStatus.DONE
        if isinstance(error, LeaseLost):
            raise error
        retries_left: bool = self._job.attempts < self._provided["job_retries"]
        if step.need is Need.MUST or isinstance(error, _ENDS_THE_ATTEMPT):
            return StepStatus.FAILED
        if step.outward and retries_left and isinstance(error, _WORTH_A_RETRY):
            return StepStatus.FAILED
        log.warning("step.skipped", step=step.name, code=code_of(error))
        return StepStatus.SKIPPED

    def _provided_for(self, step: Step) -> dict[str, Any]:
        async def called() -> None:
            self._hook.reached(step.name, Point.DURING)

        effects: EffectsDoor = self._provided["effects"]
        return {**self._provided, "effects": replace(effects, called=called)}

    async def _make_durable(self) -> None:
        rows, self._pending = self._pending, []
        await self._checkpoints.store(self._job, rows)

    def _count(self, step: Step, status: StepStatus, milliseconds: float) -> None:
        metrics.STEP_SECONDS.labels(step=step.name).observe(milliseconds / 1000)
        metrics.STEPS.labels(step=step.name, outcome=status.value).inc()
