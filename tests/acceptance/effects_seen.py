"""What a run did to the outside world, counted at the providers and never in our own tables."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sales_agent.sandbox.client import SandboxClient

# Every outward write there is, by method and path. Searches and free/busy are POSTs that change nothing.
_WRITES = (
    ("company", "POST", re.compile(r"/crm/objects/[^/]+/companies$")),
    ("contact", "POST", re.compile(r"/crm/objects/[^/]+/contacts$")),
    ("task", "POST", re.compile(r"/crm/objects/[^/]+/tasks$")),
    ("note", "POST", re.compile(r"/crm/objects/[^/]+/notes$")),
    ("draft", "POST", re.compile(r"/gmail/v1/users/me/drafts$")),
    ("label on thread", "POST", re.compile(r"/gmail/v1/users/me/threads/[^/]+/modify$")),
    ("label", "POST", re.compile(r"/gmail/v1/users/me/labels$")),
    ("model", "POST", re.compile(r"/v1/chat/completions$")),
)
_READING_POSTS = re.compile(r"/(search|freeBusy|embeddings|batch/read)$")


@dataclass(frozen=True, slots=True)
class Journal:
    """A stretch of the sandbox's journal."""

    entries: Sequence[dict[str, Any]]

    def acted(self) -> Counter[str]:
        """How often each kind of write was performed, whether or not its answer arrived."""
        return Counter(_kind(entry) for entry in self.entries if _writes(entry) and entry["acted"])

    def asked(self) -> Counter[str]:
        """How often each kind of write was asked for."""
        return Counter(_kind(entry) for entry in self.entries if _writes(entry))


def journal_since(sandbox: SandboxClient, sequence: int) -> Journal:
    """Everything after that entry."""
    return Journal(sandbox.journal(since=sequence))


def last_entry(sandbox: SandboxClient) -> int:
    """The number of the newest entry."""
    return max((entry["sequence"] for entry in sandbox.journal()), default=0)


def left_behind(sandbox: SandboxClient, email: str) -> dict[str, Any]:
    """What lies at the providers because of one new person, without ids: it must not depend on what went wrong."""
    domain = email.partition("@")[2]
    contacts = [c for c in sandbox.state("contacts") if c["properties"].get("email") == email]
    companies = [c for c in sandbox.state("companies") if c["properties"].get("domain") == domain]
    ids = {contact["id"] for contact in contacts}
    drafts = [d["message"] for d in sandbox.state("drafts") if email in d["message"]["to"]]
    return {
        "contacts": [_told(contact) for contact in contacts],
        "companies": [_told(company) for company in companies],
        "tasks": [_told(task) for task in _of(sandbox, "tasks", ids)],
        "notes": [_told(note) for note in _of(sandbox, "notes", ids)],
        "drafts": [
            {
                "from": draft["from"],
                "subject": draft["subject"],
                "text": draft["text"],
                "labels": len(draft["labelIds"]),
                "references": draft["references"],
            }
            for draft in drafts
        ],
    }


def _writes(entry: dict[str, Any]) -> bool:
    return entry["method"] not in {"GET", "HEAD"} and not _READING_POSTS.search(entry["path"])


def _kind(entry: dict[str, Any]) -> str:
    found = [name for name, method, path in _WRITES if method == entry["method"] and path.search(entry["path"])]
    assert len(found) == 1, f"a write that no test knows: {entry['method']} {entry['path']}"
    return found[0]


def _of(sandbox: SandboxClient, kind: str, contact_ids: set[str]) -> list[dict[str, Any]]:
    return [record for record in sandbox.state(kind) if contact_ids & set(record["associations"].get("contacts", ()))]


def _told(record: dict[str, Any]) -> dict[str, Any]:
    """The properties we sent and how the record is linked."""
    ours = {
        name: re.sub(r"sa-[0-9a-f]{32}", "<marker>", value)
        for name, value in record["properties"].items()
        if name not in {"hs_object_id", "createdate", "hs_createdate"} and "lastmodifieddate" not in name
    }
    if "hs_note_body" in ours:
        ours.pop("hs_timestamp")  # a note is of the moment it was written
    return {"properties": ours, "links": {kind: len(ids) for kind, ids in record["associations"].items()}}
