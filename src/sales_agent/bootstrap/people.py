"""People from the command line: made, listed and changed by whoever can reach the database with our settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import ApiKey, User
from sales_agent.access.auth.password import check_password, generate_password, hash_password
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.bootstrap.command_line import COMMAND_LINE, tenant_transaction
from sales_agent.config import Settings
from sales_agent.console.team import users
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.errors import NotFound


class EmailUnknown(NotFound):
    """This tenant has no user of this address: `sales-agent users list` shows them."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added; without a password one is made up."""

    email: str
    name: str
    role: Role
    password: str | None


async def create_user(settings: Settings, *, slug: str, person: NewPerson) -> str | None:
    """Add somebody; the password if it was made up.

    Raises TenantUnknown, PasswordTooShort, EmailInvalid, EmailTaken.
    """
    password, password_hash = await _chosen(person.password)
    new = users.NewUser(email=person.email, name=person.name, role=person.role, password_hash=password_hash)
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        await users.add_user(session, tenant_id, new, COMMAND_LINE)
    return None if person.password else password


async def list_users(settings: Settings, *, slug: str) -> Sequence[User]:
    """Everybody, oldest first. Raises TenantUnknown."""
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        return await UserRepository(session, tenant_id).all()


async def set_password(settings: Settings, *, slug: str, email: str, password: str | None) -> str | None:
    """Keep another password; it, if it was made up. Raises TenantUnknown, EmailUnknown, PasswordTooShort."""
    chosen, password_hash = await _chosen(password)
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        user_id = await _user_id(session, tenant_id, email)
        await users.set_password(session, tenant_id, user_id, password_hash, COMMAND_LINE)
    return None if password else chosen


async def disable_user(settings: Settings, *, slug: str, email: str) -> Sequence[ApiKey]:
    """Refuse somebody from now on; the live keys they made. Raises TenantUnknown, EmailUnknown, LastOwner."""
    async with tenant_transaction(settings, slug) as (session, tenant_id, _):
        user = await users.disable(session, tenant_id, await _user_id(session, tenant_id, email), COMMAND_LINE)
        return await users.live_keys_of(session, user)


def user_as_json(user: User) -> dict[str, object]:
    """What may be told of a user; times in ISO 8601."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "has_password": user.password_hash is not None,
        "created_at": user.created_at.isoformat(),
        "last_sign_in_at": user.last_sign_in_at.isoformat() if user.last_sign_in_at else None,
        "disabled_at": user.disabled_at.isoformat() if user.disabled_at else None,
    }


async def _chosen(password: str | None) -> tuple[str, str]:
    chosen = generate_password() if password is None else password
    check_password(chosen)
    return chosen, await hash_password(chosen)


async def _user_id(session: AsyncSession, tenant_id: UUID, email: str) -> UUID:
    user = await UserRepository(session, tenant_id).by_email(canonical_address(email))
    if user is None:
        raise EmailUnknown
    return user.id
