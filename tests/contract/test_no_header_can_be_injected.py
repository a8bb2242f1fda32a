"""No string in any field adds a header, a recipient or an attachment to what reaches Gmail.

Judged by what the sandbox received, read twice: by the standard library's parser, and line by line as bytes.
"""

import base64
import email
import json
import re
from collections import Counter
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from sales_agent.connectors.errors import Missing, Permanent
from sales_agent.connectors.mail.reader import StoredMailDraft
from sales_agent.connectors.permit import Permit
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import ANNA, SELLER, TO_ANNA, Mailbox, MakePermit

STRINGS: list[str] = json.loads((Path(__file__).parents[1] / "fixtures" / "line_breaks.json").read_text())
LINK = "https://mail.brightpath.example/unsubscribe/1"
MAIL = replace(TO_ANNA, in_reply_to="<parent@x.example>", references="<root@x.example>", list_unsubscribe=LINK)
BODY = {"content-type", "content-transfer-encoding", "mime-version"}
OURS = {"from", "to", "subject", "x-sales-agent-effect", "references", "in-reply-to", *BODY}
# The writer puts these last: where they are missing, something ended the head early.
LAST = {"to", "subject", "mime-version"}
UNSUBSCRIBE = {"list-unsubscribe", "list-unsubscribe-post"}
FIELDS = [
    "to_name",
    "to_address",
    "from_name",
    "from_address",
    "subject",
    "thread_id",
    "in_reply_to",
    "references",
    "list_unsubscribe",
    "body",
]
# Everything that some reader takes for the end of a line.
LINE_END = re.compile(rb"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x00]|\xc2\x85|\xe2\x80[\xa8\xa9]")


def received(sandbox: SandboxClient) -> list[bytes]:
    """The mails that reached the sandbox, as they were written."""
    bodies = [entry["body"] for entry in sandbox.journal(path="/drafts") if entry["body"]]
    return [base64.urlsafe_b64decode(body["message"]["raw"]) for body in bodies if "message" in body]


def faults_of(raw: bytes) -> list[str]:
    return [*faults_by_parser(raw), *faults_by_line(raw)]


def faults_by_parser(raw: bytes) -> list[str]:
    message = email.message_from_bytes(raw, EmailMessage, policy=SMTP)
    names = Counter(name.lower() for name in message)
    found = [f"header {name}" for name in names if name not in OURS | UNSUBSCRIBE]
    found += [f"the head ends before {name}" for name in LAST - set(names)]
    found += [f"{count} times {name}" for name, count in names.items() if count > 1]
    for name, expected in (("To", ANNA), ("From", SELLER)):
        addresses = [address.addr_spec for address in message[name].addresses]
        found += [] if addresses == [expected] else [f"{name} is {addresses}"]
    found += [f"a line break in {name}" for name, value in message.items() if re.search(r"[\r\n]", str(value))]
    return found + ["parts"] * message.is_multipart()


def faults_by_line(raw: bytes) -> list[str]:
    head, _, _ = raw.partition(b"\r\n\r\n")
    lines = LINE_END.split(head)
    names = [line.partition(b":")[0].decode("latin-1").lower() for line in lines if line[:1] not in {b" ", b"\t"}]
    odd = [f"line {name[:40]}" for name in names if name not in OURS | UNSUBSCRIBE]
    blank = [f"a line of nothing after {number} lines" for number, line in enumerate(lines) if not line.strip()]
    twice = [f"{count} lines {name}" for name, count in Counter(names).items() if count > 1]
    folded = [line for line in lines if re.match(rb"[ \t]+[A-Za-z-]+:", line)]
    return [*odd, *blank, *twice, *(f"folded {line[:40]!r}" for line in folded)]


def test_there_are_thirty_three_strings_and_both_readings_see_a_planted_header() -> None:
    assert len(set(STRINGS)) == 33
    good = f"From: {SELLER}\r\nTo: {ANNA}\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nHello\r\n"
    assert faults_of(good.encode()) == []
    for planted in ("x\r\nBcc: thief@evil.example", "x\r\nTo: thief@evil.example", "x\r\n\r\nMore"):
        bad = good.replace("Subject: x", f"Subject: {planted}").encode()
        assert faults_by_parser(bad)
        assert faults_by_line(bad) or planted.endswith("More"), "the parser alone sees where a head should have ended"
    assert faults_by_line(good.replace("Subject: x", "Subject: x\x0bBcc: y").encode())


@pytest.mark.parametrize("field", FIELDS)
async def test_no_field_of_a_mail_adds_a_header_or_a_recipient(
    mailbox: Mailbox, draft: StoredMailDraft, permit: MakePermit, sandbox: SandboxClient, field: str
) -> None:
    sandbox.clear_journal()
    made = 0
    for text in STRINGS:
        mail = replace(MAIL, **{field: text})
        try:
            await mailbox.drafter.create_draft(mail, permit("mail.create_draft"))
            await mailbox.drafter.update_draft(draft.draft_id, mail, permit("mail.update_draft"))
            made += 1
        except Permanent:
            continue
    raws = received(sandbox)
    assert [fault for raw in raws for fault in faults_of(raw)] == []
    seen = [stored["message"] for stored in sandbox.state("drafts")]
    assert {(*mail["to"], *mail["cc"], *mail["bcc"]) for mail in seen} == {(ANNA,)}
    # Structure is refused before anything is asked; words are kept and made harmless; a thread is a name in the JSON.
    is_structure = field in {"to_address", "from_address", "list_unsubscribe"}
    assert (made, bool(raws)) == (0 if is_structure or field == "thread_id" else len(STRINGS), not is_structure)


async def test_no_marker_adds_a_header(mailbox: Mailbox, sandbox: SandboxClient) -> None:
    for text in STRINGS:
        effect_id = cast("UUID", SimpleNamespace(hex=text))
        await mailbox.drafter.create_draft(MAIL, Permit(effect_id, "mail.create_draft"))
    raws = received(sandbox)
    assert len(raws) == len(STRINGS)
    assert [fault for raw in raws for fault in faults_of(raw)] == []


async def test_no_draft_id_asks_for_anything_but_a_draft(
    mailbox: Mailbox, permit: MakePermit, sandbox: SandboxClient
) -> None:
    paths = {"/gmail/v1/users/me/drafts/send"}
    for text in [*STRINGS, "../messages/send", "send?x=", "..", "r1/../send"]:
        for call in (
            mailbox.sender.send_draft(text, permit("mail.send_draft")),
            mailbox.drafter.update_draft(text, MAIL, permit("mail.update_draft")),
            mailbox.reader.draft(text),
        ):
            with pytest.raises((Missing, Permanent)):
                await call
    asked: list[dict[str, Any]] = sandbox.journal()
    assert sandbox.state("sent") == []
    assert all(
        entry["path"] in paths or re.fullmatch(r"[^/]+", entry["path"][len("/gmail/v1/users/me/drafts/") :])
        for entry in asked
    )
    headers = {name for entry in asked for name in entry["headers"]}
    assert headers <= {
        "host",
        "accept",
        "accept-encoding",
        "authorization",
        "content-type",
        "content-length",
        "user-agent",
    }
