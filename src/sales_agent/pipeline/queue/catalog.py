"""The table of jobs: every kind of background work, its queue, its Celery task and how long it may take."""

from dataclasses import dataclass
from enum import StrEnum


class Queue(StrEnum):
    """Lines that do not wait for each other: a hundred thousand imported rows delay no webhook lead."""

    INTERACTIVE = "interactive"
    BULK = "bulk"
    SENDING = "sending"
    INBOUND = "inbound"
    MAINTENANCE = "maintenance"


class JobKind(StrEnum):
    """What a job does, as package and verb."""

    PROCESS_FORM_LEAD = "workflow.process_form_lead"
    REWRITE_DRAFT = "workflow.rewrite_draft"
    SEAL_AUDIT = "audit.seal"
    SETTLE_EFFECTS = "effects.settle"
    SEND_DRAFT = "sending.send_draft"
    RELEASE_HELD = "sending.release_held"
    WATCH_MAILBOX = "sending.watch_mailbox"
    TIDY_DRAFTS = "approval.tidy_drafts"
    EXPORT_ANCHORS = "audit.export_anchors"
    RELEASE_EFFECTS = "effects.release"


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One row of the catalog. `task` is the name Celery carries; `timeout_seconds` bounds one attempt.

    `done_again_by`: what a person does to have failed work of this kind done again, where its job cannot: the draft it
    was about has moved on. Empty where a retry of the job does it.
    """

    kind: JobKind
    task: str
    queue: Queue
    timeout_seconds: float
    done_again_by: str = ""


CATALOG: tuple[JobSpec, ...] = (
    # Longer than the limits of the steps on the longest path together (720 s), shorter than Redis's patience (900 s).
    JobSpec(JobKind.PROCESS_FORM_LEAD, "process_formlead_async", Queue.INTERACTIVE, timeout_seconds=780),
    JobSpec(
        JobKind.REWRITE_DRAFT,
        "rewrite_draft_async",
        Queue.INTERACTIVE,
        timeout_seconds=180,
        done_again_by="Ask for other words again.",
    ),
    JobSpec(JobKind.SEAL_AUDIT, "seal_audit_async", Queue.MAINTENANCE, timeout_seconds=60),
    JobSpec(JobKind.SETTLE_EFFECTS, "settle_effects_async", Queue.MAINTENANCE, timeout_seconds=120),
    JobSpec(
        JobKind.SEND_DRAFT,
        "send_draft_async",
        Queue.SENDING,
        timeout_seconds=180,
        done_again_by="Send the draft again.",
    ),
    JobSpec(JobKind.RELEASE_HELD, "release_held_async", Queue.MAINTENANCE, timeout_seconds=60),
    JobSpec(JobKind.WATCH_MAILBOX, "watch_mailbox_async", Queue.MAINTENANCE, timeout_seconds=120),
    JobSpec(JobKind.TIDY_DRAFTS, "tidy_drafts_async", Queue.MAINTENANCE, timeout_seconds=60),
    JobSpec(JobKind.EXPORT_ANCHORS, "export_anchors_async", Queue.MAINTENANCE, timeout_seconds=60),
    # A hundred calls to providers one after the other.
    JobSpec(JobKind.RELEASE_EFFECTS, "release_effects_async", Queue.MAINTENANCE, timeout_seconds=600),
)

SPECS: dict[JobKind, JobSpec] = {spec.kind: spec for spec in CATALOG}

_DONE_AGAIN_BY = {spec.kind.value: spec.done_again_by for spec in CATALOG if spec.done_again_by}


def done_again_by(kind: str) -> str | None:
    """What a person does to have failed work of this kind done again; None where its job is retried."""
    return _DONE_AGAIN_BY.get(kind)
