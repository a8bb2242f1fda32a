"""From stored drafts to what the API shows."""

from collections.abc import Sequence
from typing import Any

from sales_agent.content import Severity
from sales_agent.pipeline.drafting import schemas
from sales_agent.pipeline.drafting.actions import Caller, allowed_actions
from sales_agent.pipeline.drafting.documents import content_of, findings_of
from sales_agent.pipeline.drafting.evidence import SupportedSentence, resolved
from sales_agent.pipeline.drafting.models import Draft, DraftNote, DraftState, DraftVersion
from sales_agent.pipeline.drafting.states import Mover, allowed_moves
from sales_agent.safety.check import worst

# Two lines of a list.
_PREVIEW_CHARACTERS = 160

# 48 bits beside the version's number: enough to tell words apart, short enough for a header.
_HASH_CHARACTERS = 12


def summary(draft: Draft, words: DraftVersion, caller: Caller) -> schemas.DraftSummary:
    """One row of a list."""
    return schemas.DraftSummary(**_summary_fields(draft, words, caller))


def detail(
    draft: Draft,
    words: DraftVersion,
    caller: Caller,
    *,
    versions: Sequence[DraftVersion],
    notes: Sequence[DraftNote],
    footer: str,
) -> schemas.DraftDetail:
    """Everything about a draft."""
    content = content_of(words.content)
    return schemas.DraftDetail(
        **_summary_fields(draft, words, caller),
        body=words.body,
        body_hash=words.body_hash,
        footer=footer,
        call_to_action=content.call_to_action,
        asset_id=content.asset_id,
        thread_id=draft.thread_id,
        in_reply_to=draft.in_reply_to,
        mail_draft_id=draft.mail_draft_id,
        omissions=list(content.omissions),
        sentences=[_sentence(sentence) for sentence in resolved(content)],
        is_checked=words.findings is not None,
        findings=_findings(words),
        versions=[schemas.ShownVersion(**_version_fields(version)) for version in versions],
        notes=[schemas.ShownNote.model_validate(note, from_attributes=True) for note in notes],
        etag=etag_of(words.version, words.body_hash),
        allowed_moves=[
            schemas.ShownMove(name=move.name, to=move.after)
            for move in allowed_moves(DraftState(draft.state), Mover.OPERATOR)
        ],
    )


def version_detail(version: DraftVersion) -> schemas.VersionDetail:
    """One version with its words."""
    return schemas.VersionDetail(
        **_version_fields(version),
        subject=version.subject,
        body=version.body,
        sentences=[_sentence(sentence) for sentence in resolved(content_of(version.content))],
        findings=_findings(version),
    )


def etag_of(version: int, body_hash: str) -> str:
    """The entity tag that names exactly these words of a draft."""
    return f'"v{version}-{body_hash[:_HASH_CHARACTERS]}"'


def _findings(words: DraftVersion) -> list[schemas.ShownFinding]:
    return [
        schemas.ShownFinding.model_validate(finding, from_attributes=True)
        for finding in findings_of(words.findings or [])
    ]


def _summary_fields(draft: Draft, words: DraftVersion, caller: Caller) -> dict[str, Any]:
    return {
        "id": draft.id,
        "state": draft.state,
        "state_reason": draft.state_reason,
        "version": draft.version,
        "run_id": draft.run_id,
        "recipient": schemas.Recipient(address=draft.to_address, name=draft.to_name, contact_id=draft.contact_id),
        "subject": words.subject,
        "preview": " ".join(words.body.split())[:_PREVIEW_CHARACTERS],
        "worst_severity": draft.worst_severity,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
        "state_since": draft.state_since,
        "send_at": draft.send_at if draft.state == DraftState.QUEUED else None,
        "snoozed_until": draft.snoozed_until,
        "assigned_to": draft.assigned_to,
        "claimed_by": draft.claimed_by,
        "claimed_until": draft.claimed_until,
        "allowed_actions": allowed_actions(draft, caller),
    }


def _sentence(shown: SupportedSentence) -> schemas.ShownSentence:
    return schemas.ShownSentence(
        number=shown.number,
        type=shown.sentence.type,
        text=shown.sentence.text,
        paragraph=shown.sentence.paragraph,
        support=shown.support,
        evidence=[
            schemas.ShownEvidence(
                id=item.evidence.id,
                kind=item.evidence.kind,
                locator=item.evidence.locator,
                where=item.where,
                text=item.evidence.text,
            )
            for item in shown.evidence
        ],
    )


def _version_fields(version: DraftVersion) -> dict[str, Any]:
    found: Severity | None = worst(findings_of(version.findings or []))
    return {
        "version": version.version,
        "author": version.author,
        "model": version.model,
        "prompt_version": version.prompt_version,
        "pipeline_version": version.pipeline_version,
        "body_hash": version.body_hash,
        "worst_severity": found,
        "created_at": version.created_at,
    }
