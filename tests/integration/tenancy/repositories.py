"""Finds every repository class, and calls any of their methods with arguments that point at one tenant's rows."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, get_type_hints
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import ROOT
from sales_agent.kit.tables import Base
from tests.factories.access import KEYRING
from tests.integration.tenancy.arguments import Arguments
from tests.integration.tenancy.walls import WITHOUT_TENANT

SOURCE = ROOT / "src"

# What a repository may be built of, beside the session; the first one makes it a tenant's.
PARTS = {"tenant_id": None, "keyring": KEYRING}


def repository_classes() -> Iterator[type]:
    """Every class of a repository file that is built with a session and a tenant."""
    for path in sorted(SOURCE.rglob("*repository.py")):
        module = import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
        for found in vars(module).values():
            is_own = inspect.isclass(found) and found.__module__ == module.__name__
            if is_own and {"session", "tenant_id"} <= set(inspect.signature(found).parameters):
                yield found


@dataclass(frozen=True, slots=True)
class RepositoryMethod:
    """One public method of a repository class."""

    repository: type
    name: str

    def __str__(self) -> str:
        return f"{self.repository.__name__}.{self.name}"

    def arguments(self, arguments: Arguments) -> dict[str, object]:
        """What to call it with, so that it would find, change or repeat the rows that `arguments` are made of."""
        function = getattr(self.repository, self.name)
        hints = get_type_hints(function)
        made: dict[str, object] = {}
        for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                made |= arguments.columns_for(str(self))
            else:
                made[name] = arguments.make(str(self), name, hints[name])
        return made

    async def call(self, session: AsyncSession, tenant_id: UUID, arguments: Mapping[str, object]) -> object:
        """Call it on a repository built with this session and tenant."""
        parts = PARTS | {"tenant_id": tenant_id}
        wanted = list(inspect.signature(self.repository).parameters)[1:]
        repository = self.repository(session, **{name: parts[name] for name in wanted})
        return await getattr(repository, self.name)(**arguments)


def repository_methods() -> list[RepositoryMethod]:
    return [
        RepositoryMethod(repository, name)
        for repository in repository_classes()
        for name, member in vars(repository).items()
        if inspect.iscoroutinefunction(member) and not name.startswith("_")
    ]


def rows_in(answer: object) -> list[Base]:
    """Every row of a tenant anywhere in an answer, and the tenant itself; not what belongs to nobody."""
    rows = [value for value in values_in(answer) if isinstance(value, Base)]
    return [row for row in rows if row.__tablename__ not in WITHOUT_TENANT]


def texts_in(answer: object) -> set[str]:
    """Every text anywhere in an answer."""
    return {value for value in values_in(answer) if isinstance(value, str)}


def values_in(answer: Any) -> Iterator[object]:
    """An answer and everything it is made of."""
    yield answer
    if isinstance(answer, Base):
        parts: Sequence[object] = [getattr(answer, column.key) for column in answer.__table__.columns]
    elif isinstance(answer, Mapping):
        parts = [*answer.keys(), *answer.values()]
    elif isinstance(answer, list | tuple | set | frozenset):
        parts = list(answer)
    elif hasattr(answer, "__dataclass_fields__"):
        parts = [getattr(answer, name) for name in answer.__dataclass_fields__]
    else:
        return
    for part in parts:
        yield from values_in(part)
