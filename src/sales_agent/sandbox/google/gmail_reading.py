"""Gmail's profile, threads and messages: list, read, and change their labels."""

from sales_agent.sandbox.google.errors import invalid, not_found
from sales_agent.sandbox.google.fields import masked
from sales_agent.sandbox.google.gmail_search import search
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage
from sales_agent.sandbox.google.message_resource import presented, reference, requested_format
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# Gmail's page of threads, messages or drafts: a hundred unasked, five hundred at most.
USUAL_PAGE, LARGEST_PAGE = 100, 500


def read_profile(call: Call) -> Answer:
    mailbox = call.world.mailbox
    body = {
        "emailAddress": mailbox.address,
        "messagesTotal": len(mailbox.messages),
        "threadsTotal": len(mailbox.threads),
        "historyId": str(mailbox.history.latest),
    }
    return Answer(body)


def list_threads(call: Call) -> Answer:
    """Threads with a matching message, newest first; without one there is no `threads` key at all."""
    mailbox = call.world.mailbox
    newest: dict[str, StoredMessage] = {}
    for message in _found(call):
        newest.setdefault(message.thread_id, message)
    rows: list[JsonObject] = [
        {
            "id": thread_id,
            "snippet": mailbox.parsed(message).snippet,
            "historyId": str(max(m.history_id for m in mailbox.thread(thread_id))),
        }
        for thread_id, message in newest.items()
    ]
    return Answer(page(call, "threads", rows))


def list_messages(call: Call) -> Answer:
    return Answer(page(call, "messages", [reference(message) for message in _found(call)]))


def _found(call: Call) -> list[StoredMessage]:
    label_ids = call.query.all("labelIds")
    found = search(
        call.world.mailbox,
        call.query.get("q"),
        call.world.clock.now_ms(),
        with_hidden=call.flag("includeSpamTrash"),
    )
    return [message for message in found if all(label in message.label_ids for label in label_ids)]


def page(call: Call, key: str, rows: list[JsonObject]) -> JsonObject:
    """One page under `key`, absent when empty, with Gmail's estimate and the token of the next page."""
    limit = call.count("maxResults", USUAL_PAGE, LARGEST_PAGE)
    token = call.query.get("pageToken", "0")
    if not token.isdigit():
        raise invalid("Invalid pageToken")
    at = int(token)
    body: JsonObject = {"resultSizeEstimate": len(rows)}
    if rows[at : at + limit]:
        body[key] = rows[at : at + limit]
    if at + limit < len(rows):
        body["nextPageToken"] = str(at + limit)
    return body


def read_thread(call: Call) -> Answer:
    """A thread's messages, oldest first, in the format asked for (raw is not one of them)."""
    shown_as = requested_format(call)
    if shown_as == "raw":
        raise invalid("Invalid value at 'format': raw")
    return Answer(_presented_thread(call, call.params["thread_id"], shown_as))


def _presented_thread(call: Call, thread_id: str, shown_as: str) -> JsonObject:
    mailbox = call.world.mailbox
    messages = mailbox.thread(thread_id)
    if not messages:
        raise not_found()
    headers = call.query.all("metadataHeaders")
    return {
        "id": thread_id,
        "historyId": str(max(message.history_id for message in messages)),
        "messages": [presented(mailbox, message, shown_as, headers) for message in messages],
    }


def read_message(call: Call) -> Answer:
    message = call.world.mailbox.messages.get(call.params["message_id"])
    if message is None:
        raise not_found()
    headers = call.query.all("metadataHeaders")
    return Answer(presented(call.world.mailbox, message, requested_format(call), headers))


def relabel_thread(call: Call) -> Answer:
    messages = call.world.mailbox.thread(call.params["thread_id"])
    if not messages:
        raise not_found()
    add, remove = _label_changes(call)
    for message in messages:
        call.world.mailbox.relabel(message, add, remove)
    return Answer(_presented_thread(call, call.params["thread_id"], "minimal"))


def relabel_message(call: Call) -> Answer:
    message = call.world.mailbox.messages.get(call.params["message_id"])
    if message is None:
        raise not_found()
    call.world.mailbox.relabel(message, *_label_changes(call))
    return Answer({**reference(message), "labelIds": message.label_ids})


def _label_changes(call: Call) -> tuple[list[str], list[str]]:
    """Label ids to add and to take; Gmail refuses ids it does not know, and names are not ids."""
    add: list[str] = call.fields.get("addLabelIds") or []
    remove: list[str] = call.fields.get("removeLabelIds") or []
    for label in (*add, *remove):
        _check_label(call.world.mailbox, label)
    return add, remove


def _check_label(mailbox: Mailbox, label: str) -> None:
    if label not in mailbox.labels:
        raise invalid(f"Invalid label: {label}")
    if label in {"SENT", "DRAFT"}:
        raise invalid(f"Invalid label: {label}")


_ME = "/gmail/v1/users/{user}"
ROUTES = masked(
    (
        Route("GET", f"{_ME}/profile", read_profile),
        Route("GET", f"{_ME}/threads", list_threads),
        Route("GET", f"{_ME}/threads/{{thread_id}}", read_thread),
        Route("POST", f"{_ME}/threads/{{thread_id}}/modify", relabel_thread),
        Route("GET", f"{_ME}/messages", list_messages),
        Route("GET", f"{_ME}/messages/{{message_id}}", read_message),
        Route("POST", f"{_ME}/messages/{{message_id}}/modify", relabel_message),
    )
)
