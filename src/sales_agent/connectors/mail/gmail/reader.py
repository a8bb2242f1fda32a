"""Reading the seller's mailbox through Gmail."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, object_at, objects_at, required_text, text_at, texts_at
from sales_agent.connectors.errors import Missing
from sales_agent.connectors.mail.gmail import paths, sent
from sales_agent.connectors.mail.gmail.labels import label_names
from sales_agent.connectors.mail.gmail.metadata import header_in, marker_in, message_with_header
from sales_agent.connectors.mail.gmail.parse import thread_of
from sales_agent.connectors.mail.gmail.searching import entries, is_searchable
from sales_agent.connectors.mail.reader import MailMessage, MailThread, SentMail, StoredMailDraft
from sales_agent.connectors.side_by_side import side_by_side

# Drafts that are looked at for a marker: those to the address, then the newest of all, since search lags behind.
_DRAFTS_PAGE = 100
_MOST_DRAFT_PAGES = 3


class GmailReader:
    """One mailbox. Implements MailReader."""

    def __init__(self, account: Reads) -> None:
        self._account = account

    async def own_address(self) -> str:
        """The address of the mailbox the token belongs to, lower case."""
        return required_text(await self._account.read(paths.PROFILE), "emailAddress").lower()

    async def threads_with(self, address: str, *, limit: int = 10) -> Sequence[MailThread]:
        """Threads to or from `address`, newest first; none for an address that Gmail's search cannot express."""
        address = address.lower()
        if not is_searchable(address):
            return ()
        query = [("q", _either_way(address)), ("maxResults", str(limit))]
        answer = await self._account.read(paths.THREADS, query=query)
        ids = [text_at(found, "id") for found in entries(answer, "threads")]
        threads = [thread for thread in await side_by_side(ids, self._thread_if_there) if thread is not None]
        # Search matches words, so that ann@x also finds jo-ann@x: only the exact address counts.
        with_address = [thread for thread in threads if _has(thread, address)]
        return sorted(with_address, key=lambda thread: thread.last_message_at, reverse=True)

    async def thread(self, thread_id: str) -> MailThread:
        """One thread; raises Missing."""
        return thread_of(await self._account.read(paths.THREAD, {"id": thread_id}, query=[("format", "full")]))

    async def find_draft(self, marker: str, *, to: str) -> StoredMailDraft | None:
        """The draft that carries a permit's marker, or None if the mailbox has none."""
        seen: set[str] = set()
        queries = [f'to:"{to.lower()}"'] if is_searchable(to) else []
        for query in [*queries, ""]:
            page_token = ""
            for _ in range(_MOST_DRAFT_PAGES):
                answer = await self._account.read(paths.DRAFTS, query=[*_drafts_page(query, page_token)])
                fresh = [draft for draft in entries(answer, "drafts") if text_at(draft, "id") not in seen]
                seen.update(text_at(draft, "id") for draft in fresh)
                found = await self._marked(fresh, marker)
                if found is not None:
                    return found
                page_token = text_at(answer, "nextPageToken")
                if not page_token:
                    break
        return None

    async def draft(self, draft_id: str) -> StoredMailDraft:
        """The draft as it lies there now; raises Missing."""
        answer = await self._account.read(paths.DRAFT, {"id": draft_id}, query=[("format", "metadata")])
        return stored_draft(answer, marker_in(object_at(answer, "message")))

    async def drafts(self) -> Mapping[str, str]:
        """Every draft in the mailbox: its id, and that of its present message."""
        found: dict[str, str] = {}
        page_token = ""
        while True:
            answer = await self._account.read(paths.DRAFTS, query=[*_drafts_page("", page_token)])
            for draft in entries(answer, "drafts"):
                found[required_text(draft, "id")] = required_text(object_at(draft, "message"), "id")
            page_token = text_at(answer, "nextPageToken")
            if not page_token:
                return found

    async def find_sent(self, markers: Sequence[str], *, to: str, thread_id: str | None) -> SentMail | None:
        """The sent message that carries one of these markers, or None if the mailbox has none."""
        return await sent.find_marked(self._account, markers, to=to, thread_id=thread_id)

    async def message_id_header(self, message_id: str) -> str:
        """The Message-ID under which a message really left, "" where it has none; raises Missing."""
        return header_in(await message_with_header(self._account, message_id, "Message-ID"), "Message-ID")

    async def sent_to(self, address: str, *, after: dt.datetime, limit: int = 10) -> Sequence[MailMessage]:
        """Mails sent to `address` since then, newest first; none to an address that Gmail's search cannot express."""
        return await sent.sent_to(self._account, address, after=after, limit=limit)

    async def thread_label_names(self, thread_id: str) -> frozenset[str]:
        """Names of the labels on any message of a thread; raises Missing."""
        answer = await self._account.read(paths.THREAD, {"id": thread_id}, query=[("format", "minimal")])
        on_thread = {label for message in objects_at(answer, "messages") for label in texts_at(message, "labelIds")}
        names = await label_names(self._account)
        return frozenset(names.get(label, label) for label in on_thread)

    async def _thread_if_there(self, thread_id: str) -> MailThread | None:
        try:
            thread = await self.thread(thread_id)
        except Missing:
            return None
        return thread if thread.messages else None

    async def _marked(self, drafts: Sequence[JsonObject], marker: str) -> StoredMailDraft | None:
        markers = await side_by_side([text_at(draft, "message", "id") for draft in drafts], self._marker_of)
        for draft, found in zip(drafts, markers, strict=True):
            if found == marker:
                return stored_draft(draft, marker)
        return None

    async def _marker_of(self, message_id: str) -> str:
        try:
            return marker_in(await message_with_header(self._account, message_id, paths.EFFECT_HEADER))
        except Missing:
            return ""


def stored_draft(answer: JsonObject, marker: str) -> StoredMailDraft:
    """A draft as Gmail names it; raises Transient where the answer is none."""
    return StoredMailDraft(
        draft_id=required_text(answer, "id"),
        message_id=required_text(answer, "message", "id"),
        thread_id=required_text(answer, "message", "threadId"),
        marker=marker,
    )


def _either_way(address: str) -> str:
    return f'{{from:"{address}" to:"{address}" cc:"{address}"}}'


def _has(thread: MailThread, address: str) -> bool:
    return any(address == message.from_address or address in message.to_addresses for message in thread.messages)


def _drafts_page(query: str, page_token: str) -> Iterator[tuple[str, str]]:
    yield ("maxResults", str(_DRAFTS_PAGE))
    if query:
        yield ("q", query)
    if page_token:
        yield ("pageToken", page_token)
