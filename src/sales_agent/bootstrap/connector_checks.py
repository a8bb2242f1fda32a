"""Asks the accounts of a tenant whether they answer: where the API itself calls providers, and it only reads."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sales_agent.bootstrap.tenants import TenantParts, Tenants
from sales_agent.connectors.errors import ProviderError
from sales_agent.console.go_live.facts import Connector, ConnectorCheck
from sales_agent.kit.clock import Clock

# An account that has not answered by then is told as silent: somebody waits before a page.
_SECONDS = 10.0

# What of a calendar is asked for: enough to see whether it may be read.
_A_WHILE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ConnectorChecks:
    """Asks all accounts of a tenant side by side."""

    tenants: Tenants
    clock: Clock

    async def check(self, tenant_id: UUID) -> Sequence[ConnectorCheck]:
        """What each account answers. Raises TenantNotFound, DatabaseUnavailable."""
        parts = await self.tenants.parts(tenant_id)
        asked: dict[Connector, Callable[[TenantParts], Awaitable[ConnectorCheck]]] = {
            Connector.MAIL: _mail,
            Connector.CRM: _crm,
            Connector.FILES: _files,
            Connector.CALENDAR: self._calendar,
        }
        return await asyncio.gather(*(_answer_of(name, ask(parts)) for name, ask in asked.items()))

    async def _calendar(self, parts: TenantParts) -> ConnectorCheck:
        now, ids = self.clock.now(), parts.seller.calendar_ids
        unreadable = (await parts.readers.calendar.availability(ids, now, now + _A_WHILE)).unreadable
        detail = f"{len(ids) - len(unreadable)} of {len(ids)} calendars can be read."
        return ConnectorCheck(Connector.CALENDAR, is_ok=bool(ids) and not unreadable, detail=detail)


async def _mail(parts: TenantParts) -> ConnectorCheck:
    account = await parts.readers.mail.own_address()
    return ConnectorCheck(Connector.MAIL, is_ok=True, detail=f"Answers as {account}.", account=account)


async def _crm(parts: TenantParts) -> ConnectorCheck:
    owner = await parts.readers.crm.any_owner()
    detail = "Answers, and nobody owns anything." if owner is None else f"Answers; its first owner is {owner.name}."
    return ConnectorCheck(Connector.CRM, is_ok=True, detail=detail)


async def _files(parts: TenantParts) -> ConnectorCheck:
    if not parts.seller.drive_folder_ids:
        return ConnectorCheck(Connector.FILES, is_ok=True, detail="Not needed: no folders are offered.")
    account = await parts.readers.files.own_address()
    return ConnectorCheck(Connector.FILES, is_ok=True, detail=f"Answers as {account}.", account=account)


async def _answer_of(name: Connector, answer: Awaitable[ConnectorCheck]) -> ConnectorCheck:
    """The answer, or how it failed: by code, for what a provider says may hold anything."""
    try:
        return await asyncio.wait_for(answer, _SECONDS)
    except ProviderError as error:
        return ConnectorCheck(name, is_ok=False, detail=f"{error.title()} ({error.code()})")
    except TimeoutError:
        return ConnectorCheck(name, is_ok=False, detail="Does not answer.")
