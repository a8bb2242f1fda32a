"""An approved draft leaves once, as it was approved, with what the law asks for below it; everything else waits.

Counted at the sandbox: its mailbox is the only one who knows what really left.
"""

from tests.integration.sending.office import Office


async def test_an_approved_draft_leaves_once_and_is_proved(office: Office):
    draft_id = await office.approved()

    await office.work()

    row, send, copies = await office.row(draft_id), await office.send(draft_id), office.copies()
    assert (row.state, send.status, len(copies)) == ("sent", "sent", 1), row.state_reason
    assert send.message_id == copies[0]["id"]
    assert send.message_id_header == copies[0]["message_id"]
