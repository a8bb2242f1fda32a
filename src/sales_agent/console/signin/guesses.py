"""Guesses at a password, counted alike at every door that takes one, so that no door gives a guesser more of them."""

from dataclasses import dataclass

from sales_agent.access.auth.attempts import count_attempt, forgive_attempt
from sales_agent.kit.db import Database
from sales_agent.kit.errors import TooManyRequests

# Of one address, from all networks together: five times what one network may, so that a stranger elsewhere cannot
# keep a person out with ten wrong passwords a minute, and many strangers together still cannot guess.
LIMIT_BY_ADDRESS = 50


class TooManySignIns(TooManyRequests):
    """Too many wrong passwords: wait a minute."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One password tried for this address, in its canonical form, from this network."""

    address: str
    network: str

    async def count(self, database: Database) -> None:
        """Before the password is compared. Raises TooManySignIns, DatabaseUnavailable."""
        # The address is counted only for those who may try at all: nobody fills the table with addresses.
        if not await count_attempt(database, self._by_network):
            raise TooManySignIns
        if not await count_attempt(database, self._by_address, limit=LIMIT_BY_ADDRESS):
            raise TooManySignIns

    async def forgive(self, database: Database) -> None:
        """It was right, and so no guess. Raises DatabaseUnavailable."""
        for key in (self._by_network, self._by_address):
            await forgive_attempt(database, key)

    @property
    def _by_network(self) -> str:
        return f"sign_in:network:{self.network}"

    @property
    def _by_address(self) -> str:
        return f"sign_in:address:{self.address}"
