"""What each role may do."""

import itertools

import pytest

from sales_agent.access.auth.principal import HOLDS, Scope
from sales_agent.access.auth.roles import SCOPE_OF, Role

MAY = {
    Role.VIEWER: {Scope.READ},
    Role.OPERATOR: {Scope.READ, Scope.OPERATE},
    Role.ADMIN: {Scope.READ, Scope.OPERATE, Scope.ADMIN, Scope.DEMO},
    Role.OWNER: set(Scope),
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_scope_holds(role: Role):
    assert HOLDS[SCOPE_OF[role]] == MAY[role]


def test_each_role_may_more_than_the_one_before():
    allowed = [HOLDS[SCOPE_OF[role]] for role in Role]
    assert all(less < more for less, more in itertools.pairwise(allowed))
