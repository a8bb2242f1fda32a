"""Noticing what a person did to our drafts in the mailbox's own window: sent, changed, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sales_agent.connectors.mail.reader import SentMail
from sales_agent.connectors.readers import Readers
from sales_agent.controls.suppression_entries import address_digest
from sales_agent.kit.db import TenantDatabase
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.sending.models import SentBy
from sales_agent.pipeline.sending.outcome import record_sent
from sales_agent.pipeline.sending.push import sent_by_hand
from sales_agent.pipeline.sending.repository import SendRepository

# What is on its way is looked after by its own job.
WATCHED = (
    DraftState.NEEDS_REVIEW,
    DraftState.AUTO_APPROVED,
    DraftState.APPROVED,
    DraftState.HELD,
    DraftState.SNOOZED,
    DraftState.SEND_FAILED,
)

CHANGED = "a person changed the draft in the mailbox"
GONE = "a person changed the draft in the mailbox so that it has another id there, or threw it away"

# A round looks at the drafts touched last; older ones have been looked at often.
BATCH = 500


@dataclass(frozen=True, slots=True)
class MailboxWatch:
    """Watches one tenant's mailbox. `mailbox`: the address its sends are counted under."""

    db: TenantDatabase
    readers: Readers
    mailbox: str

    async def look(self) -> int:
        """Compare every open draft with what lies in the mailbox; how many differ. Raises provider errors."""
        async with self.db.transaction() as session:
            drafts = await DraftRepository(session, self.db.tenant_id).in_mailbox(WATCHED, BATCH)
        if not drafts:
            return 0
        lying = await self.readers.mail.drafts()
        differing = [found for found in drafts if lying.get(found[0].mail_draft_id or "") != found[0].mail_message_id]
        for draft, words in differing:
            await self._look_at(draft, words, lying)
        return len(differing)

    async def _look_at(self, draft: Draft, words: DraftVersion, lying: Mapping[str, str]) -> None:
        if draft.mail_draft_id in lying:
            await self._note(draft, CHANGED, "draft.changed_in_mailbox")
            return
        async with self.db.transaction() as session:
            known = await SendRepository(session, self.db.tenant_id).messages_to(address_digest(draft.to_address))
        mail = await sent_by_hand(self.readers.mail, draft, words.subject, known)
        if mail is None:
            await self._note(draft, GONE, "draft.gone_from_mailbox")
        else:
            await self._sent(draft, words, mail)

    async def _note(self, draft: Draft, what: str, action: str) -> None:
        """Said once, to whoever reads the draft next; a draft that we have written to since is left alone."""
        async with self.db.transaction() as session:
            drafts = DraftRepository(session, self.db.tenant_id)
            present = await self._still(drafts, draft)
            if present is None or present.mailbox_note == what:
                return
            await drafts.change(draft.id, mailbox_note=what)
            await record(session, self.db.tenant_id, _entry(action, draft))

    async def _sent(self, draft: Draft, words: DraftVersion, mail: SentMail) -> None:
        async with self.db.transaction() as session:
            if await self._still(DraftRepository(session, self.db.tenant_id), draft) is None:
                return
            send = await SendRepository(session, self.db.tenant_id).add_by_hand(
                draft_id=draft.id,
                draft_version=words.version,
                body_hash=words.body_hash,
                mailbox=self.mailbox,
                recipient_digest=address_digest(draft.to_address),
            )
            await record_sent(
                session,
                self.db.tenant_id,
                send.id,
                message_id=mail.message_id,
                thread_id=mail.thread_id,
                sent_by=SentBy.PERSON,
            )

    async def _still(self, drafts: DraftRepository, draft: Draft) -> Draft | None:
        """The draft, locked, unless it has moved on or was written to since it was compared."""
        present = await drafts.locked(draft.id)
        if present is None or present.state not in WATCHED:
            return None
        same = (present.mail_draft_id, present.mail_message_id) == (draft.mail_draft_id, draft.mail_message_id)
        return present if same else None


def _entry(action: str, draft: Draft) -> AuditEntry:
    return AuditEntry(action, subject=("draft", draft.id), run_id=draft.run_id, draft_id=draft.id)


async def missing_headers(db: TenantDatabase, limit: int) -> list[tuple[UUID, str]]:
    """Sends whose real Message-ID was not read back yet, with the message to ask for."""
    async with db.transaction() as session:
        sends = await SendRepository(session, db.tenant_id).without_header(limit)
    return [(send.id, send.message_id or "") for send in sends]
