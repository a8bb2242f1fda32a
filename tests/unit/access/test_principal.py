"""Which scope holds which."""

from uuid import UUID

import pytest

from sales_agent.access.auth.principal import Principal, Scope

MAY = {
    Scope.READ: {Scope.READ},
    Scope.OPERATE: {Scope.READ, Scope.OPERATE},
    Scope.ADMIN: {Scope.READ, Scope.OPERATE, Scope.ADMIN, Scope.DEMO},
    Scope.OWNER: set(Scope),
    Scope.DEMO: {Scope.DEMO},
}


@pytest.mark.parametrize("held", Scope)
def test_a_scope_holds_those_below_it_and_no_other(held: Scope):
    principal = Principal(UUID(int=1), UUID(int=2), "ci", frozenset({held}))
    assert {scope for scope in Scope if principal.may(scope)} == MAY[held]


def test_a_caller_without_a_scope_may_nothing():
    principal = Principal(UUID(int=1), UUID(int=2), "ci", frozenset())
    assert not any(principal.may(scope) for scope in Scope)
