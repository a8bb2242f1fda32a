"""Claiming a draft for its send: every gate judged, and its place in the quotas taken, in one transaction."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.controls.sending_policy import SendingPolicy, read_sending_policy
from sales_agent.controls.settings import SellerProfile, Switches, read_switches
from sales_agent.controls.suppression import is_suppressed
from sales_agent.controls.suppression_entries import address_digest
from sales_agent.controls.unsubscribe import UnsubscribeLinks
from sales_agent.effects.repository import EffectRepository
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.clock import Clock
from sales_agent.pipeline.approval.approvals import valid_approval
from sales_agent.pipeline.approval.fingerprint import World, changes, stored_world, world_of
from sales_agent.pipeline.approval.models import Approval
from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.documents import findings_of
from sales_agent.pipeline.drafting.models import Draft, DraftState, DraftVersion
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.sending.gates import SendFacts, first_closed, first_closed_to_simulation, would_wait_for
from sales_agent.pipeline.sending.guard import rule_objection
from sales_agent.pipeline.sending.hours import day_of, iso_week_of
from sales_agent.pipeline.sending.keys import send_key
from sales_agent.pipeline.sending.models import Send, SendStatus
from sales_agent.pipeline.sending.outcome import hold
from sales_agent.pipeline.sending.repository import QuotaRepository, SendRepository
from sales_agent.pipeline.sending.world import passed
from sales_agent.safety.check import worst

# Queued, and what a lost worker left behind.
_TO_CARRY = frozenset({DraftState.QUEUED, DraftState.SENDING, DraftState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose mails go out, and by which rules. `has_public_url`: whether an unsubscribe link can reach us."""

    seller: SellerProfile
    ceiling: Switches
    policy: SendingPolicy
    links: UnsubscribeLinks
    has_public_url: bool

    @property
    def address(self) -> str:
        """What quotas are counted under."""
        return canonical_address(self.seller.email)

    def identity(self) -> tuple[tuple[str, bool], ...]:
        """What every mail must say of its sender, by law, and whether we can say it."""
        return (
            ("the seller's name", bool(self.seller.name.strip())),
            ("the seller's address", bool(self.address)),
            ("a postal address", bool(self.seller.postal_address.strip())),
            ("an unsubscribe link that people can reach", self.has_public_url),
        )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A send this worker may carry out. `is_simulation`: all but the call; `would_wait`: for what a real one would.

    `approved`: the world the approval saw; None where the call may have been made already.
    """

    send: Send
    draft: Draft
    words: DraftVersion
    approved: World | None
    is_simulation: bool
    would_wait: str = ""


async def claim(
    session: AsyncSession, tenant_id: UUID, draft_id: UUID, *, mailbox: Mailbox, clock: Clock
) -> Claimed | None:
    """The send of a queued draft, or of one whose worker was lost; None where nothing is to do.

    A closed gate holds the draft and says so. Where the call may have been made already no gate is asked: what became
    of it is for evidence to say. The caller has made sure that the time to take it back is over.
    """
    drafts = DraftRepository(session, tenant_id)
    if await drafts.locked(draft_id) is None:
        return None
    found = await drafts.get(draft_id)
    if found is None or found[0].state not in _TO_CARRY:
        return None
    draft, words = found
    approval = await valid_approval(session, tenant_id, draft_id)
    if draft.state != DraftState.QUEUED:
        begun = await SendRepository(session, tenant_id).under_way(draft_id)
        if begun is not None and await is_in_the_air(session, tenant_id, begun.id):
            return Claimed(begun, draft, words, approved=None, is_simulation=False)
    if approval is None:
        if draft.state == DraftState.QUEUED:
            because = "nobody has approved these words"
            await set_state(session, tenant_id, draft_id, DraftState.NEEDS_REVIEW, reason=because)
        return None
    return await _begin(session, tenant_id, draft, words, approval, mailbox, clock)


async def is_in_the_air(session: AsyncSession, tenant_id: UUID, send_id: UUID) -> bool:
    """Whether the call of a send may have been made, and its end is not known."""
    return await EffectRepository(session, tenant_id).open_of(send_key(send_id)) is not None


async def _begin(
    session: AsyncSession,
    tenant_id: UUID,
    draft: Draft,
    words: DraftVersion,
    approval: Approval,
    mailbox: Mailbox,
    clock: Clock,
) -> Claimed | None:
    """Judge every gate, at each attempt anew: what was open an hour ago says nothing about now."""
    sends, quotas = SendRepository(session, tenant_id), QuotaRepository(session, tenant_id)
    before = await sends.newest(draft.id)
    send = await sends.of_approval(
        approval.id,
        seen_in_mailbox=before.seen_in_mailbox if before is not None else None,
        draft_id=draft.id,
        draft_version=words.version,
        body_hash=words.body_hash,
        mailbox=mailbox.address,
        recipient_digest=address_digest(draft.to_address),
    )
    await quotas.lock(send.mailbox)
    now = clock.now()  # whoever waited for the lock must not come with an older time than the one before
    await sends.change(send.id, counted_at=None)  # its own place of an earlier attempt is free for it
    facts = await _facts(session, tenant_id, draft, words, approval, send, mailbox, now)
    is_simulation = facts.switches.draft_only
    held = first_closed_to_simulation(facts) if is_simulation else first_closed(facts)
    if held is not None:
        await hold(session, tenant_id, send, held)
        return None
    if not is_simulation:
        await quotas.count(send.mailbox, now)
    await sends.change(
        send.id,
        status=SendStatus.BEGUN,
        counted_at=None if is_simulation else now,
        gate=None,
        reason=None,
        release=None,
        release_at=None,
        looks=0,
        asks_person=False,
    )
    if draft.state == DraftState.QUEUED:
        await set_state(session, tenant_id, draft.id, DraftState.SENDING)
    waits = would_wait_for(facts) if is_simulation else ""
    return Claimed(send, draft, words, world_of(approval.world), is_simulation, waits)


async def _facts(
    session: AsyncSession,
    tenant_id: UUID,
    draft: Draft,
    words: DraftVersion,
    approval: Approval,
    send: Send,
    mailbox: Mailbox,
    now: dt.datetime,
) -> SendFacts:
    """What the gates judge by; the caller holds the mailbox's quotas."""
    approved = world_of(approval.world)
    switches = await read_switches(session, tenant_id, mailbox.ceiling)
    zone = ZoneInfo(mailbox.seller.time_zone)
    findings = findings_of(words.findings) if words.findings is not None else ()
    return SendFacts(
        stopped=await KillSwitch(session, tenant_id).is_stopped(),
        switches=switches,
        approved=(approval.draft_version, approval.body_hash, approval.recipient),
        rule_objection=await rule_objection(session, tenant_id, approval, switches),
        present=(words.version, words.body_hash, canonical_address(draft.to_address)),
        world_changes=(
            *changes(approved, await stored_world(session, tenant_id, draft, words)),
            *passed(approved.slots, now),
        ),
        suppressed=await is_suppressed(session, tenant_id, draft.to_address),
        is_checked=words.findings is not None,
        worst=worst(findings),
        identity=mailbox.identity(),
        counted=await QuotaRepository(session, tenant_id).counted(
            send.mailbox, send.recipient_digest, day=day_of(now, zone), week=iso_week_of(now, zone), now=now
        ),
        policy=await read_sending_policy(session, tenant_id, mailbox.policy),
        zone=zone,
        now=now,
    )
