"""How long, how named, and what a package's front page may hold."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.check_rules.names import dotted
from tools.check_rules.source import Breach, SourceFile

# Longer than the longest file anybody reads in one go; the median of good code bases is a third of it.
MAX_FILE_LINES = 300
# One screen.
MAX_FUNCTION_LINES = 50
EMPTY_NAMES = frozenset({"service", "services", "util", "utils", "helper", "helpers", "common", "misc"})


def files_are_short(file: SourceFile) -> Iterator[Breach]:
    lines = len(file.text.splitlines())
    if lines > MAX_FILE_LINES:
        yield Breach(MAX_FILE_LINES + 1, f"{lines} lines")


def functions_are_short(file: SourceFile) -> Iterator[Breach]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield Breach(node.lineno, f"{node.name} has {lines} lines")


def names_say_something(file: SourceFile) -> Iterator[Breach]:
    path = PurePosixPath(file.path)
    for part in (*path.parent.parts, path.stem):
        if part in EMPTY_NAMES:
            yield Breach(1, part)


def front_pages_hold_one_docstring(file: SourceFile) -> Iterator[Breach]:
    if file.name != "__init__.py":
        return
    statements = file.tree.body
    if ast.get_docstring(file.tree) is None:
        yield Breach(1, "no docstring")
    for statement in statements[1:]:
        yield Breach(statement.lineno, f"a {type(statement).__name__}")


def nothing_is_left_unfinished(file: SourceFile) -> Iterator[Breach]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if dotted(raised) == "NotImplementedError":
                yield Breach(node.lineno, "raise NotImplementedError")
