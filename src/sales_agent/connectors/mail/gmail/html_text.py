"""HTML mail as plain text: what a reader would see, quotes marked with `> ` as in plain mail."""

from html.parser import HTMLParser

import nh3

# Only these shape the text; every other tag goes and its words stay, except words nobody sees.
_SHAPING = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "hr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = (_SHAPING | _HEADINGS) - {"br", "blockquote"}
_UNSEEN = {"script", "style", "title", "template", "noscript", "object", "svg", "math", "select", "textarea"}


def text_of_html(source: str) -> str:
    """Lines of text without markup; at most one empty line between paragraphs."""
    reduced = nh3.clean(source, tags={*_SHAPING, *_HEADINGS}, attributes={}, clean_content_tags=_UNSEEN)
    reader = _Reader()
    reader.feed(reduced)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects words into lines; a block begins and ends a line, a quotation deepens its mark."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._words: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "br":
            self._break(keep_empty=True)
        elif tag == "blockquote":
            self._break()
            self._depth += 1
        elif tag in _BLOCKS:
            self._break()
            if tag == "li":
                self._words.append("-")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._break()
            self._depth = max(0, self._depth - 1)
        elif tag in _BLOCKS:
            self._break()
            if tag == "p" or tag in _HEADINGS:
                self._break(keep_empty=True)

    def handle_data(self, data: str) -> None:
        self._words.extend(data.split())

    def text(self) -> str:
        self._break()
        return "\n".join(self._lines).strip()

    def _break(self, *, keep_empty: bool = False) -> None:
        line = " ".join(self._words)
        self._words.clear()
        mark = "> " * self._depth
        if line or (keep_empty and self._lines and self._lines[-1].strip("> ")):
            self._lines.append(f"{mark}{line}".rstrip())
