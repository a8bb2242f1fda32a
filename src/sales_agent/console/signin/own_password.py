"""A person gives themselves another password: whoever knew the old one, or holds a session of theirs, is out."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.models import User
from sales_agent.access.auth.password import hash_password, verify_password
from sales_agent.access.auth.principal import Principal
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.access.auth.sessions import SessionInvalid, open_session
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.access.auth.users import UserUnknown, locked_user
from sales_agent.console.signin.guesses import Guess
from sales_agent.console.signin.people import SignedIn
from sales_agent.kit.db import Database
from sales_agent.kit.errors import Conflict, NotAllowed
from sales_agent.ledger.audit.record import AuditEntry, record


class PeopleOnly(NotAllowed):
    """An API key has no password: sign in to change yours."""


class CurrentPasswordWrong(NotAllowed):
    """The current password is wrong."""


class NoPasswordHere(Conflict):
    """You sign in with the identity provider, and have no password here to change."""


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """Changes the caller's password; the session the caller came with is replaced, so that a copy of it ends too."""

    database: Database
    session_lives: dt.timedelta

    async def change(self, caller: Principal, *, current: str, new: str, network: str) -> SignedIn:
        """Prove the current password, keep the new one, and go on in a session of its own.

        Raises PeopleOnly, NoPasswordHere, CurrentPasswordWrong (counted as a guess at sign-in), TooManySignIns,
        SessionInvalid where the caller was signed out meanwhile, DatabaseUnavailable.
        """
        if caller.user_id is None:
            raise PeopleOnly
        user = await self._read(caller.tenant_id, caller.user_id)
        if user.password_hash is None:
            raise NoPasswordHere
        guess = Guess(user.email_canonical, network)
        await guess.count(self.database)
        if not await verify_password(user.password_hash, current):
            raise CurrentPasswordWrong
        await guess.forgive(self.database)
        new_hash = await hash_password(new)
        async with self.database.transaction(caller.tenant_id) as session:
            return await self._kept(session, caller, user, new_hash)

    async def _read(self, tenant_id: UUID, user_id: UUID) -> User:
        async with self.database.transaction(tenant_id) as session:
            user = await UserRepository(session, tenant_id).get(user_id)
        if user is None:
            raise UserUnknown
        return user

    async def _kept(self, session: AsyncSession, caller: Principal, proved: User, new_hash: str) -> SignedIn:
        """With the row held: who signs in at this moment either is ended here, or has the wrong password already."""
        user = await locked_user(session, caller.tenant_id, proved.id)
        sessions = SessionRepository(session, caller.tenant_id)
        if not await sessions.revoke(caller.key_id):
            raise SessionInvalid
        if user.password_hash != proved.password_hash:
            raise CurrentPasswordWrong
        others = await sessions.revoke_all_of(user.id)
        await UserRepository(session, caller.tenant_id).set_password_hash(user.id, new_hash)
        opened = await open_session(session, caller.tenant_id, user.id, self.session_lives)
        facts: dict[str, object] = {"other_sessions_ended": others}
        entry = AuditEntry("user.password_changed", actor=caller.actor, subject=("user", user.id), facts=facts)
        await record(session, caller.tenant_id, entry)
        return SignedIn(user, opened)
