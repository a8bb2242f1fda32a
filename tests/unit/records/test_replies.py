"""A reply is what a person wrote in answer to a mail of ours; everything else that carries their name is not."""

import datetime as dt
from dataclasses import replace

import pytest

from sales_agent.records.conversations.replies import Envelope, newest_reply

MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
ADA = "ada@fabrikam.example"
OURS = Envelope(
    thread_id="t-1",
    message_id_header="<offer-7@mail.northwind.example>",
    references="",
    from_address="mara@northwind.example",
    to_addresses=(ADA,),
    sent_at=MONDAY,
    label_ids=("SENT",),
)
REPLY = Envelope(
    thread_id="t-1",
    message_id_header="<1@fabrikam.example>",
    references="<older@x.example> <offer-7@mail.northwind.example>",
    from_address=ADA,
    to_addresses=("mara@northwind.example",),
    sent_at=MONDAY + dt.timedelta(hours=3),
    label_ids=("INBOX",),
)


def test_an_answer_to_our_mail_is_a_reply():
    assert newest_reply([OURS, REPLY], ADA, MONDAY) == REPLY.sent_at


def test_plus_tags_and_case_are_the_same_person():
    tagged = replace(REPLY, from_address="Ada+work@Fabrikam.example")

    assert newest_reply([OURS, tagged], ADA, MONDAY) == REPLY.sent_at


@pytest.mark.parametrize(
    "not_a_reply",
    [
        pytest.param(replace(REPLY, is_automatic=True), id="out of office"),
        pytest.param(replace(REPLY, from_address="mailer-daemon@fabrikam.example"), id="bounce"),
        pytest.param(replace(REPLY, from_address="bob@fabrikam.example"), id="a colleague"),
        pytest.param(replace(REPLY, references=""), id="forged: knows no mail of ours"),
        pytest.param(replace(REPLY, references="<guess@mail.northwind.example>"), id="forged: guesses"),
        pytest.param(replace(REPLY, references="x<offer-7@mail.northwind.example>x"), id="forged: a longer id"),
        pytest.param(replace(REPLY, thread_id="t-2"), id="another thread"),
        pytest.param(replace(REPLY, label_ids=("SPAM",)), id="in the spam folder"),
        pytest.param(replace(REPLY, label_ids=("TRASH",)), id="thrown away"),
        pytest.param(replace(REPLY, label_ids=("SENT",)), id="we wrote it ourselves"),
        pytest.param(replace(REPLY, sent_at=MONDAY - dt.timedelta(hours=1)), id="before our mail"),
    ],
)
def test_what_is_no_reply(not_a_reply: Envelope):
    assert newest_reply([OURS, not_a_reply], ADA, MONDAY - dt.timedelta(days=30)) is None


def test_a_mail_that_went_to_somebody_else_cannot_be_answered_by_this_person():
    to_bob = replace(OURS, to_addresses=("bob@fabrikam.example",))

    assert newest_reply([to_bob, REPLY], ADA, MONDAY) is None


def test_messages_without_a_sender_are_nobody_s_reply():
    to_nobody, from_nobody = replace(OURS, to_addresses=("",)), replace(REPLY, from_address="")

    assert newest_reply([to_nobody, from_nobody], "", MONDAY) is None


def test_a_mail_of_ours_without_message_id_proves_nothing():
    assert newest_reply([replace(OURS, message_id_header=""), REPLY], ADA, MONDAY) is None


def test_the_newest_of_several_counts_and_older_ones_than_asked_for_do_not():
    later = replace(REPLY, sent_at=MONDAY + dt.timedelta(days=2))

    assert newest_reply([OURS, later, REPLY], ADA, MONDAY) == later.sent_at
    assert newest_reply([OURS, REPLY], ADA, REPLY.sent_at + dt.timedelta(seconds=1)) is None
