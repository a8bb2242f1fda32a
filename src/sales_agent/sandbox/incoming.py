"""What people do to the mailbox without the API: write to the seller, or work in Gmail's own window."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sales_agent.sandbox.google.gmail_drafts import rewrite_draft, send_drafted
from sales_agent.sandbox.google.mail_parsing import parse_mail
from sales_agent.sandbox.google.mail_threads import thread_of_incoming
from sales_agent.sandbox.google.mailbox import StoredMessage
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.world import World


def deliver(world: World, fields: JsonObject) -> JsonObject:
    """A mail from somebody reaches the seller; `thread_id` makes it a reply to that thread's last message.

    Fields: from, subject, text, html, to, cc, headers (name to value), in_reply_to, thread_id, minutes_ago.

    Raises:
        KeyError: `from` is missing, or there is no such thread.
    """
    mailbox = world.mailbox
    parents = (
        [mailbox.messages[message_id] for message_id in mailbox.threads[fields["thread_id"]]]
        if fields.get("thread_id")
        else []
    )
    when_ms = world.clock.now_ms() - int(float(fields.get("minutes_ago", 0)) * 60_000)
    mail = _composed(world, fields, parents)
    raw = mail.as_bytes(policy=SMTP)
    parsed = parse_mail(raw)
    stored = mailbox.add(raw, ["INBOX", "UNREAD"], thread_of_incoming(mailbox, parsed), when_ms)
    return {"id": stored.id, "threadId": stored.thread_id, "message_id": parsed.message_id}


def _composed(world: World, fields: JsonObject, parents: list[StoredMessage]) -> EmailMessage:
    mail = EmailMessage()
    sender = str(fields["from"])
    last = world.mailbox.parsed(parents[-1]) if parents else None
    subject = fields.get("subject") or (f"Re: {last.header('Subject')}" if last else "Hello")
    parent_id = fields.get("in_reply_to") or (last.message_id if last else "")
    given: dict[str, str | None] = {
        "From": sender,
        "To": fields.get("to") or world.mailbox.address,
        "Cc": fields.get("cc"),
        "Subject": subject,
        "Date": format_datetime(world.clock.now()),
        "Message-ID": make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "mail.example"),
        "In-Reply-To": parent_id,
        "References": " ".join(filter(None, (last.header("References") if last else "", parent_id))),
        **(fields.get("headers") or {}),
    }
    for name, value in given.items():
        if value:
            mail[name] = value
    mail.set_content(str(fields.get("text", "")))
    if fields.get("html"):
        mail.add_alternative(str(fields["html"]), subtype="html")
    return mail


def edit_draft(world: World, fields: JsonObject) -> JsonObject:
    """A person changes a draft in Gmail's window: text, subject or recipient; by default its id changes too.

    Raises:
        KeyError: there is no such draft.
    """
    mailbox = world.mailbox
    draft_id = str(fields["draft_id"])
    old = mailbox.messages[mailbox.drafts[draft_id]]
    parsed = mailbox.parsed(old)
    mail = EmailMessage()
    kept = ("From", "To", "Cc", "Bcc", "Subject", "Message-ID", "In-Reply-To", "References")
    changed = {"To": fields.get("to"), "Subject": fields.get("subject")}
    for name in kept:
        value = changed.get(name) or parsed.header(name)
        if value:
            mail[name] = value
    mail.set_content(str(fields.get("text") or parsed.text))
    message = rewrite_draft(mailbox, draft_id, mail.as_bytes(policy=SMTP), old.thread_id)
    if fields.get("rotate_id", True):
        del mailbox.drafts[draft_id]
        draft_id = f"r{8_000_000_000_000_000_000 + mailbox.new_number() * 7_919}"
        mailbox.drafts[draft_id] = message.id
    return {"id": draft_id, "message": {"id": message.id, "threadId": message.thread_id}}


def send_by_hand(world: World, draft_id: str) -> JsonObject:
    """A person presses Send in Gmail's window."""
    sent = send_drafted(world, draft_id)
    return {"id": sent.id, "threadId": sent.thread_id}


def delete_by_hand(world: World, draft_id: str) -> JsonObject:
    """A person throws a draft away.

    Raises:
        KeyError: there is no such draft.
    """
    mailbox = world.mailbox
    mailbox.remove(mailbox.messages[mailbox.drafts.pop(draft_id)])
    return {}
