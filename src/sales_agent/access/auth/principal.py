"""Who calls: the tenant and the scopes behind an API key or a person's session."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Scope(StrEnum):
    """What a caller may do, from least to most; `demo` stands apart: it may post demo leads and nothing else."""

    READ = "read"
    OPERATE = "operate"
    ADMIN = "admin"
    OWNER = "owner"
    DEMO = "demo"


# A scope and those it holds in itself.
HOLDS: dict[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.OPERATE: frozenset({Scope.OPERATE, Scope.READ}),
    Scope.ADMIN: frozenset({Scope.ADMIN, Scope.OPERATE, Scope.READ, Scope.DEMO}),
    Scope.OWNER: frozenset(Scope),
    Scope.DEMO: frozenset({Scope.DEMO}),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """The one who calls: a program with an API key, or a person, who has a `user_id`.

    `key_id` is the id of the key or of the session; `name` the key's, which stands in the audit trail, or the person's,
    which does not.
    """

    tenant_id: UUID
    key_id: UUID
    name: str
    scopes: frozenset[Scope]
    user_id: UUID | None = None

    def may(self, scope: Scope) -> bool:
        """Whether any of the scopes held includes this one."""
        return any(scope in HOLDS[held] for held in self.scopes)

    @property
    def actor(self) -> str:
        """How the audit trail names this caller."""
        return f"api_key:{self.name}" if self.user_id is None else f"user:{self.user_id}"
