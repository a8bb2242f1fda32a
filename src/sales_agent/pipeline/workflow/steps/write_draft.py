"""Step 9: the words, each sentence with the evidence it stands on."""

import re
from collections.abc import Mapping
from dataclasses import replace

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.draft_writer import WriteDraft, WrittenDraft
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import PlannedStep
from sales_agent.agents.reading import CleanMessage, ThreadReading
from sales_agent.agents.registry import Agents
from sales_agent.content import Voice
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.metering.record import record_usage
from sales_agent.pipeline.drafting.create import NewDraft, Wish, save
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts, WrittenVersion
from sales_agent.pipeline.workflow.steps.plan_next_step import UNPLANNED

_REPLY_MARK = re.compile(r"^\s*((re|aw|antw|sv|fw|fwd|wg)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


async def write_draft(
    run: RunFacts,
    contact: ResolvedContact,
    reading: ThreadReading | None,
    similar: SimilarReading | None,
    assets: RankedAssets | None,
    slots: ProposedSlots | None,
    plan: PlannedStep | None,
    omissions: Mapping[str, str],
    agents: Agents,
    voice: Voice,
    db: TenantDatabase,
    pipeline_version: str,
    wish: Wish | None,
) -> WrittenVersion:
    """Write the draft and store it as the run's; the same words again are the same version.

    `wish`: what a person wants different, None in a run. Raises WishGone where the draft no longer waits for it.
    """
    written = await agents.draft_writer.execute(
        WriteDraft(
            lead=contact.lead(run),
            next_step=plan or UNPLANNED,
            voice=voice,
            reading=reading,
            similar=similar,
            assets=assets,
            slots=slots,
            omissions=tuple(omissions.values()),
            instruction=wish.instruction if wish is not None else "",
        )
    )
    await record_usage(db, run.run_id, "draft_writer", written.used_model, written.input_tokens, written.output_tokens)
    answered = reading.newest if reading is not None else None
    new = _draft(run, contact, written, answered, pipeline_version)
    async with db.transaction() as session:
        saved = await save(session, db.tenant_id, new, wish=wish)
    return WrittenVersion(
        draft_id=saved.draft_id,
        version=saved.version,
        body_hash=saved.body_hash,
        thread_id=new.thread_id,
        in_reply_to=new.in_reply_to,
        references=new.references,
        model=written.used_model,
        prompt_version=written.prompt_version,
        corrections=written.corrections,
    )


def _draft(
    run: RunFacts,
    contact: ResolvedContact,
    written: WrittenDraft,
    answered: CleanMessage | None,
    pipeline_version: str,
) -> NewDraft:
    """The draft as a row: a reply to `answered` where there is a message to answer."""
    content = written.content
    if answered is not None:
        content = replace(content, subject=reply_subject(answered.subject))
    return NewDraft(
        run_id=run.run_id,
        contact_id=contact.contact_id,
        to_address=run.email,
        to_name=contact.lead(run).full_name,
        thread_id=answered.thread_id if answered is not None else None,
        in_reply_to=answered.message_id_header if answered is not None else "",
        references=_references(answered),
        content=content,
        author="draft_writer",
        model=written.used_model,
        prompt_version=written.prompt_version,
        pipeline_version=pipeline_version,
    )


def reply_subject(subject: str) -> str:
    """The subject Gmail keeps in the thread: one `Re:` before the original one."""
    return f"Re: {_REPLY_MARK.sub('', subject)}".strip()


def _references(answered: CleanMessage | None) -> str:
    """The parent's References followed by the parent's own Message-ID."""
    return "" if answered is None else f"{answered.references} {answered.message_id_header}".strip()
