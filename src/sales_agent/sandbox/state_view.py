"""What the world holds, kind by kind, as the control API shows it to tests."""

import datetime as dt
from collections.abc import Callable

from sales_agent.sandbox.clock import iso
from sales_agent.sandbox.google.mailbox import Mailbox, StoredMessage
from sales_agent.sandbox.hubspot.object_types import ObjectType
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.world import World


def _records(kind: ObjectType) -> Callable[[World], list[JsonObject]]:
    def view(world: World) -> list[JsonObject]:
        return [
            {
                "id": record.id,
                "properties": record.properties,
                "archived": record.archived,
                "associations": {
                    end.value: list(world.crm.linked(kind, record.id, end))
                    for end in ObjectType
                    if world.crm.linked(kind, record.id, end)
                },
            }
            for record in world.crm.records[kind].values()
        ]

    return view


def _mail(mailbox: Mailbox, message: StoredMessage) -> JsonObject:
    parsed = mailbox.parsed(message)
    return {
        "id": message.id,
        "threadId": message.thread_id,
        "labelIds": message.label_ids,
        "received_at": iso(dt.datetime.fromtimestamp(message.internal_ms / 1000, dt.UTC)),
        "from": parsed.addresses("from"),
        "to": parsed.addresses("to"),
        "cc": parsed.addresses("cc"),
        "bcc": parsed.addresses("bcc"),
        "subject": parsed.header("Subject"),
        "message_id": parsed.message_id,
        "in_reply_to": parsed.header("In-Reply-To"),
        "references": sorted(parsed.referenced_ids),
        "text": parsed.text,
    }


def _messages(world: World) -> list[JsonObject]:
    return [_mail(world.mailbox, message) for message in world.mailbox.messages.values()]


def _threads(world: World) -> list[JsonObject]:
    return [{"id": thread_id, "messages": ids} for thread_id, ids in world.mailbox.threads.items()]


def _drafts(world: World) -> list[JsonObject]:
    mailbox = world.mailbox
    return [
        {"id": draft_id, "message": _mail(mailbox, mailbox.messages[message_id])}
        for draft_id, message_id in mailbox.drafts.items()
    ]


def _sent(world: World) -> list[JsonObject]:
    """Mail that left through the sandbox, in order: what a test counts as delivered."""
    return [_mail(world.mailbox, world.mailbox.messages[message_id]) for message_id in world.mailbox.sent_ids]


def _calendars(world: World) -> list[JsonObject]:
    found = world.calendars.calendars.values()
    return [{"id": c.id, "timeZone": c.time_zone, "error": c.error, "events": len(c.events)} for c in found]


def _events(world: World) -> list[JsonObject]:
    calendars = world.calendars.calendars.values()
    return [{"calendarId": c.id, **event} for c in calendars for event in c.events.values()]


def _files(world: World) -> list[JsonObject]:
    drive = world.drive
    return [{**file, "permissions": drive.permissions[file_id]} for file_id, file in drive.files.items()]


# THE table of kinds that `GET /_sandbox/state/{kind}` knows.
VIEWS: dict[str, Callable[[World], list[JsonObject]]] = {
    **{kind.value: _records(kind) for kind in ObjectType},
    "owners": lambda world: list(world.crm.owners.values()),
    "submissions": lambda world: [row for rows in world.crm.submissions.values() for row in rows],
    "messages": _messages,
    "threads": _threads,
    "drafts": _drafts,
    "sent": _sent,
    "labels": lambda world: [{"id": i, "name": name} for i, name in world.mailbox.labels.items()],
    "files": _files,
    "calendars": _calendars,
    "events": _events,
}
