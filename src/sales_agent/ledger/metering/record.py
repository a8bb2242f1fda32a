"""Metering one call of a model, in a transaction of its own: it was paid for, whatever becomes of the step."""

from uuid import UUID

from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.metering.repository import Usage, UsageRepository
from sales_agent.observability import metrics


async def record_usage(
    db: TenantDatabase, run_id: UUID, purpose: str, model: str, input_tokens: int, output_tokens: int
) -> None:
    """Note what a call cost; a call that was free (the template writer's) leaves no row."""
    if not input_tokens and not output_tokens:
        return
    metrics.LLM_TOKENS.labels(direction="in").inc(input_tokens)
    metrics.LLM_TOKENS.labels(direction="out").inc(output_tokens)
    metrics.LLM_CALL_TOKENS.observe(input_tokens + output_tokens)
    async with db.transaction() as session:
        await UsageRepository(session, db.tenant_id).record(
            [Usage(purpose, model, input_tokens, output_tokens, run_id)]
        )
