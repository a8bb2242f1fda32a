"""A permit to write outward is minted in one place."""

import ast
from collections.abc import Iterator

from tools.check_rules.names import dotted
from tools.check_rules.source import Breach, SourceFile

PERMIT_HOMES = ("effects/permit.py",)


def permits_are_minted_in_one_place(file: SourceFile) -> Iterator[Breach]:
    if file.lives_in(PERMIT_HOMES):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and (dotted(node.func) or "").rpartition(".")[2] == "Permit":
            yield Breach(node.lineno, "Permit(...)")
