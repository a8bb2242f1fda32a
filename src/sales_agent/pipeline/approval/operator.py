"""What a person decides about a draft: approve, send, undo, reject, cancel, reopen, snooze, wake; each is one move."""

import datetime as dt
from enum import StrEnum
from typing import Final

from sales_agent.content import Finding, Severity
from sales_agent.kit.errors import Conflict, InvalidInput
from sales_agent.pipeline.approval.acting import ANY_WORDS, Act, Expected
from sales_agent.pipeline.approval.approvals import grant
from sales_agent.pipeline.approval.fingerprint import stored_world
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.approval.outgoing import queue_send, take_back
from sales_agent.pipeline.drafting.actions import DraftAction, require_action, waiting_state
from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.documents import findings_of
from sales_agent.pipeline.drafting.models import DraftState, DraftVersion
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.repository import JobRepository

# A draft that sleeps longer answers nothing any more.
LONGEST_SNOOZE: Final = dt.timedelta(days=365)


class RejectReason(StrEnum):
    """Why a person rejects a draft; `other` needs words."""

    WRONG_FACTS = "wrong_facts"
    WRONG_PERSON = "wrong_person"
    TONE = "tone"
    NOT_A_FIT = "not_a_fit"
    ALREADY_HANDLED = "already_handled"
    DUPLICATE = "duplicate"
    LEGAL = "legal"
    OTHER = "other"


class DraftNotChecked(Conflict):
    """The checks have not run over these words yet; wait a moment, or edit the draft, which runs them."""


class DraftHasBlockingFindings(Conflict):
    """A finding blocks these words; edit the draft so that it is gone, or reject it."""


class RejectReasonNeedsText(InvalidInput):
    """The reason `other` says nothing by itself; say in `text` what is wrong."""


class SnoozeTimeInvalid(InvalidInput):
    """Snooze until a moment with a time zone, later than now and within a year."""


async def approve(act: Act, expected: Expected = ANY_WORDS, *, note: str | None = None) -> None:
    """Approve the newest words for their recipient, in the world as it is stored now.

    Raises DraftNotFound, DraftChanged, DraftNotChecked, DraftHasBlockingFindings, DraftMoveNotAllowed.
    """
    draft, words = await act.locked(expected)
    _require_harmless(words)
    require_action(draft, DraftAction.APPROVE)
    world = await stored_world(act.session, act.tenant_id, draft, words)
    await set_state(act.session, act.tenant_id, draft.id, DraftState.APPROVED, actor=act.actor)
    await grant(act.session, act.tenant_id, draft, words, actor=act.actor, world=world)
    await act.decided(words, OperatorDecisionKind.APPROVE, note=note)


async def send(act: Act, expected: Expected = ANY_WORDS, *, undo_seconds: float) -> dt.datetime:
    """Queue the send; when it begins. Raises as `queue_send`, and DraftChanged.

    Whoever sends what a rule has let go approves it: from then on it is their word, whatever becomes of the rule.
    """
    draft, _ = await act.opened(DraftAction.SEND, expected)
    if draft.state == DraftState.AUTO_APPROVED:
        await approve(act, expected)
    return await queue_send(act.session, act.tenant_id, act.draft_id, actor=act.actor, delay_seconds=undo_seconds)


async def undo(act: Act) -> None:
    """Take an approval back, and the queued send with it. Raises DraftMoveNotAllowed once the send has begun."""
    _, words = await act.opened(DraftAction.UNDO)
    was_by_rule = await act.end_approval("taken back")
    await take_back(act.session, act.tenant_id, act.draft_id, actor=act.actor)
    if was_by_rule:
        await act.decided(words, OperatorDecisionKind.CANCEL_AUTO, reason_code="withdrawn")


async def reject(
    act: Act,
    reason: RejectReason,
    expected: Expected = ANY_WORDS,
    *,
    text: str | None = None,
    note: str | None = None,
) -> None:
    """Reject the newest words. Raises RejectReasonNeedsText too."""
    if reason is RejectReason.OTHER and not text:
        raise RejectReasonNeedsText
    _, words = await act.opened(DraftAction.REJECT, expected)
    was_by_rule = await act.end_approval("rejected")
    said = f"{reason}: {text}" if text else reason.value
    await set_state(act.session, act.tenant_id, act.draft_id, DraftState.REJECTED, reason=said, actor=act.actor)
    kind = OperatorDecisionKind.CANCEL_AUTO if was_by_rule else OperatorDecisionKind.REJECT
    await act.decided(words, kind, reason_code=reason, note=text or note)


async def cancel(act: Act, *, note: str | None = None) -> None:
    """End the draft without judging its words; its queued send does not begin, nor does a writer that was asked."""
    _, words = await act.opened(DraftAction.CANCEL)
    was_by_rule = await act.end_approval("cancelled")
    await set_state(act.session, act.tenant_id, act.draft_id, DraftState.CANCELLED, reason=note, actor=act.actor)
    for kind in (JobKind.SEND_DRAFT, JobKind.REWRITE_DRAFT):
        await JobRepository(act.session, act.tenant_id).cancel_waiting(kind, act.draft_id)
    if was_by_rule:
        await act.decided(words, OperatorDecisionKind.CANCEL_AUTO, reason_code="cancelled", note=note)


async def reopen(act: Act) -> None:
    """Let a draft that was over wait for a person again, unapproved; blocked where a finding blocks it."""
    draft, _ = await act.opened(DraftAction.REOPEN)
    await act.end_approval("opened again")
    await set_state(act.session, act.tenant_id, act.draft_id, waiting_state(draft), actor=act.actor)


async def snooze(act: Act, until: dt.datetime) -> None:
    """Let the draft sleep until then, or until the person it is for writes. Raises SnoozeTimeInvalid."""
    if until.tzinfo is None or not act.now < until <= act.now + LONGEST_SNOOZE:
        raise SnoozeTimeInvalid
    _, words = await act.opened(DraftAction.SNOOZE)
    was_by_rule = await act.end_approval("snoozed")
    await set_state(act.session, act.tenant_id, act.draft_id, DraftState.SNOOZED, actor=act.actor)
    await act.drafts.change(act.draft_id, snoozed_until=until, waits_since=act.now)
    if was_by_rule:
        await act.decided(words, OperatorDecisionKind.CANCEL_AUTO, reason_code="snoozed")


async def wake(act: Act) -> None:
    """End a snooze before its time."""
    draft, _ = await act.opened(DraftAction.WAKE)
    await set_state(act.session, act.tenant_id, act.draft_id, waiting_state(draft), actor=act.actor)


def _require_harmless(words: DraftVersion) -> None:
    if words.findings is None:
        raise DraftNotChecked(version=words.version)
    blocking = [_shown(finding) for finding in findings_of(words.findings) if finding.severity is Severity.BLOCK]
    if blocking:
        raise DraftHasBlockingFindings(version=words.version, findings=blocking)


def _shown(finding: Finding) -> dict[str, object]:
    return {"check": finding.check, "code": finding.code, "message": finding.message, "fix": finding.fix}
