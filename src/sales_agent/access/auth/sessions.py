"""Sessions of people: 256 random bits in a cookie, kept as a digest, proved again at every request."""

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.principal import Principal
from sales_agent.access.auth.roles import SCOPE_OF, Role
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.access.auth.tokens import TokenKind, is_token, new_token
from sales_agent.access.tenancy.directory_repository import Directory
from sales_agent.kit.crypto import digest
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotAuthenticated

SESSION_COOKIE = "sales_agent_session"

# Names what the session's secret is used for here, so that the answer cannot stand in for another one.
_CSRF = b"csrf"


class SessionInvalid(NotAuthenticated):
    """The session is over or unknown: sign in again."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session: its secret, which nobody can show again, and when it ends."""

    token: str
    expires_at: dt.datetime


async def open_session(session: AsyncSession, tenant_id: UUID, user_id: UUID, lives: dt.timedelta) -> OpenedSession:
    """Let a person in for this long, by the database's clock."""
    token = new_token(TokenKind.SESSION)
    expires_at = await SessionRepository(session, tenant_id).add(user_id, digest(token), lives)
    return OpenedSession(token, expires_at)


def csrf_token(token: str) -> str:
    """What a page must send beside the session's cookie: another site can make the browser send one, but read neither.

    It follows from the session's secret, so nothing more need be kept, and it cannot be turned back into it.
    """
    answer = hmac.new(token.encode(), _CSRF, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(answer).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Sessions:
    """Tells who is behind a session."""

    database: Database

    async def authenticate(self, token: str) -> Principal:
        """Who is signed in with it. Raises SessionInvalid, whatever is wrong with it, and DatabaseUnavailable.

        The role is read anew each time: what a person may do changes with their next request.
        """
        if not is_token(TokenKind.SESSION, token):
            raise SessionInvalid
        wanted = digest(token)
        async with self.database.transaction() as session:
            found = await Directory(session).session(wanted)
        if found is None:
            raise SessionInvalid
        async with self.database.transaction(found.tenant_id) as session:
            sessions = SessionRepository(session, found.tenant_id)
            live = await sessions.live(found.id)
            if live is None:
                raise SessionInvalid
            signed_in, user, is_worth_noting = live
            if not hmac.compare_digest(signed_in.digest, wanted):
                raise SessionInvalid
            if is_worth_noting:
                await sessions.touch(signed_in.id)
        scopes = frozenset({SCOPE_OF[Role(user.role)]})
        return Principal(found.tenant_id, signed_in.id, user.name, scopes, user_id=user.id)
