"""The roles of people, and what each may do."""

from enum import StrEnum
from types import MappingProxyType

from sales_agent.access.auth.principal import Scope


class Role(StrEnum):
    """What a person is in a tenant, from least to most."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"
    OWNER = "owner"


# The one scope of each role; a scope holds those below it (`principal.HOLDS`).
SCOPE_OF = MappingProxyType(
    {
        Role.VIEWER: Scope.READ,
        Role.OPERATOR: Scope.OPERATE,
        Role.ADMIN: Scope.ADMIN,
        Role.OWNER: Scope.OWNER,
    }
)
