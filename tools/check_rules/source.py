"""What a rule is given to read: one parsed file that knows its place in the tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath

PACKAGE = "src/sales_agent/"


@dataclass(frozen=True)
class SourceFile:
    """One Python file: `path` is relative to the checkout, `siblings` are the file names of its folder."""

    path: str
    text: str
    siblings: frozenset[str] = frozenset()

    @property
    def room(self) -> str:
        """The path inside the package: what homes and exceptions are written in."""
        return self.path.removeprefix(PACKAGE)

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def lives_in(self, homes: tuple[str, ...]) -> bool:
        """Whether the file is one of `homes`, shell patterns over the path inside the package."""
        return any(fnmatch(self.room, home) for home in homes)


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that breaks a rule, and what was seen there."""

    line: int
    what: str


def python_files(checkout: Path, folder: str) -> Iterator[SourceFile]:
    """Every Python file under `folder`, in a stable order."""
    for path in sorted((checkout / folder).rglob("*.py")):
        yield SourceFile(
            path=path.relative_to(checkout).as_posix(),
            text=path.read_text(encoding="utf-8"),
            siblings=frozenset(sibling.name for sibling in path.parent.iterdir()),
        )
