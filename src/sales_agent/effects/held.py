"""Held writes in a person's hands: reviewed, asked for, or given up. Making them is the job of `release`."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.effects.held_repository import HeldEffectRepository
from sales_agent.effects.kinds import EffectKinds
from sales_agent.effects.models import Effect
from sales_agent.kit.canonical import canonical_json
from sales_agent.kit.errors import Conflict, NotFound
from sales_agent.ledger.audit.record import AuditEntry, record


class EffectNotFound(NotFound):
    """There is no outward write under this id."""


class EffectNotHeld(Conflict):
    """This outward write is not held: it was made, given up, or held for too long."""


class ReleasedElsewhere(Conflict):
    """This mail leaves with its draft: approve and send the draft again."""


class ReviewOutdated(Conflict):
    """What was reviewed is not what is held now: read the list again."""


def digest_of(effect: Effect) -> str:
    """Hex SHA-256 over what would be written: what a reviewer has seen of one effect."""
    seen = [str(effect.id), effect.kind, None if effect.depends_on is None else str(effect.depends_on), effect.payload]
    return hashlib.sha256(canonical_json(seen).encode()).hexdigest()


def digest_of_review(digests: Iterable[str]) -> str:
    """Hex SHA-256 over the digests of a batch, sorted, a line each: what a reviewer has seen of all of them."""
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


async def ask_for_release(
    session: AsyncSession,
    tenant_id: UUID,
    kinds: EffectKinds,
    effect_ids: Sequence[UUID],
    *,
    by: str,
    reviewed: str | None = None,
) -> Sequence[Effect]:
    """Mark held effects for the job that makes them; all of them or none.

    `reviewed`: the digest of what the caller has seen. Raises EffectNotFound, EffectNotHeld, ReleasedElsewhere,
    ReviewOutdated.
    """
    held = HeldEffectRepository(session, tenant_id)
    effects = await held.locked(effect_ids)
    if len(effects) != len(set(effect_ids)):
        raise EffectNotFound
    if reviewed is not None and reviewed != digest_of_review(map(digest_of, effects)):
        raise ReviewOutdated
    for effect in effects:
        _refuse_elsewhere(kinds, effect)
        if not await held.ask(effect.id, by=by, digest=digest_of(effect)):
            raise EffectNotHeld(f"{effect.id} is {effect.status}", effect_id=effect.id, status=effect.status)
    await record(session, tenant_id, *(_entry("effect.release_requested", effect, by) for effect in effects))
    return effects


async def give_up(session: AsyncSession, tenant_id: UUID, kinds: EffectKinds, effect_id: UUID, *, by: str) -> None:
    """Close a held effect for good. Raises EffectNotFound, EffectNotHeld, ReleasedElsewhere."""
    held = HeldEffectRepository(session, tenant_id)
    effects = await held.locked([effect_id])
    if not effects:
        raise EffectNotFound
    _refuse_elsewhere(kinds, effects[0])
    if not await held.cancel(effect_id):
        raise EffectNotHeld(f"it is {effects[0].status}", effect_id=effect_id, status=effects[0].status)
    await record(session, tenant_id, _entry("effect.cancelled", effects[0], by))


def _refuse_elsewhere(kinds: EffectKinds, effect: Effect) -> None:
    kind = kinds.get(effect.kind)
    if kind is not None and not kind.is_released_here:
        raise ReleasedElsewhere(effect_id=effect.id)


def _entry(action: str, effect: Effect, by: str) -> AuditEntry:
    return AuditEntry(
        action, actor=by, subject=("effect", effect.id), run_id=effect.run_id, facts={"kind": effect.kind}
    )
