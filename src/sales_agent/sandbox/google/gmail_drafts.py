"""Gmail drafts: made, replaced, deleted, and consumed by being sent; and mail sent without one."""

from typing import Any, cast

from sales_agent.sandbox.google.errors import invalid, not_found
from sales_agent.sandbox.google.fields import masked
from sales_agent.sandbox.google.gmail_reading import page
from sales_agent.sandbox.google.gmail_search import search
from sales_agent.sandbox.google.mail_parsing import parse_mail
from sales_agent.sandbox.google.mail_threads import joins_thread
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage
from sales_agent.sandbox.google.message_resource import presented, raw_bytes, reference, requested_format
from sales_agent.sandbox.google.outgoing import send, with_message_id
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import NO_CONTENT, Answer, Call
from sales_agent.sandbox.world import World


def create_draft(call: Call) -> Answer:
    """A draft with a message of its own; in the asked thread only if it is truly a reply there."""
    mailbox = call.world.mailbox
    raw, thread_id = _given_message(call)
    kept = with_message_id(mailbox, raw)
    message = mailbox.add(kept, ["DRAFT"], _thread_for_draft(mailbox, raw, thread_id))
    draft_id = f"r{7_000_000_000_000_000_000 + mailbox.new_number() * 7_919}"
    mailbox.drafts[draft_id] = message.id
    return Answer(_brief(draft_id, message))


def replace_draft(call: Call) -> Answer:
    """The draft keeps its id; its message is a new one."""
    mailbox = call.world.mailbox
    old = _message_of(call)
    raw, thread_id = _given_message(call)
    message = rewrite_draft(mailbox, call.params["draft_id"], raw, thread_id or old.thread_id)
    return Answer(_brief(call.params["draft_id"], message))


def rewrite_draft(mailbox: Mailbox, draft_id: str, raw: bytes, thread_id: str) -> StoredMessage:
    """Put new bytes into a draft, as the API and Gmail's own window do."""
    old = mailbox.messages[mailbox.drafts[draft_id]]
    joined = old.thread_id if thread_id == old.thread_id else _thread_for_draft(mailbox, raw, thread_id)
    message = mailbox.add(with_message_id(mailbox, raw), ["DRAFT"], joined)
    mailbox.drafts[draft_id] = message.id
    mailbox.remove(old)
    return message


def read_draft(call: Call) -> Answer:
    message = _message_of(call)
    shown = presented(call.world.mailbox, message, requested_format(call), [])
    return Answer({"id": call.params["draft_id"], "message": shown})


def list_drafts(call: Call) -> Answer:
    mailbox = call.world.mailbox
    query = call.query.get("q")
    found = {m.id for m in search(mailbox, query, call.world.clock.now_ms())} if query else None
    rows = [
        _reference(draft_id, mailbox.messages[message_id])
        for draft_id, message_id in reversed(mailbox.drafts.items())
        if found is None or message_id in found
    ]
    return Answer(page(call, "drafts", rows))


def delete_draft(call: Call) -> Answer:
    """204; the message is gone too, not in the trash."""
    message = _message_of(call)
    del call.world.mailbox.drafts[call.params["draft_id"]]
    call.world.mailbox.remove(message)
    return NO_CONTENT


def send_draft(call: Call) -> Answer:
    """Send and consume: the draft and its message disappear, a message with another id appears under SENT."""
    draft_id = call.fields.get("id")
    if not isinstance(draft_id, str) or not draft_id:
        raise invalid("Invalid draft")
    given = call.fields.get("message")
    raw = raw_bytes(cast("JsonObject", given)) if isinstance(given, dict) and "raw" in given else None
    sent = send_drafted(call.world, draft_id, raw)
    return Answer({**reference(sent), "labelIds": sent.label_ids})


def send_drafted(world: World, draft_id: str, raw: bytes | None = None) -> StoredMessage:
    """What sending a draft does, through the API or by hand; `raw` replaces the draft's bytes.

    Raises:
        Refused: 404 for a draft that is gone, 400 for one without a recipient (which it survives).
    """
    mailbox = world.mailbox
    message = mailbox.messages.get(mailbox.drafts.get(draft_id, ""))
    if message is None:
        raise not_found()
    is_alone = mailbox.threads[message.thread_id] == [message.id]
    sent = send(mailbox, world.clock, raw or message.raw, message.thread_id, owns_thread=is_alone)
    del mailbox.drafts[draft_id]
    mailbox.remove(message)
    return sent


def send_message(call: Call) -> Answer:
    """Send without a draft: nothing here tells a second try from a second mail."""
    thread_id = call.fields.get("threadId") or ""
    if thread_id and not call.world.mailbox.thread(thread_id):
        raise not_found()
    sent = send(call.world.mailbox, call.world.clock, raw_bytes(call.fields), thread_id)
    return Answer({**reference(sent), "labelIds": sent.label_ids})


def _given_message(call: Call) -> tuple[bytes, str]:
    given: Any = call.fields.get("message")
    if not isinstance(given, dict):
        raise invalid("Missing draft message")
    fields = cast("JsonObject", given)
    thread_id = str(fields.get("threadId") or "")
    if thread_id and not call.world.mailbox.thread(thread_id):
        raise not_found()
    return raw_bytes(fields), thread_id


def _thread_for_draft(mailbox: Mailbox, raw: bytes, thread_id: str) -> str:
    return thread_id if thread_id and joins_thread(mailbox, parse_mail(raw), thread_id) else ""


def _message_of(call: Call) -> StoredMessage:
    mailbox = call.world.mailbox
    message = mailbox.messages.get(mailbox.drafts.get(call.params["draft_id"], ""))
    if message is None:
        raise not_found()
    return message


def _reference(draft_id: str, message: StoredMessage) -> JsonObject:
    return {"id": draft_id, "message": reference(message)}


def _brief(draft_id: str, message: StoredMessage) -> JsonObject:
    return {"id": draft_id, "message": {**reference(message), "labelIds": message.label_ids}}


_ME = "/gmail/v1/users/{user}"
ROUTES = masked(
    (
        Route("POST", f"{_ME}/drafts/send", send_draft),
        Route("POST", f"{_ME}/drafts", create_draft),
        Route("GET", f"{_ME}/drafts", list_drafts),
        Route("GET", f"{_ME}/drafts/{{draft_id}}", read_draft),
        Route("PUT", f"{_ME}/drafts/{{draft_id}}", replace_draft),
        Route("DELETE", f"{_ME}/drafts/{{draft_id}}", delete_draft),
        Route("POST", f"{_ME}/messages/send", send_message),
    )
)
