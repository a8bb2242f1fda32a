"""One action of one person on one draft: opened under a lock, held against what they read, written down."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.errors import PreconditionFailed
from sales_agent.kit.storable import storable_text
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.approval.approval_repository import ApprovalRepository
from sales_agent.pipeline.approval.approvals import void
from sales_agent.pipeline.approval.demotion import observe
from sales_agent.pipeline.approval.models import OperatorDecisionKind
from sales_agent.pipeline.approval.operator_repository import OperatorDecisionRepository
from sales_agent.pipeline.approval.repository import DecisionRepository
from sales_agent.pipeline.drafting.actions import DraftAction, require_action
from sales_agent.pipeline.drafting.create import DraftNotFound
from sales_agent.pipeline.drafting.models import Draft, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.drafting.showing import etag_of


class DraftChanged(PreconditionFailed):
    """The draft was changed since you read it; read it again and decide about its present words."""


class WordsUnknown(PreconditionFailed):
    """This draft never had such words: send the `etag` (If-Match), `version` or `body_hash` of it as you read it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The words a person has read, as far as they say: entity tags (any of them), version, digest. None: not said."""

    etags: tuple[str, ...] | None = None
    version: int | None = None
    body_hash: str | None = None

    @classmethod
    def of(cls, if_match: str | None, version: int | None = None, body_hash: str | None = None) -> "Expected":
        """From an If-Match header and what a body says. `*` stands for whatever words there are."""
        tags = [tag.strip().removeprefix("W/").strip('"') for tag in (if_match or "*").split(",")]
        return cls(None if "*" in tags else tuple(tags), version, body_hash)

    def are(self, words: DraftVersion) -> bool:
        """Whether these are the words."""
        tag = etag_of(words.version, words.body_hash).strip('"')
        return (
            (self.etags is None or tag in self.etags)
            and self.version in {None, words.version}
            and self.body_hash in {None, words.body_hash}
        )


ANY_WORDS = Expected()


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to which draft, when, and the transaction it happens in."""

    session: AsyncSession
    tenant_id: UUID
    draft_id: UUID
    actor: str
    now: dt.datetime

    @property
    def drafts(self) -> DraftRepository:
        """The tenant's drafts."""
        return DraftRepository(self.session, self.tenant_id)

    async def locked(self, expected: Expected = ANY_WORDS) -> tuple[Draft, DraftVersion]:
        """The draft, locked, with its newest words. Raises DraftNotFound, DraftChanged, WordsUnknown."""
        if await self.drafts.locked(self.draft_id) is None:
            raise DraftNotFound(draft_id=self.draft_id)
        found = await self.drafts.get(self.draft_id)
        if found is None:
            raise DraftNotFound(draft_id=self.draft_id)
        draft, words = found
        if not expected.are(words):
            if not any(expected.are(earlier) for earlier in await self.drafts.versions(self.draft_id)):
                raise WordsUnknown(version=words.version, etag=etag_of(words.version, words.body_hash))
            raise DraftChanged(
                version=words.version,
                body_hash=words.body_hash,
                etag=etag_of(words.version, words.body_hash),
                state=draft.state,
                changed_by=words.author,
                changed_at=words.created_at.isoformat(),
            )
        return draft, words

    async def opened(self, action: DraftAction, expected: Expected = ANY_WORDS) -> tuple[Draft, DraftVersion]:
        """The same, where the action is possible now. Raises DraftMoveNotAllowed too."""
        draft, words = await self.locked(expected)
        require_action(draft, action)
        return draft, words

    async def end_approval(self, because: str) -> bool:
        """End the approval of the draft, if it has one; whether a rule had given it."""
        approval = await ApprovalRepository(self.session, self.tenant_id).unvoided(self.draft_id)
        if approval is None:
            return False
        await void(self.session, self.tenant_id, self.draft_id, because=because, actor=self.actor)
        return approval.rule_type is not None

    async def decided(
        self,
        words: DraftVersion,
        kind: OperatorDecisionKind,
        *,
        reason_code: str | None = None,
        note: str | None = None,
    ) -> None:
        """Keep what the person decided about these words, beside what the rules had said of them.

        Where a rule had let them go, it is judged by it.
        """
        logged = await DecisionRepository(self.session, self.tenant_id).get(self.draft_id, words.version)
        await OperatorDecisionRepository(self.session, self.tenant_id).add(
            self.draft_id,
            words.version,
            kind=kind,
            reason_code=reason_code,
            note=storable_text(note) if note else None,
            decided_at=self.now,
            actor=self.actor,
            log_id=logged.id if logged is not None else None,
        )
        await self.recorded("draft.decided", words.version, kind=kind, reason_code=reason_code)
        await observe(self.session, self.tenant_id, self.draft_id, agreed=kind is OperatorDecisionKind.APPROVE)

    async def recorded(self, action: str, version: int, **facts: object) -> None:
        """Write an audit event; `facts` are codes, ids and counts."""
        entry = AuditEntry(
            action,
            actor=self.actor,
            subject=("draft", self.draft_id),
            draft_id=self.draft_id,
            facts={"version": version, **facts},
        )
        await record(self.session, self.tenant_id, entry)
