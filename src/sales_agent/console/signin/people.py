"""Who may be meant by a sign-in: everybody of an address, in every tenant, and how one of them is let in or refused."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sales_agent.access.auth.models import User
from sales_agent.access.auth.sessions import OpenedSession, open_session
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.access.tenancy.directory_repository import Directory, Whereabouts
from sales_agent.access.tenancy.repository import TenantRepository
from sales_agent.kit.db import Database
from sales_agent.kit.errors import Conflict, NotAuthenticated
from sales_agent.ledger.audit.record import AuditEntry, record

# Who acted where nobody is signed in yet, as the audit trail names it.
NOBODY = "nobody"


class SeveralTenants(Conflict):
    """This address belongs to several tenants: say which one."""


class SignInFailed(NotAuthenticated):
    """The e-mail address or the password is wrong."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who was let in."""

    user: User
    session: OpenedSession


@dataclass(frozen=True, slots=True)
class People:
    """Looks people up before their tenant is known, and opens their sessions."""

    database: Database
    session_lives: dt.timedelta

    async def by_email(self, email_canonical: str, slug: str | None) -> Sequence[User]:
        """Everybody with this address, disabled or not; in one tenant only where its slug is given."""
        async with self.database.transaction() as session:
            directory = Directory(session)
            found = await directory.users_by_email(email_canonical)
            only = await directory.tenant_by_slug(slug) if slug else None
        return await self._read(_within(found, slug, only))

    async def by_subject(self, subject: str, slug: str | None) -> Sequence[User]:
        """Everybody whom the identity provider knows by this id."""
        async with self.database.transaction() as session:
            directory = Directory(session)
            found = await directory.users_by_subject(subject)
            only = await directory.tenant_by_slug(slug) if slug else None
        return await self._read(_within(found, slug, only))

    async def the_one(self, users: Sequence[User]) -> User:
        """The only one of those who proved who they are. Raises SeveralTenants with the slugs to choose from."""
        if len(users) == 1:
            return users[0]
        slugs: list[str] = []
        for user in users:
            async with self.database.transaction(user.tenant_id) as session:
                tenant = await TenantRepository(session, user.tenant_id).get()
            slugs += [tenant.slug] if tenant is not None else []
        raise SeveralTenants(tenants=sorted(slugs))

    async def let_in(
        self, user: User, *, method: str, subject: str | None = None, renewed: str | None = None
    ) -> SignedIn:
        """Open a session, and note what was learned: the provider's id of the person, a password hash to keep instead.

        Raises SignInFailed where the user was disabled, or changed, since they were read.
        """
        async with self.database.transaction(user.tenant_id) as session:
            users = UserRepository(session, user.tenant_id)
            if not await users.sign_in(user.id, user.password_hash):
                raise SignInFailed
            if subject is not None and not await users.bind_subject(user.id, subject):
                raise SignInFailed
            if renewed is not None:
                await users.set_password_hash(user.id, renewed)
            opened = await open_session(session, user.tenant_id, user.id, self.session_lives)
            entry = AuditEntry(
                "session.opened", actor=f"user:{user.id}", subject=("user", user.id), facts={"method": method}
            )
            await record(session, user.tenant_id, entry)
        return SignedIn(user, opened)

    async def refuse(self, users: Sequence[User], *, method: str, reason: str) -> None:
        """Write down, for each who was meant, that they were not let in."""
        for user in users:
            facts = {"method": method, "reason": "disabled" if user.disabled_at is not None else reason}
            entry = AuditEntry("session.refused", actor=NOBODY, subject=("user", user.id), facts=facts)
            async with self.database.transaction(user.tenant_id) as session:
                await record(session, user.tenant_id, entry)

    async def _read(self, places: Collection[Whereabouts]) -> Sequence[User]:
        """The rows themselves, each read as its own tenant."""
        users: list[User] = []
        for place in places:
            async with self.database.transaction(place.tenant_id) as session:
                user = await UserRepository(session, place.tenant_id).get(place.id)
            users += [user] if user is not None else []
        return users


def _within(found: Sequence[Whereabouts], slug: str | None, only: UUID | None) -> Sequence[Whereabouts]:
    return [place for place in found if place.tenant_id == only] if slug else found
