"""What somebody may change in a team: nobody gives away, or takes from others, more than they have."""

from collections.abc import Collection
from dataclasses import dataclass

from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.roles import Role
from sales_agent.kit.errors import NotAllowed


class OwnersOnly(NotAllowed):
    """Only an owner makes owners, or changes one."""


class ScopeNotHeld(NotAllowed):
    """A key cannot do more than whoever makes it."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who changes the team, as the audit trail names them, and every scope they have."""

    actor: str
    scopes: Collection[Scope]

    @classmethod
    def of(cls, caller: Principal) -> "Authority":
        """That of a caller of the API."""
        return cls(caller.actor, frozenset(scope for scope in Scope if caller.may(scope)))

    def require_over(self, *roles: str) -> None:
        """Raise OwnersOnly where one of these roles is out of reach."""
        if Role.OWNER in roles and Scope.OWNER not in self.scopes:
            raise OwnersOnly

    def require_all(self, scopes: Collection[Scope]) -> None:
        """Raise ScopeNotHeld, naming what is missing."""
        if missing := sorted(set(scopes) - set(self.scopes)):
            raise ScopeNotHeld(missing=missing)
