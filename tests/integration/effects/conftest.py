"""A door for outward writes: real database, real HubSpot and Gmail writers, the sandbox at the other end."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.bootstrap.container import EFFECT_KINDS
from sales_agent.connectors.oauth import StaticToken
from sales_agent.connectors.registry import ProviderSettings, build_readers, build_writers
from sales_agent.connectors.transport import Transport
from sales_agent.controls.hold_reasons import hold_reason
from sales_agent.controls.settings import Switches
from sales_agent.effects.once import EffectsDoor
from sales_agent.effects.repository import Holder
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.sandbox.client import SandboxClient


@dataclass
class World:
    """A door whose switches a test may turn."""

    door: EffectsDoor
    ceiling: Switches

    def allow_crm_writes(self, *, allowed: bool) -> None:
        self.ceiling = replace(self.ceiling, allow_crm_writes=allowed)


@pytest.fixture
async def world(database: Database, tenant_id: UUID, sandbox: SandboxClient) -> AsyncIterator[World]:
    transport = Transport(timeout_seconds=2.0, retry_waits=(0.01,))
    token = StaticToken("sandbox-test")
    providers = ProviderSettings(
        hubspot_url=sandbox.url, gmail_url=sandbox.url, google_url=sandbox.url, hubspot_token=token, google_token=token
    )

    async def reason(session: AsyncSession, switch: str | None) -> str | None:
        return await hold_reason(session, tenant_id, here.ceiling, switch)

    async def alive(*_: object) -> bool:
        return True

    async def nothing(*_: object) -> None: ...

    async def for_ever(*_: object) -> float:
        return math.inf

    door = EffectsDoor(
        db=database.tenant(tenant_id),
        kinds=EFFECT_KINDS,
        readers=build_readers(providers, transport),
        writers=build_writers(providers, transport),
        hold_reason=reason,
        fence=for_ever,
        holder=Holder(new_id(), 1),
        is_alive=alive,
        evidence_lag_seconds=0,
        called=nothing,
    )
    here = World(door, Switches(allow_crm_writes=True))
    yield here
    await transport.close()
