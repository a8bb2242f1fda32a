"""People as rows: what must be true of an address and of the owners of a tenant, whoever changes them."""

from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import User
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.errors import Conflict, InvalidInput, NotFound
from sales_agent.kit.ids import new_id

# RFC 5321: longer than this no path may be.
_LONGEST_ADDRESS = 254


class UserUnknown(NotFound):
    """This tenant has no such user."""


class EmailInvalid(InvalidInput):
    """This is no e-mail address."""


class LastOwner(Conflict):
    """This is the last owner: make another one first."""


async def create_user(
    session: AsyncSession, tenant_id: UUID, *, email: str, name: str, role: Role, password_hash: str | None
) -> User:
    """A new person; without a hash one who signs in elsewhere. Raises EmailInvalid, EmailTaken."""
    address = checked_address(email)
    user = User(
        tenant_id=tenant_id,
        id=new_id(),
        email=address,
        email_canonical=canonical_address(address),
        name=name.strip(),
        role=role,
        password_hash=password_hash,
    )
    await UserRepository(session, tenant_id).add(user)
    return user


async def locked_user(session: AsyncSession, tenant_id: UUID, user_id: UUID) -> User:
    """The user as they are now, held until the transaction ends. Raises UserUnknown."""
    user = await UserRepository(session, tenant_id).lock(user_id)
    if user is None:
        raise UserUnknown
    return user


async def require_another_owner(session: AsyncSession, user: User) -> None:
    """Raise LastOwner where `user`, held by `locked_user`, is the only owner who can still sign in."""
    is_owner = user.role == Role.OWNER and user.disabled_at is None
    if is_owner and await UserRepository(session, user.tenant_id).other_owners(user.id) == 0:
        raise LastOwner


def checked_address(email: str) -> str:
    """The address as it is kept. Whether it takes mail is nobody's question here, so reserved domains will do."""
    try:
        if len(email) > _LONGEST_ADDRESS:
            raise EmailInvalid
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise EmailInvalid from error
