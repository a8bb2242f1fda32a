"""What it takes to really send, and what is seen of it: open gates, drafts to approve, and copies in the mailbox."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sales_agent.bootstrap.container import build_container
from sales_agent.content import CallToAction, DraftContent, Sentence, SentenceType
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.drafting.create import attach_findings, save, set_state
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.outbox import enqueue, new_job
from tests.acceptance.processes import eventually
from tests.acceptance.system import System
from tests.factories.drafting import make_new_draft, stored_contact

# The request that lets a mail go.
SEND = "/drafts/send"

_PLENTY = 2_000  # no limit may be higher
_AT_ONCE = 8

_WORDS = DraftContent(
    subject="Your question about route planning",
    sentences=(
        Sentence(SentenceType.GREETING, "Hi Nora,"),
        Sentence(SentenceType.QUESTION, "How many of you would plan with it?", (), 1),
        Sentence(SentenceType.SIGN_OFF, "Best regards,\nMara", (), 2),
    ),
    evidence=(),
    call_to_action=CallToAction.NONE,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A checked draft that waits for a person, the only one to its address."""

    draft_id: str
    address: str


def for_real(**changes: object) -> dict[str, Any]:
    """What `make_system` needs for a system that sends as soon as it is told to; tests close what they are about."""
    return {
        "has_hooks": False,
        "draft_only": False,
        "allow_real_sends": True,
        "seller_postal_address": "Brightpath GmbH\nHauptstraße 1\n10115 Berlin",
        "seller_time_zone": _where_it_is_noon(),
        "sending_hours": "00:00-23:59",
        "sending_days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        "send_spacing_seconds": 0.0,
        "undo_seconds": 0.0,
        "max_emails_per_day": _PLENTY,
        "max_emails_per_week": _PLENTY,
        "max_emails_per_contact_per_week": _PLENTY,
        "evidence_lag_seconds": 0.3,
        **changes,
    }


def _where_it_is_noon() -> str:
    """The machine's own time is all there is here: in this zone no day ends and no hours close during a test."""
    hours_ahead = 12 - SystemClock().now().hour
    return f"Etc/GMT{-hours_ahead:+d}"  # in these names the sign is turned round


def start_workers(system: System, count: int) -> list[str]:
    """Start so many, two at a time as the machine has hands; their names."""
    names = [f"worker-{number}" for number in range(1, count + 1)]
    for first in range(0, count, 2):
        system.start(*names[first : first + 2])
    return names


def written_drafts(system: System, count: int) -> list[Waiting]:
    """Drafts as the house writes them, each from a form of its own."""
    addresses = [_new_address() for _ in range(count)]
    message = "We would like to see how dispatch planning works with 40 trucks."
    forms = [system.form(address, firstname="Nora", lastname="Field", message=message) for address in addresses]
    runs = [system.accepted(form)["workflow_id"] for form in forms]
    drafts = [str(system.wait_for(run, within=90)["draft_id"]) for run in runs]
    assert states(system, drafts) == {"needs_review": count}
    return [Waiting(*found) for found in zip(drafts, addresses, strict=True)]


def laid_drafts(system: System, count: int) -> list[Waiting]:
    """The same in any number, quickly: laid before the operator without the steps before."""

    async def lay() -> list[Waiting]:
        container = build_container(system.settings)
        try:
            return [await _laid(container.database, system.own.tenant_id) for _ in range(count)]
        finally:
            await container.close()

    return asyncio.run(lay())


async def _laid(database: Database, tenant_id: UUID) -> Waiting:
    address = _new_address()
    contact_id = await stored_contact(database, tenant_id, email=address, email_canonical=address)
    new = make_new_draft(contact_id, to_address=address, content=_WORDS)
    async with database.transaction(tenant_id) as session:
        saved = await save(session, tenant_id, new)
        await attach_findings(session, tenant_id, saved.draft_id, saved.version, ())
        await set_state(session, tenant_id, saved.draft_id, DraftState.NEEDS_REVIEW)
    return Waiting(str(saved.draft_id), address)


def _new_address() -> str:
    word = new_id().hex
    return f"nora.{word}@{word[-12:]}.example"


def approve_and_send(system: System, drafts: Sequence[Waiting]) -> None:
    """What operators do, all of them at once."""
    with ThreadPoolExecutor(_AT_ONCE) as operators:
        list(operators.map(lambda draft: act(system, draft, "approve", send=True), drafts))


def approve_and_send_at_one_moment(system: System, drafts: Sequence[Waiting]) -> None:
    """The same, and all the sends reach the workers together."""
    system.parts["relay"].pause()
    approve_and_send(system, drafts)
    system.parts["relay"].resume()


def act(system: System, draft: Waiting, action: str, **said: object) -> dict[str, Any]:
    """What an operator does with a draft; what the API answers."""
    return system.command(f"/api/operator/drafts/{draft.draft_id}/{action}", body=said or None)


def run_job(system: System, kind: JobKind) -> None:
    """What the schedule does every few seconds, now."""

    async def put() -> None:
        container = build_container(system.settings)
        try:
            async with container.database.transaction(system.own.tenant_id) as session:
                await enqueue(session, system.own.tenant_id, new_job(kind))
        finally:
            await container.close()

    asyncio.run(put())
    system.drain(kind.value)


def come_to_rest(system: System, *, within: float = 60.0) -> None:
    """Until no send is due or being carried."""
    system.drain(JobKind.SEND_DRAFT.value, within=within)


def states(system: System, drafts: Sequence[str | Waiting]) -> Counter[str]:
    """How many drafts stand how."""
    ids = [draft.draft_id if isinstance(draft, Waiting) else draft for draft in drafts]
    return Counter(state for (state,) in system.rows("select state from draft where id::text = any(%s)", ids))


def wait_until_sent(system: System, drafts: Sequence[Waiting], *, within: float = 60.0) -> None:
    """Until each says that it is sent, and nobody is at it any more."""
    wanted = {"sent": len(drafts)}
    try:
        eventually(lambda: states(system, drafts) == wanted, "all are sent", within=within)
    except AssertionError:
        told = "select state, state_reason from draft where id::text = any(%s)"
        raise AssertionError(system.rows(told, [draft.draft_id for draft in drafts])) from None
    come_to_rest(system)


def each_left_once(system: System, drafts: Sequence[Waiting], *, by: str = "sales_agent") -> None:
    """One copy of each lies in the mailbox, and the send knows which, under the Message-ID it really left with."""
    lying = mails(system)
    copies = [len(lying.get(draft.address, ())) for draft in drafts]
    assert copies == [1] * len(drafts), f"copies of each: {copies}"
    for draft in drafts:
        (mail,) = lying[draft.address]
        (send,) = system.get("/api/sends", draft_id=draft.draft_id, status="sent")["items"]
        told = send["sent_by"], send["message_id"], send["message_id_header"]
        assert told == (by, mail["id"], mail["message_id"]), f"known of it: {told}"


def mails(system: System) -> Mapping[str, list[dict[str, Any]]]:
    """The mails that really left, by address, as the mailbox has them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for mail in system.sandbox.state("sent"):
        for address in mail["to"]:
            found.setdefault(address, []).append(mail)
    return found


def asks_to_send(entry: Mapping[str, Any]) -> bool:
    """Whether a request of the journal would let a mail go, this way or another."""
    return entry["provider"] == "gmail" and entry["method"] == "POST" and entry["path"].endswith("/send")


def asked(system: System, since: int) -> list[dict[str, Any]]:
    """The requests to let a mail go after that entry of the journal."""
    return [entry for entry in system.sandbox.journal(path=SEND, since=since) if asks_to_send(entry)]
