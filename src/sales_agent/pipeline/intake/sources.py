"""Which tenant a webhook belongs to: its source key leads to a secret and a portal, remembered for a few seconds."""

import time
from dataclasses import dataclass

from sales_agent.access.tenancy.directory_repository import Directory
from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.access.tenancy.repository import WebhookSourceRepository
from sales_agent.kit.crypto import Keyring
from sales_agent.kit.db import Database
from sales_agent.kit.errors import NotAuthenticated
from sales_agent.pipeline.intake.receive import Door

# A changed secret counts after at most this long; a look-up a request would double the price of a webhook.
REMEMBERED_SECONDS = 10.0


class WebhookSourceUnknown(NotAuthenticated):
    """No webhook source of this name; check ?source= in the URL that HubSpot calls."""


@dataclass(frozen=True, slots=True)
class Source:
    """A webhook source with its secret in the clear."""

    door: Door
    secret: str
    policy: SignaturePolicy


class Sources:
    """Finds sources by key; unknown keys are not remembered, so that nobody can fill the memory."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        self._known: dict[str, tuple[float, Source]] = {}

    async def find(self, key: str) -> Source:
        """Raises WebhookSourceUnknown."""
        if "\x00" in key:  # no text column holds it, so asking would fail as if the fault were ours
            raise WebhookSourceUnknown
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        source = await self._read(key)
        self._known[key] = (time.monotonic() + REMEMBERED_SECONDS, source)
        return source

    async def _read(self, key: str) -> Source:
        async with self._database.transaction() as session:
            found = await Directory(session).webhook_source(key)
        if found is None:
            self._known.pop(key, None)
            raise WebhookSourceUnknown
        async with self._database.transaction(found.tenant_id) as session:
            row = await WebhookSourceRepository(session, found.tenant_id, self._keyring).get(found.id)
        if row is None:
            raise WebhookSourceUnknown
        door = Door(found.tenant_id, row.key, row.portal_id, frozenset(row.form_ids))
        return Source(door, row.secret, row.signature)
