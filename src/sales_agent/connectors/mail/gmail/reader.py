"""Reading the seller's mailbox through Gmail."""

import re
from collections.abc import Iterator, Sequence

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, listed_at, object_at, objects_at, required_text, text_at, texts_at
from sales_agent.connectors.errors import Missing, Transient
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.mail.gmail.labels import label_names
from sales_agent.connectors.mail.gmail.parse import headers_of, thread_of
from sales_agent.connectors.mail.reader import MailThread, StoredMailDraft
from sales_agent.connectors.side_by_side import side_by_side

# Inside quotes Gmail's search knows no operators; an address with a quote or a blank in it cannot be asked for.
_SEARCHABLE = re.compile(r'[^\s"(){}<>\\]+@[^\s"(){}<>\\]+')

# Drafts that are looked at for a marker: those to the address, then the newest of all, since search lags behind.
_DRAFTS_PAGE = 100
_MOST_DRAFT_PAGES = 3


class GmailReader:
    """One mailbox. Implements MailReader."""

    def __init__(self, account: Reads) -> None:
        self._account = account

    async def threads_with(self, address: str, *, limit: int = 10) -> Sequence[MailThread]:
        """Threads to or from `address`, newest first; none for an address that Gmail's search cannot express."""
        address = address.lower()
        if not _SEARCHABLE.fullmatch(address):
            return ()
        query = [("q", _either_way(address)), ("maxResults", str(limit))]
        answer = await self._account.read(paths.THREADS, query=query)
        ids = [text_at(found, "id") for found in _page(answer, "threads")]
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
        queries = [f'to:"{to.lower()}"'] if _SEARCHABLE.fullmatch(to) else []
        for query in [*queries, ""]:
            page_token = ""
            for _ in range(_MOST_DRAFT_PAGES):
                answer = await self._account.read(paths.DRAFTS, query=[*_drafts_page(query, page_token)])
                fresh = [draft for draft in _page(answer, "drafts") if text_at(draft, "id") not in seen]
                seen.update(text_at(draft, "id") for draft in fresh)
                found = await self._marked(fresh, marker)
                if found is not None:
                    return found
                page_token = text_at(answer, "nextPageToken")
                if not page_token:
                    break
        return None

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
                return stored_draft(draft)
        return None

    async def _marker_of(self, message_id: str) -> str:
        query = [("format", "metadata"), ("metadataHeaders", paths.EFFECT_HEADER)]
        try:
            answer = await self._account.read(paths.MESSAGE, {"id": message_id}, query=query)
        except Missing:
            return ""
        if text_at(answer, "id") != message_id:
            raise Transient("the answer is not the message asked for", provider="gmail", may_have_acted=False)
        return headers_of(object_at(answer, "payload")).get(paths.EFFECT_HEADER.lower(), [""])[0].strip()


def stored_draft(answer: JsonObject) -> StoredMailDraft:
    """A draft as Gmail names it; raises Transient where the answer is none."""
    return StoredMailDraft(
        draft_id=required_text(answer, "id"),
        message_id=required_text(answer, "message", "id"),
        thread_id=required_text(answer, "message", "threadId"),
    )


def _either_way(address: str) -> str:
    return f'{{from:"{address}" to:"{address}" cc:"{address}"}}'


def _has(thread: MailThread, address: str) -> bool:
    return any(address == message.from_address or address in message.to_addresses for message in thread.messages)


def _page(answer: JsonObject, name: str) -> list[JsonObject]:
    """The entries of a page. An empty one has no list at all, and is told from an odd answer by its estimate."""
    return objects_at(answer, name) if "resultSizeEstimate" in answer else listed_at(answer, name)


def _drafts_page(query: str, page_token: str) -> Iterator[tuple[str, str]]:
    yield ("maxResults", str(_DRAFTS_PAGE))
    if query:
        yield ("q", query)
    if page_token:
        yield ("pageToken", page_token)
