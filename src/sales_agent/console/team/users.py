"""Users made and changed, by whoever may, each change an audit event; what they may no longer do ends at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import ApiKey, User
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.access.auth.users import create_user, locked_user, require_another_owner
from sales_agent.console.team.authority import Authority
from sales_agent.ledger.audit.record import AuditEntry, record


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person as they shall be; without a hash they sign in with the identity provider."""

    email: str
    name: str
    role: Role
    password_hash: str | None


async def add_user(session: AsyncSession, tenant_id: UUID, new: NewUser, by: Authority) -> User:
    """Raises OwnersOnly, EmailInvalid, EmailTaken."""
    by.require_over(new.role)
    user = await create_user(
        session, tenant_id, email=new.email, name=new.name, role=new.role, password_hash=new.password_hash
    )
    facts: dict[str, object] = {"role": new.role.value, "has_password": new.password_hash is not None}
    await _record(session, user, "user.created", by, facts)
    return user


async def change_role(session: AsyncSession, tenant_id: UUID, user_id: UUID, role: Role, by: Authority) -> User:
    """Give another role and end the user's sessions. Raises UserUnknown, OwnersOnly, LastOwner."""
    user = await locked_user(session, tenant_id, user_id)
    by.require_over(user.role, role)
    if user.role == role:
        return user
    if role != Role.OWNER:
        await require_another_owner(session, user)
    before = user.role
    await UserRepository(session, tenant_id).set_role(user_id, role)
    await _record(session, user, "user.role_changed", by, {"before": before, "after": role.value})
    return await _changed(session, user)


async def set_password(
    session: AsyncSession, tenant_id: UUID, user_id: UUID, password_hash: str, by: Authority
) -> User:
    """Keep another password and end the user's sessions. Raises UserUnknown, OwnersOnly."""
    user = await locked_user(session, tenant_id, user_id)
    by.require_over(user.role)
    await UserRepository(session, tenant_id).set_password_hash(user_id, password_hash)
    await _record(session, user, "user.password_set", by)
    return await _changed(session, user)


async def disable(session: AsyncSession, tenant_id: UUID, user_id: UUID, by: Authority) -> User:
    """Refuse the user and end their sessions. Raises UserUnknown, OwnersOnly, LastOwner."""
    user = await locked_user(session, tenant_id, user_id)
    by.require_over(user.role)
    await require_another_owner(session, user)
    if user.disabled_at is not None:
        return user
    await UserRepository(session, tenant_id).disable(user_id)
    await _record(session, user, "user.disabled", by)
    return await _changed(session, user)


async def live_keys_of(session: AsyncSession, user: User) -> Sequence[ApiKey]:
    """The API keys the user made that still open doors, newest first: whoever made them, programs go on using them."""
    return await ApiKeyRepository(session, user.tenant_id).live_of(f"user:{user.id}")


async def enable(session: AsyncSession, tenant_id: UUID, user_id: UUID, by: Authority) -> User:
    """Let the user sign in again. Raises UserUnknown, OwnersOnly."""
    user = await locked_user(session, tenant_id, user_id)
    by.require_over(user.role)
    if user.disabled_at is None:
        return user
    await UserRepository(session, tenant_id).enable(user_id)
    await _record(session, user, "user.enabled", by)
    return await _changed(session, user)


async def _changed(session: AsyncSession, user: User) -> User:
    """The user as they are now, signed in nowhere."""
    await SessionRepository(session, user.tenant_id).revoke_all_of(user.id)
    return await locked_user(session, user.tenant_id, user.id)


async def _record(
    session: AsyncSession, user: User, action: str, by: Authority, facts: dict[str, object] | None = None
) -> None:
    entry = AuditEntry(action, actor=by.actor, subject=("user", user.id), facts=facts or {})
    await record(session, user.tenant_id, entry)
