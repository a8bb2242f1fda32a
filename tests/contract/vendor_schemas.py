"""Whether what was sent is what the vendors describe: every journalled request against their own descriptions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from tests.contract.vendor_descriptions import google, google_oauth, hubspot, openai

Complaints = Iterable[str]

# Who is asked about which provider's requests.
DESCRIPTIONS: dict[str, Callable[[str, str, Mapping[str, Any], Any], Complaints]] = {
    "hubspot": hubspot.complaints,
    "gmail": google.complaints,
    "drive": google.complaints,
    "calendar": google.complaints,
    "google_oauth": google_oauth.complaints,
    "openai": openai.complaints,
}


def invalid_requests(journal: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line a fault: `provider METHOD path: what is wrong`. Empty when every request is as the vendors describe.

    An entry has `provider`, `method`, `path` (still percent-encoded), `query` (a list where a name came more than
    once) and `body` (parsed JSON or form, else None), as the sandbox journals them.
    """
    found: list[str] = []
    for entry in journal:
        method, path = entry["method"], entry["path"]
        check = DESCRIPTIONS.get(entry["provider"])
        complaints = check(method, path, entry.get("query") or {}, entry.get("body")) if check else ["nobody's path"]
        found.extend(f"{entry['provider']} {method} {unquote(path)}: {complaint}" for complaint in complaints)
    return found
