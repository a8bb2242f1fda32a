"""How generated Markdown looks: a notice that says where it comes from, and tables."""

from collections.abc import Iterable, Sequence


def notice(source: str) -> str:
    return f"<!-- Written by `make docs` from {source}: change that, not this page. -->\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A pipe table; bars and line breaks inside cells are escaped."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
