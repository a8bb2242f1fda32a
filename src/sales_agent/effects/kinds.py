"""What a kind of outward write is: how to do it, how to find out whether it was done, which switch forbids it.

The table itself is put together at the composition root from the rooms that may hold a writer.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.permit import Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Done:
    """An outward write that happened: the provider's id, and what else it answered (JSON)."""

    provider_id: str
    result: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class EffectKind(Generic[Payload]):
    """One kind. `payload_type` is a dataclass that survives JSON, so that a held write can be made weeks later.

    `do(writers, payload, dependency_id, permit)`: makes the call; `dependency_id` is the provider's id of the effect
    this one waits for. `find_evidence(readers, payload, dependency_id, permit)`: the write if it is there, else None.
    `on_done(session, tenant_id, effect_id, payload, done)`: what to store in the transaction that records it.
    `objection(readers, payload)`: what speaks against the write once it is intended, judged by the far side as it is
    now; `guard(session, tenant_id, payload)`: the same by our own rows, in the last transaction before the call. Either
    gives a reason, by which the write is held, or None. `switch`: the setting that must be on; None where nobody
    outside the house sees the write. `lag_factor`: how many times the usual lag of reads behind writes must pass before
    "not found" counts. `title`: what it does, in the words of the one who releases it. `is_released_here`: False where
    a held one is let go elsewhere (a mail with its draft), never by asking for its effect.
    """

    name: str
    payload_type: type[Payload]
    do: Callable[[Writers, Payload, str, Permit], Awaitable[Done]]
    find_evidence: Callable[[Readers, Payload, str, Permit], Awaitable[Done | None]]
    switch: str | None = None
    on_done: Callable[[AsyncSession, UUID, UUID, Payload, Done], Awaitable[None]] | None = None
    objection: Callable[[Readers, Payload], Awaitable[str | None]] | None = None
    guard: Callable[[AsyncSession, UUID, Payload], Awaitable[str | None]] | None = None
    lag_factor: float = 1.0
    title: str = ""
    is_released_here: bool = True


EffectKinds = Mapping[str, EffectKind[Any]]


def table_of(*kinds: EffectKind[Any]) -> EffectKinds:
    """The kinds by name."""
    return {kind.name: kind for kind in kinds}
