"""Tests show what the product does: nothing in them is patched, mocked, skipped or expected to fail."""

import ast
from collections.abc import Iterator

from tools.check_rules.names import references
from tools.check_rules.source import Breach, SourceFile

PATCHING = ("unittest.mock", "pytest.MonkeyPatch", "mock.")
EXCUSES = ("pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.skip", "pytest.xfail")


def nothing_is_patched(file: SourceFile) -> Iterator[Breach]:
    for line, name in references(file.tree):
        if name.startswith(PATCHING):
            yield Breach(line, name)
    for node in ast.walk(file.tree):
        if isinstance(node, ast.arg) and node.arg in {"monkeypatch", "mocker"}:
            yield Breach(node.lineno, node.arg)


def nothing_is_excused(file: SourceFile) -> Iterator[Breach]:
    for line, name in references(file.tree):
        if name in EXCUSES or name == "pytest.importorskip":
            yield Breach(line, name)
