"""The seller's mailbox: what was said with whom before the sandbox started."""

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from sales_agent.sandbox.google.mailbox import StoredMessage
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.seeding.tables import rows
from sales_agent.sandbox.world import World

# A label of the seller's own, so that the list of labels is not only Gmail's.
_OWN_LABEL = "Prospects"


def seed_mail(world: World) -> None:
    world.mailbox.labels["Label_1"] = _OWN_LABEL
    thread_of: dict[int, str] = {}
    parents: dict[int, list[StoredMessage]] = {}
    dated = [
        (mail["days_ago"], number, thread, mail)
        for number, thread in enumerate(rows("mail"))
        for mail in thread["mails"]
    ]
    for _, number, thread, mail in sorted(dated, key=lambda entry: -entry[0]):
        earlier = parents.setdefault(number, [])
        stored = _store(world, thread, mail, earlier, thread_of.get(number, ""))
        thread_of[number] = stored.thread_id
        earlier.append(stored)


def _store(
    world: World, thread: JsonObject, mail: JsonObject, earlier: list[StoredMessage], thread_id: str
) -> StoredMessage:
    is_own = mail["from"] == "seller"
    sent_at = world.clock.now() - dt.timedelta(days=mail["days_ago"])
    message = _composed(world, thread, mail, earlier)
    message["Date"] = format_datetime(sent_at)
    labels = ["SENT"] if is_own else ["INBOX", *mail.get("labels", ("CATEGORY_PERSONAL",))]
    return world.mailbox.add(message.as_bytes(policy=SMTP), labels, thread_id, int(sent_at.timestamp() * 1000))


def _composed(world: World, thread: JsonObject, mail: JsonObject, earlier: list[StoredMessage]) -> EmailMessage:
    mailbox = world.mailbox
    own = formataddr((mailbox.name, mailbox.address))
    is_own = mail["from"] == "seller"
    last = mailbox.parsed(earlier[-1]) if earlier else None
    others = [p for stored in earlier if (p := mailbox.parsed(stored)).addresses("from") != [mailbox.address]]
    message = EmailMessage()
    message["From"] = own if is_own else _named(world, mail["from"])
    message["To"] = (
        (mail.get("to") or (others[-1].header("From") if others else _partner(world, thread))) if is_own else own
    )
    message["Subject"] = mail.get("subject") or (f"Re: {thread['subject']}" if earlier else thread["subject"])
    domain = message["From"].rpartition("@")[2].rstrip(">")
    message["Message-ID"] = f"<seed-{mailbox.new_number():04d}@{domain}>"
    if last:
        message["In-Reply-To"] = last.message_id
        message["References"] = " ".join(filter(None, (last.header("References"), last.message_id)))
    for name, value in mail.get("headers", {}).items():
        message[name] = value
    quoted = _quoted(last.text, last.header("From")) if last and mail.get("quotes") else ""
    message.set_content(mail["text"] + quoted + "\n")
    return message


def _named(world: World, address: str) -> str:
    """The address with the contact's name in front, where the portal knows it."""
    contact = world.crm.find_by_email(address)
    if contact is None:
        return address
    properties = contact.properties
    return formataddr((f"{properties['firstname']} {properties['lastname']}", address))


def _partner(world: World, thread: JsonObject) -> str:
    """To whom the seller wrote first: the first other person in the thread."""
    addresses = [mail["from"] for mail in thread["mails"] if mail["from"] != "seller"]
    return _named(world, addresses[0])


def _quoted(text: str, sender: str) -> str:
    lines = "".join(f"\n> {line}".rstrip() for line in text.strip().splitlines())
    return f"\n\nOn an earlier day, {sender} wrote:\n{lines}"
