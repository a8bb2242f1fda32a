"""Every query on people."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import User
from sales_agent.access.auth.roles import Role
from sales_agent.kit.errors import Conflict

_IS_LIVE_OWNER = sa.and_(User.role == Role.OWNER, User.disabled_at.is_(None))


class EmailTaken(Conflict):
    """There is a user with this e-mail address already."""


class UserRepository:
    """The people of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(self, user: User) -> None:
        """Store a new user. Raises EmailTaken."""
        try:
            async with self._session.begin_nested():
                self._session.add(user)
        except IntegrityError as error:
            raise EmailTaken from error

    async def get(self, user_id: UUID) -> User | None:
        """The user, disabled or not, or None."""
        return await self._session.get(User, (self._tenant_id, user_id))

    async def by_email(self, email_canonical: str) -> User | None:
        """The user of this address in its canonical form, or None."""
        return await self._session.scalar(
            sa.select(User).where(User.tenant_id == self._tenant_id, User.email_canonical == email_canonical)
        )

    async def all(self) -> Sequence[User]:
        """Everybody, disabled or not, oldest first."""
        rows = await self._session.scalars(sa.select(User).where(User.tenant_id == self._tenant_id).order_by(User.id))
        return rows.all()

    async def lock(self, user_id: UUID) -> User | None:
        """The user as it is now, held until the transaction ends, with every enabled owner.

        One order for all, so that two owners who take the role from each other do not both succeed.
        """
        rows = await self._session.scalars(
            sa.select(User)
            .where(User.tenant_id == self._tenant_id, sa.or_(User.id == user_id, _IS_LIVE_OWNER))
            .order_by(User.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return next((user for user in rows if user.id == user_id), None)

    async def other_owners(self, user_id: UUID) -> int:
        """How many enabled owners there are beside this user."""
        count = sa.select(sa.func.count()).where(User.tenant_id == self._tenant_id, User.id != user_id, _IS_LIVE_OWNER)
        return (await self._session.execute(count)).scalar_one()

    async def set_role(self, user_id: UUID, role: Role) -> None:
        """Give another role."""
        await self._change(user_id, role=role)

    async def set_password_hash(self, user_id: UUID, password_hash: str) -> None:
        """Keep another hash."""
        await self._change(user_id, password_hash=password_hash)

    async def disable(self, user_id: UUID) -> None:
        """Refuse the user from now on."""
        await self._change(user_id, disabled_at=sa.func.coalesce(User.disabled_at, sa.func.now()))

    async def enable(self, user_id: UUID) -> None:
        """Let the user in again."""
        await self._change(user_id, disabled_at=None)

    async def sign_in(self, user_id: UUID, password_hash: str | None) -> bool:
        """Note a sign-in; False where the user was disabled, or got another password, since this hash was read.

        The row stays held until the transaction ends: who disables the user ends the session that is made after this.
        """
        noted = await self._session.execute(
            sa.update(User)
            .where(User.tenant_id == self._tenant_id, User.id == user_id, User.disabled_at.is_(None))
            .where(User.password_hash.is_not_distinct_from(password_hash))
            .values(last_sign_in_at=sa.func.now())
            .returning(User.id)
        )
        return noted.first() is not None

    async def bind_subject(self, user_id: UUID, subject: str) -> bool:
        """Note the provider's id of a user who has none yet; whether it is the user's now."""
        bound = await self._session.execute(
            sa.update(User)
            .where(User.tenant_id == self._tenant_id, User.id == user_id, User.disabled_at.is_(None))
            .where(sa.or_(User.oidc_subject.is_(None), User.oidc_subject == subject))
            .values(oidc_subject=subject)
            .returning(User.id)
        )
        return bound.first() is not None

    async def _change(self, user_id: UUID, **values: object) -> None:
        await self._session.execute(
            sa.update(User).where(User.tenant_id == self._tenant_id, User.id == user_id).values(**values)
        )
