"""What a name in a file really refers to, whatever it was imported as."""

import ast
from collections.abc import Iterator


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Local name -> full dotted name, for everything the file imports."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text, or None where the chain does not begin with a plain name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def references(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, full dotted name) of every use of an imported name, at its full length."""
    imported = imported_names(tree)
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        name = dotted(node) if isinstance(node, ast.Attribute | ast.Name) else None
        if name is None:
            waiting.extend(ast.iter_child_nodes(node))
            continue
        top, _, rest = name.partition(".")
        if top in imported and isinstance(node, ast.expr):
            yield node.lineno, f"{imported[top]}.{rest}" if rest else imported[top]


def called_methods(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(line, last name of the receiver, method) of every method call; "" for a receiver without a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = dotted(node.func.value)
            yield node.lineno, (receiver or "").rpartition(".")[2], node.func.attr
