"""Effects after their run: held ones are made when a person asked, lost answers are settled, old ones expire."""

from collections.abc import Collection, Sequence
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.errors import Permanent, ProviderError, Transient
from sales_agent.effects.held import digest_of
from sales_agent.effects.held_repository import HeldEffectRepository
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.effects.once import EffectRequest, EffectsDoor, EffectUnsettled
from sales_agent.effects.repository import EffectRepository
from sales_agent.ledger.audit.record import AuditEntry, record

log = structlog.get_logger()

# A run settles its own effects while it lives; an effect this old has been left behind by it.
LEFT_BEHIND_SECONDS = 1800.0
BATCH = 100

# A provider that failed this often in one round is down: the rest is tried with the next attempt.
MOST_FAILURES = 3


async def release_requested(door: EffectsDoor) -> int:
    """Make the held writes a person asked for, a task after its contact; how many wishes were tried.

    Each is judged again: by its switch, by its payload, by whether it still is what was reviewed. What may not be made
    stays held with the reason, what the provider refuses is refused, and neither stops the others. Raises the first
    error that another try may mend.
    """
    async with door.db.transaction() as session:
        await _expire(session, door.db.tenant_id)
        await HeldEffectRepository(session, door.db.tenant_id).end_closed()
    tried, failures = set[UUID](), list[ProviderError]()
    while left := await _asked_for(door, except_ids=tried):
        for effect in left:
            tried.add(effect.id)
            try:
                await _release(door, effect)
            except Transient as error:
                failures.append(error)
                if len(failures) == MOST_FAILURES:
                    raise failures[0] from error
    if failures:
        raise failures[0]
    return len(tried)


async def _asked_for(door: EffectsDoor, *, except_ids: Collection[UUID]) -> Sequence[Effect]:
    async with door.db.transaction() as session:
        found = await HeldEffectRepository(session, door.db.tenant_id).asked_for(BATCH + len(except_ids))
    return in_order([effect for effect in found if effect.id not in except_ids])


def in_order(effects: Sequence[Effect]) -> Sequence[Effect]:
    """The effects, each after the one it depends on where that is among them, else as they came."""
    waiting, placed, ordered = list(effects), set[UUID](), list[Effect]()
    while waiting:
        open_ids = {effect.id for effect in waiting}
        ready = [effect for effect in waiting if effect.depends_on not in open_ids] or waiting[:1]
        ordered += ready
        placed |= {effect.id for effect in ready}
        waiting = [effect for effect in waiting if effect.id not in placed]
    return ordered


async def end_release(session: AsyncSession, tenant_id: UUID, *, code: str) -> None:
    """The job has given up: what it could not make is held again, for a person to ask anew."""
    await HeldEffectRepository(session, tenant_id).end_all(because=f"it could not be made: {code}")


async def _release(door: EffectsDoor, effect: Effect) -> None:
    reason = _unfit(door, effect)
    if reason is not None:
        await _keep(door, effect, reason)
        return
    request = EffectRequest(effect.key, effect.kind, door.payload_of(effect), effect.run_id, effect.depends_on)
    try:
        await door.once(request)
    except Permanent as error:  # recorded as refused, with what the provider said
        log.warning("effect.refused", effect_id=str(effect.id), kind=effect.kind, code=error.code())
    async with door.db.transaction() as session:
        await HeldEffectRepository(session, door.db.tenant_id).end(effect.id)


def _unfit(door: EffectsDoor, effect: Effect) -> str | None:
    """Why a write may not even be tried, or None."""
    kind = door.kinds.get(effect.kind)
    if kind is None:
        return "this release does not know such a write"
    if not kind.is_released_here:
        return "it leaves with its draft"
    if effect.status == EffectStatus.HELD and effect.release_digest != digest_of(effect):
        return "it was changed after it was reviewed"
    try:
        door.payload_of(effect)
    except ValidationError:
        return "what was kept of it does not fit this release"
    return None


async def _keep(door: EffectsDoor, effect: Effect, reason: str) -> None:
    async with door.db.transaction() as session:
        await door.fence(session)
        await HeldEffectRepository(session, door.db.tenant_id).keep(effect.id, reason)
        entry = AuditEntry(
            "effect.held",
            subject=("effect", effect.id),
            run_id=effect.run_id,
            facts={"kind": effect.kind, "reason": reason},
        )
        await record(session, door.db.tenant_id, entry)


async def settle_left_behind(door: EffectsDoor) -> int:
    """Look for evidence of writes whose answer was lost and whose run has gone, and expire what was held too long.

    Nothing is done again here: a write that cannot be found is closed as refused, for a person to see.
    """
    async with door.db.transaction() as session:
        effects = EffectRepository(session, door.db.tenant_id)
        open_ones = await effects.unsettled(older_than_seconds=LEFT_BEHIND_SECONDS, limit=BATCH)
        await _expire(session, door.db.tenant_id)
    settled = 0
    for effect in open_ones:
        try:
            outcome = await door.settle(effect)
        except (EffectUnsettled, ProviderError) as error:
            log.warning("effect.unsettled", effect_id=str(effect.id), kind=effect.kind, code=error.code())
            continue
        if outcome is None:
            async with door.db.transaction() as session:
                await EffectRepository(session, door.db.tenant_id).not_done(
                    effect.id, EffectStatus.REFUSED, error="no evidence that it was made"
                )
        settled += 1
    return settled


async def _expire(session: AsyncSession, tenant_id: UUID) -> None:
    expired = await EffectRepository(session, tenant_id).expire()
    await record(session, tenant_id, *(AuditEntry("effect.expired", subject=("effect", one)) for one in expired))
