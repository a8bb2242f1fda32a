"""Everything a mail program might turn into a link, taken apart the way a browser would."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sales_agent.safety.detectors.folding import fold

_WITH_SCHEME = re.compile(
    r"(?<![\w@])(?:[a-z][a-z0-9+.-]{1,20}:[/\\]+"
    r"|(?:https?|ftp|mailto|javascript|vbscript|data|blob|intent|view-source|file):(?=[^\s,;]))[^\s<>\"]+",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w@.%+-])(?:[\w%-]+\.)+(?P<top>xn--[\w-]+|[^\W\d_]{2,24})(?![\w@-])(?::\d+)?(?:[/\\?#][^\s<>\"]*)?"
    r"|(?<![\w@.%+-])\d{1,3}(?:\.\d{1,3}){3}(?![\w@.-]*\w)(?::\d+)?(?:[/\\?#][^\s<>\"]*)?"
)
_IP_HOST = re.compile(r"\[.*|(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", re.IGNORECASE)
# Endings of file names that are no top-level domain.
_FILE_ENDINGS = frozenset(
    {
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "csv", "txt", "png", "jpg", "jpeg", "gif",
        "svg", "json", "xml", "yaml", "yml", "html", "htm", "js", "css", "ics", "eml", "msg",
    }
)  # fmt: skip
# A capitalised word after a full stop without its blank ("agreed.Then") is a slip of the pen unless mail programs
# know the ending: those of two letters, and the ones in daily use.
_KNOWN_ENDINGS = frozenset(
    {
        "com", "net", "org", "info", "biz", "edu", "gov", "mil", "int", "app", "dev", "shop", "store", "online",
        "site", "website", "blog", "cloud", "tech", "agency", "xyz", "top", "club", "live", "news", "world",
        "today", "email", "link", "click", "zip", "mov", "pro", "mobi", "name", "space", "fun", "host", "press",
        "work", "works",
    }
)  # fmt: skip
_CLOSERS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Link:
    """Characters [start, end) as `text`; `scheme` is empty for a bare domain; `host` as a browser would ask for it."""

    start: int
    end: int
    text: str
    scheme: str
    host: str
    has_userinfo: bool
    rest: str

    @property
    def is_bare(self) -> bool:
        """A domain alone: nothing before, nothing behind."""
        return not self.scheme and not self.rest

    @property
    def is_ip_address(self) -> bool:
        """An address of a machine in any of its spellings."""
        return _IP_HOST.fullmatch(self.host) is not None

    @property
    def has_odd_letters(self) -> bool:
        """Letters outside ASCII, or their encoding: the host may look like another."""
        return not self.host.isascii() or "xn--" in self.host


def find_links(text: str) -> Iterator[Link]:
    """Links with a scheme, then bare domains and addresses of machines outside of those, each without closing marks."""
    plain = fold(text)
    spans: list[tuple[int, int]] = []
    for match in _WITH_SCHEME.finditer(plain):
        written = _without_closing_marks(match[0])
        spans.append((match.start(), match.end()))
        yield _taken_apart(match.start(), written)
    for match in _BARE.finditer(plain):
        if any(start <= match.start() < end for start, end in spans) or not _ends_like_a_domain(match["top"]):
            continue
        yield _taken_apart(match.start(), _without_closing_marks(match[0]))


def host_is_within(host: str, domain: str) -> bool:
    """The domain itself or a subdomain of it. A domain without a dot would allow a whole country: it allows nothing."""
    domain = domain.strip().strip(".").lower()
    return "." in domain and (host == domain or host.endswith("." + domain))


def _ends_like_a_domain(top: str | None) -> bool:
    if top is None:
        return True
    lowered = top.lower()
    if lowered in _FILE_ENDINGS:
        return False
    return len(top) == 2 or top == lowered or top.isupper() or lowered in _KNOWN_ENDINGS  # noqa: PLR2004 - countries


def _taken_apart(start: int, written: str) -> Link:
    scheme, colon, after = written.partition(":")
    if not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) or not _WITH_SCHEME.match(written):
        scheme, after = "", written
    after = after.lstrip("/\\")
    authority = re.split(r"[/\\?#]", after, maxsplit=1)[0]
    userinfo, at, server = authority.rpartition("@")
    host = server if server.startswith("[") else server.partition(":")[0]
    return Link(
        start=start,
        end=start + len(written),
        text=written,
        scheme=scheme.lower(),
        host=host.rstrip(".").lower(),
        has_userinfo=bool(at and userinfo),
        rest=after[len(authority) :],
    )


def _without_closing_marks(written: str) -> str:
    while written:
        last = written[-1]
        if last in ".,;:!?'\"*_`|" or (last in _CLOSERS and written.count(last) > written.count(_CLOSERS[last])):
            written = written[:-1]
        else:
            break
    return written
