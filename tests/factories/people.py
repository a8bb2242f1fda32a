"""People who can sign in, and people who are signed in."""

import datetime as dt
import functools
from dataclasses import dataclass
from uuid import UUID

from pwdlib.hashers.argon2 import Argon2Hasher

from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.sessions import csrf_token, open_session
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.factories.access import make_user
from tests.factories.store import store

PASSWORD = "a horse that reads its mail"


@dataclass(frozen=True, slots=True)
class Person:
    """A user, with what they sign in with."""

    tenant_id: UUID
    user_id: UUID
    email: str
    password: str = PASSWORD

    @property
    def body(self) -> dict[str, str]:
        """What POST /api/session takes."""
        return {"email": self.email, "password": self.password}


async def make_person(
    database: Database, tenant_id: UUID, role: Role = Role.OPERATOR, *, email: str = "", **changes: object
) -> Person:
    """A user with the password above; `changes` are columns."""
    address = email or f"{role}-{new_id().hex}@northwind.example"
    known = {"email": address, "email_canonical": canonical_address(address), "password_hash": password_hash()}
    user = make_user(tenant_id, role=role, **{**known, **changes})
    await store(database, user)
    return Person(tenant_id, user.id, address)


async def token_for(database: Database, person: Person, *, lives: dt.timedelta = dt.timedelta(hours=1)) -> str:
    """A session of a person's, opened without asking for the password."""
    async with database.transaction(person.tenant_id) as session:
        return (await open_session(session, person.tenant_id, person.user_id, lives)).token


async def signed_in_as(database: Database, tenant_id: UUID, role: Role) -> dict[str, str]:
    """The headers of somebody new in this role."""
    person = await make_person(database, tenant_id, role)
    return {"Authorization": f"Bearer {await token_for(database, person)}"}


def as_browser(token: str) -> dict[str, str]:
    """The headers a page of ours sends with its calls: the session's cookie, and the token against forgery."""
    return {
        "Cookie": f"sales_agent_session={token}",
        "X-CSRF-Token": csrf_token(token),
        "Sec-Fetch-Site": "same-origin",
    }


@functools.cache
def password_hash() -> str:
    """Made once and cheap: the tests of the password itself make their own."""
    return Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
