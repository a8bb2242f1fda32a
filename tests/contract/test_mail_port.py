"""The mail ports against Gmail as the sandbox plays it."""

from collections.abc import Callable

import pytest

from sales_agent.connectors.account import Account
from sales_agent.connectors.errors import Missing, Transient
from sales_agent.connectors.google import GMAIL
from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.connectors.mail.gmail.drafter import GmailDrafter
from sales_agent.connectors.mail.gmail.mime import MailUnsendable
from sales_agent.connectors.mail.gmail.reader import GmailReader
from sales_agent.connectors.permit import Permit, WriteWithoutPermit
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

ANNA, SELLER = "anna.becker@nordwind-logistik.example", "mara@brightpath.example"
MakePermit = Callable[[str], Permit]


@pytest.fixture
def gmail(account: MakeAccount) -> Account:
    return account(GMAIL)


@pytest.fixture
def reader(gmail: Account) -> GmailReader:
    return GmailReader(gmail)


@pytest.fixture
def drafter(gmail: Account) -> GmailDrafter:
    return GmailDrafter(gmail)


def mail_to(address: str = ANNA, **changes: str | None) -> OutgoingMail:
    fields = {"subject": "Your question", "body": "Hello Anna,\n\nÜber die Preise: 60 €.\n", "thread_id": None}
    return OutgoingMail(address, "Anna Becker", SELLER, "Mara Lindqvist", **{**fields, **changes})


async def test_threads_with_a_person_come_whole_and_in_time_order(reader: GmailReader) -> None:
    (thread,) = await reader.threads_with("Anna.Becker@nordwind-logistik.example")
    assert thread.subject == "Frage zu Brightpath Routes"
    assert [message.from_address for message in thread.messages] == [ANNA, SELLER, ANNA]
    first, _, last = thread.messages
    assert first.sent_at < last.sent_at == thread.last_message_at
    assert first.from_name == "Anna Becker"
    assert first.to_addresses == (SELLER,)
    assert "Können Sie mir sagen" in first.text
    assert "> " in last.text
    assert last.references.split()[0] == first.message_id_header
    assert not first.is_automatic


async def test_the_newest_thread_comes_first_and_no_more_than_asked(
    reader: GmailReader, sandbox: SandboxClient
) -> None:
    for number in range(3):
        sandbox.deliver(sender=ANNA, subject=f"News {number}", text="Hello")
        sandbox.shift_clock(60)
    threads = await reader.threads_with(ANNA, limit=2)
    assert [thread.subject for thread in threads] == ["News 2", "News 1"]


async def test_a_name_that_only_contains_the_address_is_somebody_else(
    reader: GmailReader, sandbox: SandboxClient
) -> None:
    sandbox.deliver(sender=f"jo-{ANNA}", subject="Somebody else", text="Hello")
    assert {thread.subject for thread in await reader.threads_with(ANNA)} == {"Frage zu Brightpath Routes"}


@pytest.mark.parametrize(
    "address",
    [
        'x" OR from:"mara@brightpath.example',
        "} in:anywhere {",
        "a b@c.example",
        'a"@b.example',
        "(a@b.example)",
        "",
        "@",
    ],
)
async def test_an_address_cannot_smuggle_search_operators(
    reader: GmailReader, sandbox: SandboxClient, address: str
) -> None:
    assert list(await reader.threads_with(address)) == []
    assert sandbox.journal() == []


