"""Somebody who may do everything in the demo tenant, with a password that is new each time it is shown."""

from dataclasses import dataclass

from sales_agent.access.auth.password import generate_password, hash_password
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.bootstrap.command_line import tenant_transaction
from sales_agent.bootstrap.demo.tenant import DEMO_SLUG
from sales_agent.bootstrap.stores import with_store_urls
from sales_agent.config import Settings
from sales_agent.console.team import users
from sales_agent.console.team.authority import Authority
from sales_agent.kit.addresses import canonical_address
from sales_agent.sandbox.seller import SELLER

# Not the seller's own: a mailbox is not a person who signs in.
ADDRESS = f"owner@{SELLER.address.partition('@')[2]}"

# Who made the owner, as the audit trail names it.
_DEMO = Authority("demo", frozenset(Scope))


@dataclass(frozen=True, slots=True)
class DemoOwner:
    """What to sign in with."""

    email: str
    password: str


async def open_owner(settings: Settings) -> DemoOwner:
    """Make the owner, or give the one there is another password. The demo tenant must be there."""
    password = generate_password()
    password_hash = await hash_password(password)
    async with tenant_transaction(with_store_urls(settings), DEMO_SLUG) as (session, tenant_id, _):
        known = await UserRepository(session, tenant_id).by_email(canonical_address(ADDRESS))
        if known is None:
            new = users.NewUser(email=ADDRESS, name="Demo Owner", role=Role.OWNER, password_hash=password_hash)
            await users.add_user(session, tenant_id, new, _DEMO)
        else:
            await users.set_password(session, tenant_id, known.id, password_hash, _DEMO)
    return DemoOwner(ADDRESS, password)
