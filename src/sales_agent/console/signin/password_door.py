"""Signing in with a password: counted before it is compared, and as slow for strangers as for people we know."""

from collections.abc import Sequence
from dataclasses import dataclass

from sales_agent.access.auth.models import User
from sales_agent.access.auth.password import verify_and_renew
from sales_agent.console.signin.guesses import Guess
from sales_agent.console.signin.people import People, SignedIn, SignInFailed
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.db import Database

_METHOD = "password"


@dataclass(frozen=True, slots=True)
class PasswordDoor:
    """Lets people in who know their password."""

    database: Database
    people: People

    async def sign_in(self, email: str, password: str, *, slug: str | None, network: str) -> SignedIn:
        """Raises SignInFailed, SeveralTenants (after the right password only), TooManySignIns, DatabaseUnavailable.

        `network` is where the request comes from; `slug` the tenant, where the address is known in several.
        """
        address = canonical_address(email)
        guess = Guess(address, network)
        await guess.count(self.database)
        meant = await self.people.by_email(address, slug)
        proved = await self._proved(meant, password)
        if not proved:
            await self.people.refuse(meant, method=_METHOD, reason="wrong_password")
            raise SignInFailed
        await guess.forgive(self.database)
        user = await self.people.the_one([user for user, _ in proved])
        renewed = next(renewed for known, renewed in proved if known is user)
        return await self.people.let_in(user, method=_METHOD, renewed=renewed)

    async def _proved(self, meant: Sequence[User], password: str) -> list[tuple[User, str | None]]:
        """Those whose password it is, each with a hash to keep instead. Strangers are compared with nobody."""
        if not meant:
            await verify_and_renew(None, password)
        proved: list[tuple[User, str | None]] = []
        for user in meant:
            is_right, renewed = await verify_and_renew(user.password_hash, password)
            if is_right and user.disabled_at is None:
                proved.append((user, renewed))
        return proved
