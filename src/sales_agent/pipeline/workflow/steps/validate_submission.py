"""Step 1: is this a lead at all? A real address, not ours, not suppressed, not said twice."""

from sales_agent.agents.registry import Agents
from sales_agent.agents.validation import Outcome, ValidateLead
from sales_agent.controls.settings import SellerProfile
from sales_agent.controls.suppression import is_suppressed
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.pipeline.workflow.state import RunFacts, ValidSubmission
from sales_agent.records.leads.submission_repository import SubmissionRepository

# The same words from the same person within a day are one wish, whatever ids HubSpot gave them.
SAME_WORDS_HOURS = 24


async def validate_submission(
    run: RunFacts, db: TenantDatabase, agents: Agents, seller: SellerProfile, accept_reserved_domains: bool
) -> ValidSubmission:
    """The verdict; `ends_run_as` says where the run ends here."""
    verdict = await agents.validation.execute(
        ValidateLead(
            form={**run.fields, "email": run.email},
            own_addresses=(seller.email,) if seller.email else (),
            allow_reserved_domains=accept_reserved_domains,
        )
    )
    if verdict.outcome is not Outcome.ACCEPTED:
        reason = verdict.reason.value if verdict.reason is not None else "rejected"
        return ValidSubmission(email=verdict.email, ends_run_as=RunStatus.REJECTED, reason=reason)
    async with db.transaction() as session:
        if await is_suppressed(session, db.tenant_id, verdict.canonical_email):
            return ValidSubmission(email=verdict.email, ends_run_as=RunStatus.SUPPRESSED, reason="suppressed_address")
        earlier = await SubmissionRepository(session, db.tenant_id).same_words_before(
            run.submission_id, within_hours=SAME_WORDS_HOURS
        )
    if earlier is not None:
        return ValidSubmission(email=verdict.email, ends_run_as=RunStatus.DUPLICATE, reason=f"duplicate_of:{earlier}")
    return ValidSubmission(
        email=verdict.email,
        canonical_email=verdict.canonical_email,
        domain=verdict.domain,
        is_business_domain=verdict.is_business_domain,
    )
