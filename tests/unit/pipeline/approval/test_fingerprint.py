"""What an approval stands on, and how a change of it is told."""

from dataclasses import replace

import pytest

from sales_agent.pipeline.approval.fingerprint import World, changes, world_document, world_of

SLOT = "2026-11-24T10:00:00+01:00/2026-11-24T10:30:00+01:00"
WORLD = World("ada@fabrikam.example", "t-1", "m-2", (SLOT,), "77", opted_out=False)


def test_a_world_survives_being_stored():
    assert world_of(world_document(WORLD)) == WORLD


def test_the_same_world_has_no_changes():
    assert changes(WORLD, WORLD) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"recipient": "eve@fabrikam.example"}, "the mail goes to another address"),
        ({"thread_id": None}, "the mail answers in another thread"),
        ({"thread_head": "m-3"}, "a new message is in the thread"),
        ({"thread_head": None}, "the thread is gone from the mailbox"),
        ({"slots": ()}, "the time 2026-11-24T10:00:00+01:00 is not free any more"),
        ({"owner_id": "78"}, "the contact has another owner"),
        ({"owner_id": None}, "the contact has no owner any more"),
        ({"opted_out": True}, "the recipient has opted out"),
    ],
)
def test_each_change_is_told_in_words(change: dict[str, object], told: str):
    assert changes(WORLD, replace(WORLD, **change)) == (told,)


def test_everything_that_changed_is_told():
    other = World("eve@fabrikam.example", None, None, (), None, opted_out=True)

    assert len(changes(WORLD, other)) == 6
