"""What is told of a caller: the tenant, the person, the scopes."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import User
from sales_agent.access.auth.principal import HOLDS, Principal, Scope
from sales_agent.access.auth.roles import SCOPE_OF, Role
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.access.auth.sessions import SessionInvalid, csrf_token
from sales_agent.access.tenancy.repository import TenantRepository
from sales_agent.console.signin.people import SignedIn
from sales_agent.console.signin.schemas import SessionAnswer, ShownPerson, ShownTenant


async def show_caller(session: AsyncSession, caller: Principal, token: str | None) -> SessionAnswer:
    """Who calls; `token` is the session's own, None for a program. Raises SessionInvalid."""
    tenant = await _tenant(session, caller)
    if caller.user_id is None:
        return SessionAnswer(tenant=tenant, user=None, scopes=_all(caller.scopes), csrf_token=None, expires_at=None)
    live = await SessionRepository(session, caller.tenant_id).live(caller.key_id)
    if live is None:
        raise SessionInvalid
    signed_in, user, _ = live
    return SessionAnswer(
        tenant=tenant,
        user=_person(user),
        scopes=_all(caller.scopes),
        csrf_token=csrf_token(token) if token else None,
        expires_at=signed_in.expires_at,
    )


async def show_signed_in(session: AsyncSession, let_in: SignedIn) -> SessionAnswer:
    """Who was just let in."""
    user, opened = let_in.user, let_in.session
    scope = SCOPE_OF[Role(user.role)]
    return SessionAnswer(
        tenant=await _tenant(session, user),
        user=_person(user),
        scopes=_all({scope}),
        csrf_token=csrf_token(opened.token),
        expires_at=opened.expires_at,
    )


async def _tenant(session: AsyncSession, owner: Principal | User) -> ShownTenant:
    tenant = await TenantRepository(session, owner.tenant_id).get()
    if tenant is None:
        raise SessionInvalid
    return ShownTenant.model_validate(tenant, from_attributes=True)


def _person(user: User) -> ShownPerson:
    return ShownPerson(id=user.id, email=user.email, name=user.name, role=Role(user.role))


def _all(scopes: Iterable[Scope]) -> list[Scope]:
    """Every scope held, in the order of the enum."""
    held = frozenset[Scope]().union(*(HOLDS[scope] for scope in scopes))
    return [scope for scope in Scope if scope in held]
