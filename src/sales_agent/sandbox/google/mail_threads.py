"""Which thread a message joins: a reply must name the thread, reference one of its mails and keep its subject."""

from sales_agent.sandbox.google.mail_parsing import ParsedMail
from sales_agent.sandbox.google.mailbox import Mailbox


def joins_thread(mailbox: Mailbox, mail: ParsedMail, thread_id: str) -> bool:
    """Whether all three conditions of Gmail's guide hold for this mail and this thread; drafts in it do not count."""
    real = [message for message in mailbox.thread(thread_id) if "DRAFT" not in message.label_ids]
    parsed = [mailbox.parsed(message) for message in real]
    known_ids = {other.message_id for other in parsed} - {""}
    same_subject = any(other.thread_subject == mail.thread_subject for other in parsed)
    return same_subject and not known_ids.isdisjoint(mail.referenced_ids)


def thread_of_incoming(mailbox: Mailbox, mail: ParsedMail) -> str:
    """The thread that a mail from outside continues, by its references and subject; empty for a new one."""
    for referenced in sorted(mail.referenced_ids):
        parent = mailbox.by_header_id(referenced)
        if parent and mailbox.parsed(parent).thread_subject == mail.thread_subject:
            return parent.thread_id
    return ""
