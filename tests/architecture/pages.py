"""The project's pages as tests read them: links, headings, the code in them, and the commands in that code."""

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_NOT_IN_AN_ANCHOR = re.compile(r"[^\w\- ]")
_CONTINUED = re.compile(r"\\\n\s*")
_MAKES_A_POST = frozenset({"-d", "--data", "--data-binary", "-F"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request that a page shows. `body`: the words after `-d`, None without any."""

    method: str
    target: str
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file; `path` is relative to the checkout."""

    path: str

    @property
    def text(self) -> str:
        return (CHECKOUT / self.path).read_text(encoding="utf-8")

    def links(self) -> list[str]:
        """Where its relative links lead, as they are written."""
        targets = _LINK.findall(_SPAN.sub("", _FENCE.sub("", self.text)))
        return [target for target in targets if "://" not in target and not target.startswith("mailto:")]

    def anchors(self) -> set[str]:
        """What a link may name after `#`: each heading, as GitHub spells it."""
        headings = _HEADING.findall(_FENCE.sub("", self.text))
        return {_NOT_IN_AN_ANCHOR.sub("", heading.lower()).replace(" ", "-") for heading in headings}

    def blocks(self) -> list[str]:
        """Its blocks of code; a line that is continued is one line."""
        return [_CONTINUED.sub(" ", block) for block in _FENCE.findall(self.text)]

    def code(self) -> list[str]:
        """Everything that is set as code: each line of a block, each span."""
        spans = _SPAN.findall(_FENCE.sub("", self.text))
        return [line for block in self.blocks() for line in block.splitlines()] + spans

    def named_doors(self) -> list[Request]:
        """Each `METHOD /api/...` in it; without a method, any will do."""
        named = re.compile(r"(?:\b(GET|POST|PUT|PATCH|DELETE)\s+)?(?:\S*?)(?<!URL)(/api/[^\s,;)\"']+)")
        return [Request(method or "*", path) for piece in self.code() for method, path in named.findall(piece)]

    def requests(self) -> list[Request]:
        """Each request to `$URL` in its blocks, by curl or by a function of the shell that the page has made of it."""
        return [request for block in self.blocks() for command in _commands(block) if (request := _request(command))]

    def table(self, first_column: str) -> list[str]:
        """What stands in the first column of the table that begins with this word, without its back-quotes."""
        rows = self.text.partition(f"| {first_column} |")[2].splitlines()[2:]
        cells = [row.split("|")[1].strip() for row in rows[: next(i for i, row in enumerate([*rows, ""]) if not row)]]
        return [name.strip("`") for cell in cells for name in cell.split(", ")]


def pages(*patterns: str) -> list[Page]:
    """The files of the checkout that fit one of the patterns, in order."""
    found = {path for pattern in patterns for path in CHECKOUT.glob(pattern)}
    return [Page(str(path.relative_to(CHECKOUT))) for path in sorted(found)]


def _commands(block: str) -> Iterator[list[str]]:
    """The lines of a block that are commands, in words; a quotation goes on to its end, over lines too."""
    waiting = ""
    for line in block.splitlines():
        waiting = f"{waiting}\n{line}" if waiting else line
        if "$URL" not in waiting:
            waiting = ""
            continue
        try:
            words = shlex.split(waiting, comments=True)
        except ValueError:  # a quotation that is still open
            continue
        waiting = ""
        yield words


def _request(words: list[str]) -> Request | None:
    target = next((word.removeprefix("$URL") for word in words if word.startswith("$URL/")), None)
    if target is None:
        return None
    after = dict(itertools.pairwise(words))
    body = after.get("-d")
    posts = words[0] == "post" or bool(_MAKES_A_POST & set(words))
    return Request(after.get("-X", "POST" if posts else "GET"), target, body)