async def test_drafts_and_trash_are_not_part_of_a_conversation(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    await drafter.create_draft(mail_to(subject="Never sent"), permit("mail.create_draft"))
    assert [thread.subject for thread in await reader.threads_with(ANNA)] == ["Frage zu Brightpath Routes"]


async def test_html_mail_is_read_as_text_and_hidden_code_is_not(reader: GmailReader, sandbox: SandboxClient) -> None:
    html = "<style>p{}</style><p>Hello <b>Mara</b>,</p><p>price?<br>Anna</p><script>steal()</script>"
    sandbox.deliver(sender="html@only.example", subject="Only HTML", text="", html=html)
    (thread,) = await reader.threads_with("html@only.example")
    assert thread.messages[0].text == "Hello Mara,\n\nprice?\nAnna"


@pytest.mark.parametrize(
    "header",
    [
        {"Auto-Submitted": "auto-replied"},
        {"X-Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"X-Auto-Response-Suppress": "All"},
        {"Return-Path": "<>"},
    ],
)
async def test_mail_that_no_person_wrote_is_told_apart(
    reader: GmailReader, sandbox: SandboxClient, header: dict[str, str]
) -> None:
    sandbox.deliver(sender="robot@away.example", subject="Away", text="I am away", headers=header)
    sandbox.deliver(sender="robot@away.example", subject="Back", text="I am back", headers={"Auto-Submitted": "no"})
    threads = await reader.threads_with("robot@away.example")
    assert {thread.subject: thread.messages[0].is_automatic for thread in threads} == {"Away": True, "Back": False}


async def test_a_bounce_is_automatic(reader: GmailReader, sandbox: SandboxClient) -> None:
    sandbox.deliver(sender="mailer-daemon@mx.example", subject="Undelivered", text="No such user")
    (thread,) = await reader.threads_with("mailer-daemon@mx.example")
    assert thread.messages[0].is_automatic


async def test_a_thread_that_is_gone_is_missing(reader: GmailReader) -> None:
    with pytest.raises(Missing):
        await reader.thread("19a0ffffffffffff")


async def test_a_reply_draft_lies_in_its_thread_with_all_three_marks_of_a_reply(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    (thread,) = await reader.threads_with(ANNA)
    last = thread.messages[-1]
    reply = mail_to(
        subject=f"Re: {thread.subject}",
        thread_id=thread.id,
        in_reply_to=last.message_id_header,
        references=last.references,
    )
    made = await drafter.create_draft(reply, permit("mail.create_draft"))
    assert made.thread_id == thread.id
    (draft,) = sandbox.state("drafts")
    message = draft["message"]
    assert (draft["id"], message["id"], message["threadId"]) == (made.draft_id, made.message_id, thread.id)
    assert message["in_reply_to"] == last.message_id_header
    assert set(message["references"]) == {last.message_id_header, *last.references.split()}
    assert (message["from"], message["to"], message["cc"], message["bcc"]) == ([SELLER], [ANNA], [], [])
    assert message["text"].splitlines() == ["Hello Anna,", "", "Über die Preise: 60 €."]
    assert sandbox.state("sent") == []


async def test_a_draft_is_found_by_its_marker_also_when_search_does_not_know_it_yet(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    ours = permit("mail.create_draft")
    made = await drafter.create_draft(mail_to(), ours)
    await drafter.create_draft(mail_to(), permit("mail.create_draft"))
    assert await reader.find_draft(ours.marker, to=ANNA) == made
    assert await reader.find_draft(ours.marker, to="somebody@else.example") == made
    assert await reader.find_draft(ours.marker, to='odd" address') == made
    assert await reader.find_draft(permit("mail.create_draft").marker, to=ANNA) is None


async def test_a_draft_whose_answer_was_lost_is_found_and_not_made_twice(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    ours = permit("mail.create_draft")
    sandbox.fault("act_then_drop", method="POST", path="/drafts")
    with pytest.raises(Transient) as caught:
        await drafter.create_draft(mail_to(), ours)
    assert caught.value.may_have_acted
    found = await reader.find_draft(ours.marker, to=ANNA)
    assert found is not None
    assert [draft["id"] for draft in sandbox.state("drafts")] == [found.draft_id]


async def test_a_look_up_that_fails_is_not_an_absence(
    reader: GmailReader, permit: MakePermit, sandbox: SandboxClient
) -> None:
    sandbox.fault("status", status=503, path="/drafts", times=4)
    with pytest.raises(Transient):
        await reader.find_draft(permit("mail.create_draft").marker, to=ANNA)


@pytest.mark.parametrize("path", ["/drafts$", "/messages/"])
async def test_an_odd_answer_to_a_look_up_is_not_an_absence(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient, path: str
) -> None:
    ours = permit("mail.create_draft")
    await drafter.create_draft(mail_to(), ours)
    sandbox.fault("wrong_schema", path=path, method="GET", times=0)
    with pytest.raises(Transient):
        await reader.find_draft(ours.marker, to=ANNA)


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b.example\nBcc: x@evil.example", "a@b.example,x@evil.example", "a b@c.example", "<a@b.example>"],
)
async def test_a_draft_to_what_is_no_single_address_is_never_made(
    drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient, address: str
) -> None:
    with pytest.raises(MailUnsendable):
        await drafter.create_draft(mail_to(address), permit("mail.create_draft"))
    assert sandbox.journal() == []


async def test_a_label_is_made_when_missing_and_then_used_again(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    (thread,) = await reader.threads_with(ANNA)
    for _ in range(2):
        await drafter.label_thread(thread.id, "Sales Agent/Drafted", permit("mail.label_thread"))
    assert "Sales Agent/Drafted" in await reader.thread_label_names(thread.id)
    assert [label["name"] for label in sandbox.state("labels")].count("Sales Agent/Drafted") == 1
    with pytest.raises(Missing):
        await drafter.label_thread("19a0ffffffffffff", "Sales Agent/Drafted", permit("mail.label_thread"))


async def test_a_label_that_another_worker_just_made_is_used(
    reader: GmailReader, drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    (thread,) = await reader.threads_with(ANNA)
    sandbox.fault("status", status=200, body={"labels": []}, path="/labels", method="GET")
    await drafter.label_thread(thread.id, "prospects", permit("mail.label_thread"))
    assert "Prospects" in await reader.thread_label_names(thread.id)


async def test_nothing_is_written_without_a_permit_of_its_kind(
    drafter: GmailDrafter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    with pytest.raises(WriteWithoutPermit):
        await drafter.create_draft(mail_to(), permit("mail.label_thread"))
    with pytest.raises(WriteWithoutPermit):
        await drafter.label_thread("1", "Sales Agent", permit("mail.create_draft"))
    assert sandbox.journal() == []


async def test_the_mailbox_tells_its_own_address(reader: GmailReader) -> None:
    assert await reader.own_address() == SELLER
