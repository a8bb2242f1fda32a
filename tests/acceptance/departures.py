"""Whatever may be sent is sent, as operators do it; then what really left is held against what they had read."""

import base64
import email
import functools
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx2

from tests.acceptance.outgoing import Known, text_of, wrongs_of_mail
from tests.acceptance.real_sends import come_to_rest, mails, states
from tests.acceptance.system import System

# What an operator is answered: words that may go are approved and sent, blocked ones neither.
_ANSWERS = {"needs_review": (200, 200), "blocked": (409, 409)}
_AT_ONCE = 8
_GMAIL_ADDS = frozenset({"message-id", "date"})
_WAY_OUT = "You do not want to hear from us any more? One click is enough:"


@dataclass(frozen=True, slots=True)
class Read:
    """A draft as its operator read it before it was sent."""

    draft_id: str
    address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Departed:
    """A mail that left, as the mailbox has it."""

    to: Sequence[str]
    thread_id: str
    mail: EmailMessage


def send_what_may_be_sent(system: System, runs: Collection[str]) -> list[Read]:
    """Approve and send every draft of these runs, blocked ones too, which must be refused; those that were sent."""
    found = system.rows("select id::text, state from draft where run_id::text = any(%s)", list(runs))
    waiting: dict[str, str] = dict(found)
    with ThreadPoolExecutor(_AT_ONCE) as operators:
        answers = dict(operators.map(functools.partial(_tried, system), waiting))
    assert set(waiting.values()) <= set(_ANSWERS), "no words make a draft approve itself"
    assert {read: codes for read, codes in answers.items() if codes != _ANSWERS[waiting[read.draft_id]]} == {}
    come_to_rest(system, within=180.0)
    sent = [read for read in answers if waiting[read.draft_id] == "needs_review"]
    blocked = [draft_id for draft_id, state in waiting.items() if state == "blocked"]
    assert states(system, [read.draft_id for read in sent]) == {"sent": len(sent)}
    assert set(states(system, blocked)) <= {"blocked"}
    return sent


def _tried(system: System, draft_id: str) -> tuple[Read, tuple[int, ...]]:
    path = f"/api/operator/drafts/{draft_id}"
    seen = system.get(path)
    codes = [system.http.post(f"{path}/{act}", headers=system.own.caller).status_code for act in ("approve", "send")]
    return Read(draft_id, seen["recipient"], seen["subject"], seen["body"]), tuple(codes)


def departed(system: System, before: Collection[str]) -> dict[str, Departed]:
    """The mails that left, by id, besides those of `before`."""
    lying = {mail["id"]: mail for copies in mails(system).values() for mail in copies if mail["id"] not in before}
    headers = {"Authorization": f"Bearer {system.settings.google_access_token.get_secret_value()}"}
    with httpx2.Client(base_url=f"{system.sandbox.url}/gmail/v1/users/me/messages/", headers=headers) as mailbox:
        return {message_id: _fetched(mailbox, mail) for message_id, mail in lying.items()}


def _fetched(mailbox: httpx2.Client, seen: dict[str, Any]) -> Departed:
    raw = base64.urlsafe_b64decode(mailbox.get(seen["id"], params={"format": "raw"}).json()["raw"])
    mail = email.message_from_bytes(raw, EmailMessage, policy=default)
    return Departed([*seen["to"], *seen["cc"], *seen["bcc"]], seen["threadId"], mail)


def wrongs_of_departures(
    left: Collection[Departed], sent: Collection[Read], known: Known, postal_address: str
) -> Iterator[str]:
    """One mail to the lead of each draft and to nobody else, and in it the words that were read, and the footer."""
    expected = {read.address: read for read in sent}
    went_to = sorted(address for gone in left for address in gone.to)
    if went_to != sorted(expected) or len(expected) != len(sent):
        yield f"sent to {sorted(set(went_to) ^ set(expected))}, in all {len(went_to)} for {len(sent)} drafts"
    for gone in left:
        yield from wrongs_of_mail(gone.mail, gone.thread_id, known, is_leaving=True, beside=_GMAIL_ADDS)
        read = expected.get(gone.to[0])
        if read is None:
            yield f"nobody sent anything to {gone.to[0]}"
            continue
        footer = f"-- \n{postal_address}\n{_WAY_OUT}\n{known.ways_out[read.address]}"
        if text_of(gone.mail) != f"{read.body}\n\n{footer}" or _one_line(gone.mail["Subject"]) != _one_line(
            read.subject
        ):
            yield f"other words than those that were read went to {read.address}"


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
