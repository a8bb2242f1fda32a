"""Every query on drafts, their versions and voices."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.ids import new_id
from sales_agent.kit.pagination import Cursor, Page
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion, VoiceProfile


@dataclass(frozen=True, slots=True)
class DraftFilter:
    """Which drafts a page shows; None: any."""

    state: DraftState | None = None
    contact_id: UUID | None = None
    run_id: UUID | None = None


DraftWithWords = tuple[Draft, DraftVersion]


class DraftRepository:
    """The drafts of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, draft_id: UUID) -> DraftWithWords | None:
        """A draft with its newest version."""
        found = await self._session.execute(self._with_words().where(Draft.id == draft_id))
        return found.one_or_none()

    async def page(self, wanted: DraftFilter, *, after: Cursor | None, limit: int) -> Page[DraftWithWords]:
        """Drafts with their newest versions, newest draft first."""
        matching = self._with_words()
        if wanted.state is not None:
            matching = matching.where(Draft.state == wanted.state)
        if wanted.contact_id is not None:
            matching = matching.where(Draft.contact_id == wanted.contact_id)
        if wanted.run_id is not None:
            matching = matching.where(Draft.run_id == wanted.run_id)
        if after is not None:
            matching = matching.where(sa.tuple_(Draft.created_at, Draft.id) < (after.at, after.id))
        found = await self._session.execute(
            matching.order_by(Draft.created_at.desc(), Draft.id.desc()).limit(limit + 1)
        )
        rows = found.all()
        last = rows[limit - 1][0] if len(rows) > limit else None
        return Page(rows[:limit], Cursor(last.created_at, last.id).encode() if last is not None else None)

    async def versions(self, draft_id: UUID) -> Sequence[DraftVersion]:
        """All versions of a draft, newest first."""
        rows = await self._session.scalars(
            sa.select(DraftVersion)
            .where(DraftVersion.tenant_id == self._tenant_id, DraftVersion.draft_id == draft_id)
            .order_by(DraftVersion.version.desc())
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def version(self, draft_id: UUID, version: int) -> DraftVersion | None:
        """One version."""
        return await self._session.scalar(
            sa.select(DraftVersion)
            .where(DraftVersion.tenant_id == self._tenant_id, DraftVersion.draft_id == draft_id)
            .where(DraftVersion.version == version)
            .execution_options(populate_existing=True)
        )

    async def locked(self, draft_id: UUID) -> Draft | None:
        """A draft, locked until the transaction ends."""
        return await self._session.get(Draft, (self._tenant_id, draft_id), with_for_update=True, populate_existing=True)

    async def lock_free_in(self, state: DraftState) -> Sequence[UUID]:
        """The drafts in a state that nobody is at, by id, locked until the transaction ends; waits for none."""
        rows = await self._session.scalars(
            sa.select(Draft.id)
            .where(Draft.tenant_id == self._tenant_id, Draft.state == state)
            .order_by(Draft.id)
            .with_for_update(skip_locked=True)
        )
        return rows.all()

    async def is_any_in(self, state: DraftState) -> bool:
        """Whether any draft is in a state."""
        found = sa.select(Draft.id).where(Draft.tenant_id == self._tenant_id, Draft.state == state).exists()
        return bool(await self._session.scalar(sa.select(found)))

    async def add(self, run_id: UUID | None, **values: object) -> tuple[Draft, bool]:
        """A new draft of a run, or the one it has, locked; and whether it is new."""
        inserted = await self._session.scalar(
            insert(Draft)
            .values(tenant_id=self._tenant_id, id=new_id(), run_id=run_id, **values)
            .on_conflict_do_nothing(index_elements=["tenant_id", "run_id"])
            .returning(Draft.id)
        )
        of_run = Draft.run_id == run_id if inserted is None else Draft.id == inserted
        found = await self._session.scalars(
            sa.select(Draft)
            .where(Draft.tenant_id == self._tenant_id, of_run)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return found.one(), inserted is not None

    async def add_version(self, draft_id: UUID, version: int, **values: object) -> None:
        """The words of a draft from now on."""
        await self._session.execute(
            sa.insert(DraftVersion).values(
                tenant_id=self._tenant_id, id=new_id(), draft_id=draft_id, version=version, **values
            )
        )

    async def set_findings(self, draft_id: UUID, version: int, findings: list[object]) -> bool:
        """Keep what was found in a version; False if something was kept before."""
        rows = await self._session.execute(
            sa.update(DraftVersion)
            .where(DraftVersion.tenant_id == self._tenant_id, DraftVersion.draft_id == draft_id)
            .where(DraftVersion.version == version, DraftVersion.findings.is_(sa.null()))
            .values(findings=findings)
            .returning(DraftVersion.id)
        )
        return rows.first() is not None

    async def change(self, draft_id: UUID, **values: object) -> None:
        """Change columns of a draft."""
        await self._session.execute(
            sa.update(Draft)
            .where(Draft.tenant_id == self._tenant_id, Draft.id == draft_id)
            .values(updated_at=sa.func.now(), **values),
            # The row in hand tells how things stood before.
            execution_options={"synchronize_session": False},
        )

    async def in_mailbox(self, states: Collection[DraftState], limit: int) -> Sequence[DraftWithWords]:
        """Drafts in these states that lie in the seller's mailbox, with their newest words, last touched first."""
        found = await self._session.execute(
            self._with_words()
            .where(Draft.state.in_(states), Draft.mail_draft_id.is_not(None))
            .order_by(Draft.updated_at.desc())
            .limit(limit)
        )
        return found.all()

    async def enter(self, draft_id: UUID, state: DraftState, *, reason: str | None = None) -> None:
        """Put a draft into a state, which lasts from now on; a snooze that was planned is over."""
        await self.change(
            draft_id,
            state=state,
            state_reason=reason,
            state_since=sa.func.now(),
            snoozed_until=None,
            waits_since=None,
        )

    async def set_send_at(self, draft_id: UUID, delay_seconds: float) -> dt.datetime:
        """Note when the send begins, counted from now by the database's clock, as a job's delay is."""
        begins = sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, delay_seconds)
        changed = await self._session.execute(
            sa.update(Draft)
            .where(Draft.tenant_id == self._tenant_id, Draft.id == draft_id)
            .values(send_at=begins)
            .returning(sa.type_coerce(Draft.send_at, sa.DateTime(timezone=True))),
            execution_options={"synchronize_session": False},
        )
        return changed.scalar_one()

    def _with_words(self) -> sa.Select[Draft, DraftVersion]:
        newest = sa.and_(
            DraftVersion.tenant_id == Draft.tenant_id,
            DraftVersion.draft_id == Draft.id,
            DraftVersion.version == Draft.version,
        )
        return (
            sa.select(Draft, DraftVersion)
            .join(DraftVersion, newest)
            .where(Draft.tenant_id == self._tenant_id)
            .execution_options(populate_existing=True)
        )


class VoiceRepository:
    """The voices of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def default(self) -> VoiceProfile | None:
        """The voice marked default; the one marked last where two are."""
        return await self._session.scalar(
            sa.select(VoiceProfile)
            .where(VoiceProfile.tenant_id == self._tenant_id, VoiceProfile.is_default)
            .order_by(VoiceProfile.created_at.desc(), VoiceProfile.id.desc())
            .limit(1)
        )
