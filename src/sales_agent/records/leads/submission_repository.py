"""Every query that reads submissions; they are stored at the door, by intake."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sales_agent.kit.pagination import Cursor, Page
from sales_agent.records.leads.models import Submission, SubmissionState


class SubmissionRepository:
    """The submissions of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, submission_id: UUID) -> Submission | None:
        """One submission."""
        return await self._session.get(Submission, (self._tenant_id, submission_id))

    async def of_run(self, run_id: UUID) -> Submission | None:
        """The submission that a run answers."""
        return await self._session.scalar(
            sa.select(Submission).where(Submission.tenant_id == self._tenant_id, Submission.run_id == run_id)
        )

    async def page(self, *, after: Cursor | None, limit: int, state: SubmissionState | None = None) -> Page[Submission]:
        """Submissions, newest first."""
        matching = sa.select(Submission).where(Submission.tenant_id == self._tenant_id)
        if state is not None:
            matching = matching.where(Submission.state == state)
        if after is not None:
            matching = matching.where(sa.tuple_(Submission.created_at, Submission.id) < (after.at, after.id))
        rows = await self._session.scalars(
            matching.order_by(Submission.created_at.desc(), Submission.id.desc()).limit(limit + 1)
        )
        found = rows.all()
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)

    async def same_words_before(self, submission_id: UUID, *, within_hours: int) -> UUID | None:
        """The newest accepted submission shortly before this one: same words, same person, same form.

        Same words: every field equal. Person: canonical address (no address, no person). Of two stored at the same
        moment the smaller id is the earlier one, so two never call each other the duplicate.
        """
        this, earlier = aliased(Submission), aliased(Submission)
        return await self._session.scalar(
            sa.select(earlier.id)
            .join(this, this.tenant_id == earlier.tenant_id)
            .where(this.tenant_id == self._tenant_id, this.id == submission_id, this.email_canonical != "")
            .where(earlier.state == SubmissionState.ACCEPTED, earlier.email_canonical == this.email_canonical)
            .where(earlier.form_id == this.form_id, earlier.fields == this.fields)
            .where(sa.tuple_(earlier.created_at, earlier.id) < sa.tuple_(this.created_at, this.id))
            .where(earlier.created_at >= this.created_at - sa.func.make_interval(0, 0, 0, 0, within_hours))
            .order_by(earlier.created_at.desc(), earlier.id.desc())
            .limit(1)
        )
