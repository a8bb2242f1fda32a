"""Mail that no person wrote: out-of-office notes, bounces, lists, notifications."""

from collections.abc import Mapping, Sequence

# Headers whose mere presence says it; Auto-Submitted and Precedence say it by their value.
_TELLTALE = ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-failed-recipients")
_PRECEDENCES = frozenset({"bulk", "auto_reply", "auto-reply", "junk", "list"})
_ROBOTS = frozenset({"mailer-daemon", "postmaster"})


def is_automatic(headers: Mapping[str, Sequence[str]], from_address: str) -> bool:
    """Whether a machine sent it. `headers` are keyed by lower-case name."""
    submitted = _first(headers, "auto-submitted").partition(";")[0].strip()
    return (
        submitted not in {"", "no"}
        or _first(headers, "precedence") in _PRECEDENCES
        or any(name in headers for name in _TELLTALE)
        or _first(headers, "return-path") == "<>"
        or _first(headers, "content-type").startswith("multipart/report")
        or from_address.rpartition("@")[0] in _ROBOTS
    )


def _first(headers: Mapping[str, Sequence[str]], name: str) -> str:
    return headers[name][0].strip().lower() if headers.get(name) else ""
