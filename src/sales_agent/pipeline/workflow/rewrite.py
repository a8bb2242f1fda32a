"""Writing a draft anew at a person's wish: steps 9 and 10 of its run once more, with an instruction, and no other.

What the words stand on is what the run had found out. Nothing is written outside, no rule is asked, and the draft waits
for a person afterwards.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.db import Database
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.drafting.actions import waiting_state
from sales_agent.pipeline.drafting.create import DraftNotFound, Wish, WishGone, set_state
from sales_agent.pipeline.drafting.models import Draft, DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.queue.lease import ClaimedJob, LeaseLost
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.engine import RunWithoutSubmission
from sales_agent.pipeline.workflow.models import StepRun, StepStatus
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from sales_agent.pipeline.workflow.state import RunFacts, RunState
from sales_agent.pipeline.workflow.step import Step

log = structlog.get_logger()

_WRITE, _CHECK = "write_draft", "check_draft"


@dataclass(frozen=True, slots=True)
class Rewriter:
    """`provide` opens what steps name, as for the engine; `steps` is the table whose words are written again."""

    database: Database
    steps: Sequence[Step]
    provide: Callable[[ClaimedJob, RunFacts], Awaitable[Mapping[str, Any]]]

    async def rewrite(self, job: ClaimedJob) -> None:
        """Write the draft of this job anew; one that does not wait for these words any more is left as it is.

        Raises DraftNotFound, RunWithoutSubmission, LeaseLost, and what the writer raises.
        """
        if job.subject_id is None:
            raise DraftNotFound
        async with self.database.transaction(job.tenant_id) as session:
            draft = await DraftRepository(session, job.tenant_id).locked(job.subject_id)
            if draft is None:
                raise DraftNotFound(draft_id=job.subject_id)
            if draft.state != DraftState.DRAFTING or draft.run_id is None:
                return
            runs = WorkflowRepository(session, job.tenant_id)
            facts = await runs.facts(draft.run_id)
            if facts is None:
                raise RunWithoutSubmission
            rows = await runs.current_steps(draft.run_id)
        wish = Wish(draft.version, draft.instruction or "")
        state = self._found_out(rows)
        provided = {**await self.provide(job, facts), "run": facts, "wish": wish}
        try:
            for name in (_WRITE, _CHECK):
                await self._carry(name, provided, state)
        except WishGone:
            log.info("draft.rewrite_dropped", job_id=str(job.job_id), draft_id=str(job.subject_id))
            return
        if state.draft is not None:
            await self._hand_back(job, job.subject_id, wish, state.draft.version)

    def _found_out(self, rows: Sequence[StepRun]) -> RunState:
        """What the steps of the run gave, and what they went without."""
        state = RunState()
        for row in rows:
            step = self._step(row.step)
            if step is not None and row.status == StepStatus.DONE:
                setattr(state, step.gives, step.output.validate_python(row.output))
            elif step is not None and row.status == StepStatus.SKIPPED:
                state.omissions[step.name] = step.without_it
        return state

    def _step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    async def _carry(self, name: str, provided: Mapping[str, Any], state: RunState) -> None:
        step = self._step(name)
        if step is None:
            raise LookupError(name)
        setattr(state, step.gives, await step.call(provided, state))

    async def _hand_back(self, job: ClaimedJob, draft_id: UUID, wish: Wish, version: int) -> None:
        """Let the draft wait for a person, unless it has gone on from these words already, or waits for others."""
        async with self.database.transaction(job.tenant_id) as session:
            if not await JobRepository(session, job.tenant_id).holds(job):
                raise LeaseLost
            draft = await DraftRepository(session, job.tenant_id).locked(draft_id)
            if draft is None or not replace(wish, version=version).is_of(draft):
                return
            is_new = version != wish.version
            reason = "written anew at a person's wish" if is_new else "the writer found no other words"
            await _wait(session, job.tenant_id, draft, reason)
            facts = {"version": draft.version, "is_new": is_new}
            entry = AuditEntry(
                "draft.rewritten", subject=("draft", draft.id), run_id=draft.run_id, draft_id=draft.id, facts=facts
            )
            await record(session, job.tenant_id, entry)


async def keep_old_words(session: AsyncSession, job: ClaimedJob, code: str, message: str) -> None:
    """Let the draft wait with the words it had, in the transaction in which writing it anew gave up."""
    del message  # it may quote a provider
    if job.subject_id is None:
        return
    draft = await DraftRepository(session, job.tenant_id).locked(job.subject_id)
    if draft is not None and draft.state == DraftState.DRAFTING:
        await _wait(session, job.tenant_id, draft, f"no new words could be written ({code})")


async def _wait(session: AsyncSession, tenant_id: UUID, draft: Draft, reason: str) -> None:
    await DraftRepository(session, tenant_id).change(draft.id, instruction=None)
    await set_state(session, tenant_id, draft.id, waiting_state(draft), reason=reason)
