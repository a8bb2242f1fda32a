"""Gmail labels, the history of changes, and the watch that pushes them."""

from http import HTTPStatus

from sales_agent.sandbox.google.errors import error, invalid, not_found
from sales_agent.sandbox.google.fields import masked
from sales_agent.sandbox.google.mail_history import Change
from sales_agent.sandbox.google.mailbox import SYSTEM_LABELS
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import NO_CONTENT, Answer, Call, Refused

# A watch ends by itself after seven days.
WATCH_MS = 7 * 86_400_000


def list_labels(call: Call) -> Answer:
    return Answer({"labels": [_presented(*label) for label in call.world.mailbox.labels.items()]})


def read_label(call: Call) -> Answer:
    label_id = call.params["label_id"]
    name = call.world.mailbox.labels.get(label_id)
    if name is None:
        raise not_found()
    return Answer(_presented(label_id, name))


def create_label(call: Call) -> Answer:
    """A label of the user's; 409 when one of that name is there, whatever the case."""
    mailbox = call.world.mailbox
    name = call.fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid("Invalid label name")
    if mailbox.label_named(name):
        raise Refused(error(HTTPStatus.CONFLICT, "Label name exists or conflicts", "aborted"))
    label_id = f"Label_{mailbox.new_number()}"
    mailbox.labels[label_id] = name
    return Answer(_presented(label_id, name))


def _presented(label_id: str, name: str) -> JsonObject:
    if label_id in SYSTEM_LABELS:
        return {"id": label_id, "name": name, "type": "system"}
    return {
        "id": label_id,
        "name": name,
        "type": "user",
        "messageListVisibility": "show",
        "labelListVisibility": "labelShow",
    }


def list_history(call: Call) -> Answer:
    """Changes after `startHistoryId`; 404 when that id is too old. Without changes there is no `history` key."""
    start = call.query.get("startHistoryId")
    if not start.isdigit():
        raise invalid("Missing required parameter: startHistoryId" if not start else "Invalid startHistoryId")
    history = call.world.mailbox.history
    changes = history.since(int(start))
    if changes is None:
        raise not_found()
    kinds = {_KIND_OF_TYPE.get(asked, asked) for asked in call.query.all("historyTypes")}
    label = call.query.get("labelId")
    kept = [
        change for change in changes if (not kinds or change.kind in kinds) and (not label or label in change.label_ids)
    ]
    limit, at = call.count("maxResults", 100, 500), int(call.query.get("pageToken") or 0)
    body: JsonObject = {"historyId": str(history.latest)}
    if kept[at : at + limit]:
        body["history"] = [_presented_change(change) for change in kept[at : at + limit]]
    if at + limit < len(kept):
        body["nextPageToken"] = str(at + limit)
    return Answer(body)


_KIND_OF_TYPE = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def _presented_change(change: Change) -> JsonObject:
    brief = {"id": change.message_id, "threadId": change.thread_id}
    detail: JsonObject = {"message": {**brief, "labelIds": change.label_ids}}
    if change.changed_labels:
        detail["labelIds"] = change.changed_labels
    return {"id": str(change.history_id), "messages": [brief], change.kind: [detail]}


def watch(call: Call) -> Answer:
    """Where to read on from, and when the watch ends (ms); nothing is pushed by the sandbox itself."""
    topic = call.fields.get("topicName")
    if not isinstance(topic, str) or not topic.startswith("projects/"):
        raise invalid("Invalid topicName does not match projects/{project}/topics/{topic}")
    expiration = call.world.clock.now_ms() + WATCH_MS
    return Answer({"historyId": str(call.world.mailbox.history.latest), "expiration": str(expiration)})


def stop(_call: Call) -> Answer:
    return NO_CONTENT


_ME = "/gmail/v1/users/{user}"
ROUTES = masked(
    (
        Route("GET", f"{_ME}/labels", list_labels),
        Route("POST", f"{_ME}/labels", create_label),
        Route("GET", f"{_ME}/labels/{{label_id}}", read_label),
        Route("GET", f"{_ME}/history", list_history),
        Route("POST", f"{_ME}/watch", watch),
        Route("POST", f"{_ME}/stop", stop),
    )
)
