"""Evidence in Gmail of what was sent: by the marker of our own sends, by the address for those made by hand."""

import datetime as dt
from collections.abc import Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, objects_at, required_text, text_at, texts_at
from sales_agent.connectors.errors import Missing, Transient
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.mail.gmail.metadata import marker_in, message_with_header
from sales_agent.connectors.mail.gmail.parse import message_of
from sales_agent.connectors.mail.gmail.searching import entries, is_searchable
from sales_agent.connectors.mail.reader import MailMessage, SentMail
from sales_agent.connectors.side_by_side import side_by_side

_SENT = "SENT"

# Of the mails sent to one address, and of all sent last, so many are looked at: the one in question is minutes old.
_NEWEST = 25


async def find_marked(account: Reads, markers: Sequence[str], *, to: str, thread_id: str | None) -> SentMail | None:
    """The sent message with one of these markers.

    The thread shows it at once; search knows it a little later, and not by every address; the plain list is the last.
    """
    found = _first(await _thread(account, thread_id), markers) if thread_id else None
    if found is not None:
        return found
    seen: set[str] = set()
    for query in [f'to:"{to.lower()}"'] * is_searchable(to) + [""]:
        fresh = [message_id for message_id in await _sent_ids(account, query, _NEWEST) if message_id not in seen]
        seen.update(fresh)
        found = _first(await side_by_side(fresh, lambda found: _marked_message(account, found)), markers)
        if found is not None:
            return found
    return None


async def sent_to(account: Reads, address: str, *, after: dt.datetime, limit: int) -> Sequence[MailMessage]:
    """Mails sent to exactly this address since then, newest first; none to one that search cannot express."""
    address = address.lower()
    if not is_searchable(address):
        return ()
    # Gmail counts in whole seconds.
    after = after.replace(microsecond=0)
    query = f'to:"{address}" after:{int(after.timestamp())}'
    ids = await _sent_ids(account, query, limit)
    found = await side_by_side(ids, lambda message_id: _whole_message(account, message_id))
    sent = [message for message in found if message is not None and _SENT in message.label_ids]
    exact = [message for message in sent if address in message.to_addresses and message.sent_at >= after]
    return sorted(exact, key=lambda message: message.sent_at, reverse=True)


def _first(messages: Sequence[JsonObject], markers: Sequence[str]) -> SentMail | None:
    for message in messages:
        if _SENT in texts_at(message, "labelIds") and marker_in(message) in markers:
            return SentMail(required_text(message, "id"), required_text(message, "threadId"))
    return None


async def _thread(account: Reads, thread_id: str) -> list[JsonObject]:
    query = [("format", "metadata"), ("metadataHeaders", paths.EFFECT_HEADER)]
    try:
        answer = await account.read(paths.THREAD, {"id": thread_id}, query=query)
    except Missing:
        return []
    if text_at(answer, "id") != thread_id:
        raise Transient("the answer is not the thread asked for", provider="gmail", may_have_acted=False)
    return objects_at(answer, "messages")


async def _sent_ids(account: Reads, query: str, limit: int) -> list[str]:
    """Newest first. A mail that was sent and thrown away was sent all the same."""
    asked = [("labelIds", _SENT), ("includeSpamTrash", "true"), ("maxResults", str(limit))]
    answer = await account.read(paths.MESSAGES, query=[*asked, ("q", query)] if query else asked)
    return [required_text(found, "id") for found in entries(answer, "messages")]


async def _marked_message(account: Reads, message_id: str) -> JsonObject:
    try:
        return await message_with_header(account, message_id, paths.EFFECT_HEADER)
    except Missing:
        return {}


async def _whole_message(account: Reads, message_id: str) -> MailMessage | None:
    try:
        return message_of(await account.read(paths.MESSAGE, {"id": message_id}, query=[("format", "full")]))
    except Missing:
        return None
