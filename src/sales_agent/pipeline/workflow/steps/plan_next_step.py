"""Step 8: the one thing to ask for."""

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import PlannedStep, PlanNextStep
from sales_agent.agents.reading import ThreadReading
from sales_agent.agents.registry import Agents
from sales_agent.content import CallToAction
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.metering.record import record_usage
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts

# What a run goes on with where nothing could be planned: a plain answer asks for nothing it has no ground for.
UNPLANNED = PlannedStep(
    call_to_action=CallToAction.ANSWER,
    reason="The next step could not be planned.",
    policy="unplanned",
    allowed=(CallToAction.ANSWER,),
)


async def plan_next_step(
    run: RunFacts,
    contact: ResolvedContact,
    reading: ThreadReading | None,
    similar: SimilarReading | None,
    assets: RankedAssets | None,
    slots: ProposedSlots | None,
    agents: Agents,
    clock: Clock,
    db: TenantDatabase,
) -> PlannedStep:
    """Exactly one call to action, with the reason."""
    plan = await agents.next_step.execute(
        PlanNextStep(
            now=clock.now(),
            lead=contact.lead(run),
            reading=reading,
            similar=similar,
            assets=assets,
            slots=slots,
            fit_score=contact.fit.score,
        )
    )
    await record_usage(db, run.run_id, "next_step", plan.used_model, plan.input_tokens, plan.output_tokens)
    return plan
