"""The one statement of intake: submissions and their jobs, new or known, in one round trip."""

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
        select * from unnest(
            cast(:ids as uuid[]), cast(:run_ids as uuid[]), cast(:job_ids as uuid[]), cast(:keys as text[]),
            cast(:sources as text[]), cast(:states as text[]), cast(:reasons as text[]), cast(:portals as bigint[]),
            cast(:forms as text[]), cast(:emails as text[]), cast(:canonicals as text[]), cast(:fields as jsonb[]),
            cast(:uris as text[]), cast(:titles as text[]), cast(:submitted as timestamptz[]), cast(:raws as bytea[]),
            cast(:traces as text[]))
        as g(id, run_id, job_id, dedupe_key, source_key, state, reason, portal_id, form_id, email, email_canonical,
             fields, page_uri, page_title, submitted_at, raw, trace_id)
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
        forms = [submission.form for submission in submissions]
        result = await self._session.execute(
            _STORE,
            {
                "tenant": self._tenant_id,
                "kind": JobKind.PROCESS_FORM_LEAD.value,
                "queue": SPECS[JobKind.PROCESS_FORM_LEAD].queue.value,
                "ids": [submission.id for submission in submissions],
                "run_ids": [submission.run_id for submission in submissions],
                "job_ids": [submission.job_id for submission in submissions],
                "sources": [submission.source_key for submission in submissions],
                "states": [submission.state for submission in submissions],
                "reasons": [submission.reason for submission in submissions],
                "traces": [submission.trace_id for submission in submissions],
                "keys": [form.key for form in forms],
                "portals": [form.portal_id for form in forms],
                "forms": [form.form_id for form in forms],
                "emails": [form.email for form in forms],
                "canonicals": [form.email_canonical for form in forms],
                "fields": [json.dumps(form.fields) for form in forms],
                "uris": [form.page_uri for form in forms],
                "titles": [form.page_title for form in forms],
                "submitted": [form.submitted_at for form in forms],
                "raws": [form.raw for form in forms],
            },
        )
        return {
            row.dedupe_key: StoredSubmission(row.id, row.run_id, row.job_id, row.state, row.reason, row.is_new)
            for row in result
        }
