"""Receiving: judge each submission at the door, store it with its job in one transaction shared with its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sales_agent.kit.db import Database
from sales_agent.kit.group_commit import GroupCommit
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.intake.hubspot_form import FormSubmission
from sales_agent.pipeline.intake.repository import IntakeRepository, NewSubmission, StoredSubmission
from sales_agent.records.leads.models import SubmissionState

Batch = tuple[NewSubmission, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """What a webhook source lets in: its tenant, its portal, its forms (none listed: every form of the portal)."""

    tenant_id: UUID
    source_key: str
    portal_id: int
    form_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Received:
    """One submission with what became of it at the door."""

    form: FormSubmission
    stored: StoredSubmission


class Receiver:
    """Stores submissions; requests that wait at the same moment for the same tenant share one commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits: GroupCommit[UUID, Batch, tuple[StoredSubmission, ...]] = GroupCommit(self._write)

    async def receive(self, door: Door, forms: Sequence[FormSubmission], *, trace_id: str) -> Sequence[Received]:
        """Returns when every submission is durable; raises DatabaseUnavailable and then stores nothing."""
        batch = tuple(_judged(door, form, trace_id) for form in forms)
        stored = await self._commits.submit(door.tenant_id, batch)
        return [Received(form, row) for form, row in zip(forms, stored, strict=True)]

    async def _write(self, tenant_id: UUID, batches: Sequence[Batch]) -> Sequence[tuple[StoredSubmission, ...]]:
        # One statement cannot touch a row twice: the same submission from two requests at once is stored once.
        distinct = {item.form.key: item for batch in reversed(batches) for item in reversed(batch)}
        async with self._database.transaction(tenant_id) as session:
            # In one order everywhere, or two processes that hold the same submissions would wait for each other.
            stored = await IntakeRepository(session, tenant_id).store([distinct[key] for key in sorted(distinct)])
        told: set[UUID] = set()
        return [tuple(_told(stored[item.form.key], told) for item in batch) for batch in batches]


def reason_to_reject(door: Door, form: FormSubmission) -> str | None:
    """Why this submission gets no run, as a stable code; None when it does."""
    if not form.is_readable:
        return "unreadable"
    if form.portal_id is not None and form.portal_id != door.portal_id:
        return "portal_mismatch"
    if door.form_ids and form.form_id and form.form_id not in door.form_ids:
        return "unknown_form"
    if not form.email:
        return "no_email"
    return None


def _told(row: StoredSubmission, told: set[UUID]) -> StoredSubmission:
    """The row as this delivery hears of it: of several in one commit, the submission is new to the first only."""
    if row.id in told:
        return replace(row, is_new=False)
    told.add(row.id)
    return row


def _judged(door: Door, form: FormSubmission, trace_id: str) -> NewSubmission:
    reason = reason_to_reject(door, form)
    return NewSubmission(
        id=new_id(),
        run_id=new_id(),
        job_id=new_id(),
        form=form,
        source_key=door.source_key,
        state=SubmissionState.ACCEPTED if reason is None else SubmissionState.REJECTED,
        reason=reason,
        trace_id=trace_id,
    )
