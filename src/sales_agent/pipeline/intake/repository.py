"""The one statement of intake: submissions and their jobs, new or known, in one round trip."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.intake.hubspot_form import FormSubmission
from sales_agent.pipeline.queue.catalog import SPECS, JobKind
from sales_agent.pipeline.queue.repository import NOTIFY_CHANNEL

# A known submission only counts its delivery: its ids, its words and its state stay those of the first time.
_STORE = sa.text(f"""
    with given as (
        select r.id, r.run_id, r.job_id, r.dedupe_key, r.source_key, r.state, r.reason, r.portal_id, r.form_id, r.email,
               r.email_canonical, r.fields, r.page_uri, r.page_title, r.submitted_at, decode(r.raw, 'base64') as raw,
               r.trace_id
        from jsonb_to_recordset(cast(:rows as jsonb)) as r(
            id uuid, run_id uuid, job_id uuid, dedupe_key text, source_key text, state text, reason text,
            portal_id bigint, form_id text, email text, email_canonical text, fields jsonb, page_uri text,
            page_title text, submitted_at timestamptz, raw text, trace_id text)
    ), stored as (
        insert into submission (tenant_id, id, run_id, job_id, dedupe_key, source_key, state, reason, portal_id,
                                form_id, email, email_canonical, fields, page_uri, page_title, submitted_at, raw,
                                trace_id)
        select :tenant, g.* from given g
        on conflict (tenant_id, dedupe_key) do update set delivery_count = submission.delivery_count + 1
        returning id, run_id, job_id, dedupe_key, state, reason, trace_id, (xmax = 0) as is_new
    ), queued as (
        insert into job (tenant_id, id, kind, queue, subject_id, trace_id)
        select :tenant, job_id, :kind, :queue, run_id, trace_id from stored where is_new and state = 'accepted'
        returning id
    )
    select stored.*, case when exists (select 1 from queued) then pg_notify('{NOTIFY_CHANNEL}', '') end from stored""")  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """A submission on its way into the store, with the ids minted for it and the judgement made at the door."""

    id: UUID
    run_id: UUID
    job_id: UUID
    form: FormSubmission
    source_key: str
    state: str
    reason: str | None
    trace_id: str


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """What lies in the store now: the ids of the first delivery, and whether this was it."""

    id: UUID
    run_id: UUID
    job_id: UUID
    state: str
    reason: str | None
    is_new: bool


class IntakeRepository:
    """The door of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def store(self, submissions: Sequence[NewSubmission]) -> dict[str, StoredSubmission]:
        """Store all (dedupe keys must differ) with a job for each new accepted one; by dedupe key."""
        result = await self._session.execute(
            _STORE,
            {
                "tenant": self._tenant_id,
                "kind": JobKind.PROCESS_FORM_LEAD.value,
                "queue": SPECS[JobKind.PROCESS_FORM_LEAD].queue.value,
                # One document: the driver writes arrays value by value, at several times the price.
                "rows": json.dumps([_as_json(submission) for submission in submissions]),
            },
        )
        return {
            row.dedupe_key: StoredSubmission(row.id, row.run_id, row.job_id, row.state, row.reason, row.is_new)
            for row in result
        }


def _as_json(submission: NewSubmission) -> dict[str, object]:
    form = submission.form
    return {
        "id": str(submission.id),
        "run_id": str(submission.run_id),
        "job_id": str(submission.job_id),
        "dedupe_key": form.key,
        "source_key": submission.source_key,
        "state": submission.state,
        "reason": submission.reason,
        "portal_id": form.portal_id,
        "form_id": form.form_id,
        "email": form.email,
        "email_canonical": form.email_canonical,
        "fields": form.fields,
        "page_uri": form.page_uri,
        "page_title": form.page_title,
        "submitted_at": None if form.submitted_at is None else form.submitted_at.isoformat(),
        "raw": base64.b64encode(form.raw).decode(),
        "trace_id": submission.trace_id,
    }
