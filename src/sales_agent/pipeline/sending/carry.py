"""Carrying a send out: the claim, the words into the mailbox, the call, and the proof; again from where it stopped."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

import structlog

from sales_agent.connectors.errors import AuthExpired, Missing, Permanent, ProviderError
from sales_agent.connectors.mail.reader import SentMail
from sales_agent.connectors.readers import Readers
from sales_agent.effects.models import EffectStatus
from sales_agent.effects.once import EffectOutcome, EffectRequest, EffectsDoor, EffectUnsettled
from sales_agent.effects.repository import EffectRepository
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.kit.errors import AppError
from sales_agent.pipeline.approval.fingerprint import World
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.queue.retry import NotYet
from sales_agent.pipeline.sending.claim import Claimed, Mailbox, claim, is_in_the_air
from sales_agent.pipeline.sending.gates import Held
from sales_agent.pipeline.sending.keys import send_key
from sales_agent.pipeline.sending.mail import outgoing_mail
from sales_agent.pipeline.sending.mail_kinds import SEND_MAIL, SendWish, send_objection
from sales_agent.pipeline.sending.models import SentBy
from sales_agent.pipeline.sending.outcome import fail, hold, lose_sight, put_back, record_sent, simulate
from sales_agent.pipeline.sending.push import Pushed, Touched, push
from sales_agent.pipeline.sending.remember import remember_world
from sales_agent.pipeline.sending.repository import SendRepository

log = structlog.get_logger()

# Evidence is looked for so often, each wait twice the last; then a person is asked whether the mail arrived.
MAX_LOOKS = 6

# Gmail does not answer: seconds until it is asked again about a mail that may have left.
FAILED_LOOK_SECONDS = 30.0

# A person was at the draft between two looks of ours: look again at once.
AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """Sends one tenant's mails within one job. `look_seconds`: the first wait before evidence is looked for again."""

    db: TenantDatabase
    door: EffectsDoor
    readers: Readers
    mailbox: Mailbox
    clock: Clock
    look_seconds: float

    async def carry(self, draft_id: UUID) -> None:
        """Send the draft if it may go. Raises NotYet, and what the job is to be retried for."""
        async with self.db.transaction() as session:
            await self.door.fence(session)
            seconds = await SendRepository(session, self.db.tenant_id).seconds_until_due(draft_id)
            if seconds > 0:
                raise NotYet(seconds)
            claimed = await claim(session, self.db.tenant_id, draft_id, mailbox=self.mailbox, clock=self.clock)
        if claimed is None:
            return
        try:
            await self._carry(claimed)
        except Exception:
            await self._put_back(claimed)
            raise

    async def _carry(self, claimed: Claimed) -> None:
        wish = await self._in_the_air(claimed)
        if wish is None and claimed.approved is not None:
            wish = await self._push(claimed, claimed.approved)
        if wish is None:
            return
        if claimed.is_simulation:
            await self._simulate(claimed, wish)
        else:
            await self._send(claimed, wish)

    async def _put_back(self, claimed: Claimed) -> None:
        """Between two attempts a draft waits in the line again, where it can be taken back, and a stop finds it.

        Not where the call may have been made. Whatever went wrong before is told, not what goes wrong here.
        """
        with contextlib.suppress(AppError):
            async with self.db.transaction() as session:
                await self.door.fence(session)
                if not await is_in_the_air(session, self.db.tenant_id, claimed.send.id):
                    await put_back(session, self.db.tenant_id, claimed.send)

    async def _in_the_air(self, claimed: Claimed) -> SendWish | None:
        """What was wished for where the call may have been made already: then nothing in the mailbox is touched."""
        async with self.db.transaction() as session:
            effect = await EffectRepository(session, self.db.tenant_id).open_of(send_key(claimed.send.id))
        return None if effect is None else self.door.payload_of(effect)

    async def _push(self, claimed: Claimed, approved: World) -> SendWish | None:
        """The wish to send, once the approved words lie in the mailbox; None where the send has come to an end."""
        mail = outgoing_mail(self.db.tenant_id, claimed, self.mailbox)
        async with self.db.transaction() as session:
            known = await SendRepository(session, self.db.tenant_id).messages_to(claimed.send.recipient_digest)
        try:
            pushed = await push(claimed, mail, self.readers.mail, self.door, known)
        except Missing as error:
            raise NotYet(AGAIN_SECONDS) from error
        except Permanent as error:
            await self._fail(claimed, error)
            return None
        match pushed:
            case Pushed():
                return await self._wish(claimed, approved, pushed)
            case SentMail():
                await self._sent_by_person(claimed, pushed)
            case Touched():
                await self._hold(claimed, pushed.held, seen_in_mailbox=pushed.seen)
            case Held():
                await self._hold(claimed, pushed)
        return None

    async def _wish(self, claimed: Claimed, approved: World, pushed: Pushed) -> SendWish:
        async with self.db.transaction() as session:
            await SendRepository(session, self.db.tenant_id).change(
                claimed.send.id, pushed_message_id=pushed.message_id
            )
        return SendWish(
            send_id=claimed.send.id,
            draft_id=claimed.draft.id,
            draft_version=claimed.words.version,
            body_hash=claimed.words.body_hash,
            to_address=claimed.draft.to_address,
            thread_id=claimed.draft.thread_id,
            mail_draft_id=pushed.mail_draft_id,
            mail_message_id=pushed.message_id,
            markers=pushed.markers,
            approved=approved,
            calendar_ids=self.mailbox.seller.calendar_ids,
        )

    async def _simulate(self, claimed: Claimed, wish: SendWish) -> None:
        objection = await send_objection(self.readers, wish)
        if objection is not None:
            await self._hold_for_the_world(claimed, objection)
            return
        async with self.db.transaction() as session:
            await self.door.fence(session)
            await simulate(session, self.db.tenant_id, claimed.send, claimed.would_wait)

    async def _send(self, claimed: Claimed, wish: SendWish) -> None:
        request = EffectRequest(send_key(claimed.send.id), SEND_MAIL.name, wish, claimed.draft.run_id)
        try:
            outcome = await self.door.once(request)
        except EffectUnsettled as error:
            await self._look_again_later(claimed, error)
        except ProviderError as error:
            await self._refused(claimed, error)
        else:
            await self._conclude(claimed, outcome)

    async def _refused(self, claimed: Claimed, error: ProviderError) -> None:
        """The provider said no: to the call, or to being asked about an earlier one, which proves nothing."""
        if await self._in_the_air(claimed) is not None:
            await self._look_up_failed(claimed, error)
        if isinstance(error, Missing):  # a person was quicker: the next look tells what they did
            raise NotYet(AGAIN_SECONDS) from error
        if not isinstance(error, Permanent):
            raise error
        await self._fail(claimed, error)

    async def _look_up_failed(self, claimed: Claimed, error: ProviderError) -> NoReturn:
        """Not a look: it stays unknown, and the mailbox is asked again for as long as it does not answer."""
        async with self.db.transaction() as session:
            await self.door.fence(session)
            await lose_sight(session, self.db.tenant_id, claimed.send, looks=claimed.send.looks)
        if isinstance(error, AuthExpired):  # parked until somebody connects the mailbox again
            raise error
        raise NotYet(max(FAILED_LOOK_SECONDS, self.look_seconds)) from error

    async def _conclude(self, claimed: Claimed, outcome: EffectOutcome) -> None:
        if outcome.status is EffectStatus.DONE:
            await self.read_back(claimed.send.id, outcome.provider_id)
        elif outcome.status is EffectStatus.HELD:
            await self._hold_for_the_world(claimed, outcome.held_because)
        else:
            await self._fail_because(claimed, f"the send was {outcome.status}")

    async def read_back(self, send_id: UUID, message_id: str) -> None:
        """Keep the Message-ID the mail really left under; a mailbox that cannot tell is asked again later."""
        try:
            header = await self.readers.mail.message_id_header(message_id)
        except ProviderError as error:
            log.warning("send.header_not_read", send_id=str(send_id), code=error.code())
            return
        async with self.db.transaction() as session:
            await SendRepository(session, self.db.tenant_id).change(send_id, message_id_header=header)

    async def _look_again_later(self, claimed: Claimed, error: EffectUnsettled) -> None:
        looks = claimed.send.looks + 1
        asks_person = looks >= MAX_LOOKS
        async with self.db.transaction() as session:
            await self.door.fence(session)
            await lose_sight(session, self.db.tenant_id, claimed.send, looks=looks, asks_person=asks_person)
        if not asks_person:
            raise NotYet(max(error.retry_after_seconds, self.look_seconds) * 2 ** (looks - 1)) from error

    async def _sent_by_person(self, claimed: Claimed, mail: SentMail) -> None:
        async with self.db.transaction() as session:
            await self.door.fence(session)
            await record_sent(
                session,
                self.db.tenant_id,
                claimed.send.id,
                message_id=mail.message_id,
                thread_id=mail.thread_id,
                sent_by=SentBy.PERSON,
            )
        await self.read_back(claimed.send.id, mail.message_id)

    async def _hold_for_the_world(self, claimed: Claimed, reason: str) -> None:
        """Held, with what is different now kept, so that whoever approves again approves the world as it is."""
        await remember_world(self.db, self.readers, claimed.draft, self.clock)
        await self._hold(claimed, Held("last_look", reason, "Read what has changed, then approve or send it again."))

    async def _hold(self, claimed: Claimed, held: Held, **changes: object) -> None:
        async with self.db.transaction() as session:
            await self.door.fence(session)
            await hold(session, self.db.tenant_id, claimed.send, held, **changes)

    async def _fail(self, claimed: Claimed, error: Permanent) -> None:
        await self._fail_because(claimed, f"{error.title()} ({error.code()})")

    async def _fail_because(self, claimed: Claimed, because: str) -> None:
        async with self.db.transaction() as session:
            await self.door.fence(session)
            await fail(session, self.db.tenant_id, claimed.send, because)


CarrierOf = Callable[[ClaimedJob], Awaitable[Carrier]]
