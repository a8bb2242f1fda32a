"""Who may write SQL, who may end a transaction, and where tables may live."""

import ast
from collections.abc import Iterator

from tools.check_rules.names import called_methods, references
from tools.check_rules.source import Breach, SourceFile

COMMIT_HOMES = (
    "kit/db.py",
    "pipeline/queue/job.py",
    "pipeline/queue/relay.py",
    "pipeline/workflow/engine.py",
    "pipeline/intake/receive.py",
    "effects/*",
)
QUERY_HOMES = ("repository.py", "*/repository.py", "*_repository.py", "kit/db.py", "kit/tables.py")
# A server default or the condition of an index is a part of a table's shape, not a query.
TEXT_HOMES = (*QUERY_HOMES, "*/models.py", "*_models.py")

STATEMENTS = frozenset({"select", "insert", "update", "delete", "SQL"})
RUNS_SQL = frozenset({"execute", "executemany", "scalar", "scalars", "stream", "stream_scalars"})
# How the house and its drivers call a database handle; `agent.execute` and `pipeline.execute` are none.
HANDLES = frozenset({"session", "connection", "conn", "cursor", "transaction"})
HANDLE_TYPES = ("Session", "Connection", "Cursor")


def commit_has_few_homes(file: SourceFile) -> Iterator[Breach]:
    if file.lives_in(COMMIT_HOMES):
        return
    for line, receiver, method in called_methods(file.tree):
        if method == "commit":
            yield Breach(line, f"{receiver or '(...)'}.commit()")


def queries_live_in_repositories(file: SourceFile) -> Iterator[Breach]:
    if file.lives_in(QUERY_HOMES):
        return
    for line, name in references(file.tree):
        last = name.rpartition(".")[2]
        if not name.startswith(("sqlalchemy.", "psycopg.")):
            continue
        if last in STATEMENTS or (last == "text" and not file.lives_in(TEXT_HOMES)):
            yield Breach(line, name)
    handles = HANDLES | _annotated_handles(file.tree)
    for line, receiver, method in called_methods(file.tree):
        if method == "exec_driver_sql" or (method in RUNS_SQL and receiver in handles):
            yield Breach(line, f"{receiver}.{method}()")


def no_relationships(file: SourceFile) -> Iterator[Breach]:
    for line, name in references(file.tree):
        if name.startswith("sqlalchemy.") and name.endswith(".relationship"):
            yield Breach(line, name)


def tables_have_a_repository(file: SourceFile) -> Iterator[Breach]:
    has_tables = any(name.startswith("sqlalchemy.") for _, name in references(file.tree))
    if file.name != "models.py" or not has_tables:
        return
    if not any(name == "repository.py" or name.endswith("_repository.py") for name in file.siblings):
        yield Breach(1, "models.py stands without a repository.py")


def _annotated_handles(tree: ast.Module) -> set[str]:
    """Names that are annotated as a session, connection or cursor."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            name, annotation = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, annotation = node.target.id, node.annotation
        else:
            continue
        if ast.unparse(annotation).strip("'\"").partition("[")[0].endswith(HANDLE_TYPES):
            names.add(name)
    return names
