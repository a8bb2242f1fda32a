"""The mail as it leaves: headers, recipient and what stands below the words come from code, never from the words."""

from uuid import UUID

from sales_agent.connectors.mail.drafter import OutgoingMail
from sales_agent.pipeline.drafting.footer import footer
from sales_agent.pipeline.sending.claim import Claimed, Mailbox


def outgoing_mail(tenant_id: UUID, claimed: Claimed, mailbox: Mailbox) -> OutgoingMail:
    """The approved words, from the seller to the draft's recipient, with the postal address and the way out below."""
    draft, words, seller = claimed.draft, claimed.words, mailbox.seller
    unsubscribe = mailbox.links.link(tenant_id, draft.to_address)
    below = footer(postal_address=seller.postal_address, unsubscribe_url=unsubscribe, language=seller.language)
    return OutgoingMail(
        to_address=draft.to_address,
        to_name=draft.to_name,
        from_address=seller.email,
        from_name=seller.name,
        subject=words.subject,
        body=f"{words.body}\n\n{below}",
        thread_id=draft.thread_id,
        in_reply_to=draft.in_reply_to,
        references=draft.references_header,
        list_unsubscribe=unsubscribe,
    )
