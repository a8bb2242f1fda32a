"""Other words for a draft: typed by a person, or asked of the writer. Either way the old approval ends."""

from uuid import UUID

from sales_agent.controls.settings import SellerProfile
from sales_agent.pipeline.approval.acting import ANY_WORDS, Act, Expected
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.drafting.actions import DraftAction
from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.edit import Editing
from sales_agent.pipeline.drafting.edit import edit as make_version
from sales_agent.pipeline.drafting.edited_content import Edit
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.outbox import enqueue, new_job


async def edit(act: Act, wish: Edit, expected: Expected = ANY_WORDS, *, seller: SellerProfile) -> bool:
    """Make the person's words the next version, judged; whether they are others than before. Raises as drafting.edit.

    Decided about is the version that was not good enough; words that are the same again decide nothing.
    """
    draft, words = await act.opened(DraftAction.EDIT, expected)
    saved = await make_version(act.session, act.tenant_id, Editing(draft, words, seller, act.actor), wish)
    if not saved.is_new:
        return False
    was_by_rule = await act.end_approval("edited")
    kind = OperatorDecisionKind.CANCEL_AUTO if was_by_rule else OperatorDecisionKind.EDIT
    await act.decided(words, kind, reason_code="edited" if was_by_rule else None)
    return True


async def regenerate(act: Act, instruction: str, expected: Expected = ANY_WORDS) -> UUID:
    """Ask the writer for other words; the job that brings them. The draft is drafting meanwhile.

    The words there are stay as an older version. What comes back waits for a person, whatever a rule would say.
    """
    _, words = await act.opened(DraftAction.REGENERATE, expected)
    was_by_rule = await act.end_approval("to be written anew")
    await set_state(act.session, act.tenant_id, act.draft_id, DraftState.DRAFTING, actor=act.actor)
    await act.drafts.change(act.draft_id, instruction=instruction)
    key = f"rewrite:{act.draft_id}"
    job = new_job(JobKind.REWRITE_DRAFT, subject_id=act.draft_id, unique_key=key)
    if not await enqueue(act.session, act.tenant_id, job):
        # A worker still writes for an earlier wish, which is over: its words will not be kept.
        job = new_job(JobKind.REWRITE_DRAFT, subject_id=act.draft_id, unique_key=f"{key}:{job.id}")
        await enqueue(act.session, act.tenant_id, job)
    if was_by_rule:
        await act.decided(words, OperatorDecisionKind.CANCEL_AUTO, reason_code="regenerated")
    await act.recorded("draft.rewrite_asked", words.version, instruction_characters=len(instruction))
    return job.id
