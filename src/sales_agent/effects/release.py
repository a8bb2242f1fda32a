"""Effects after their run: held ones are released in order, lost answers are settled, old ones expire."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from sales_agent.connectors.errors import ProviderError
from sales_agent.effects.models import EffectStatus
from sales_agent.effects.once import EffectOutcome, EffectRequest, EffectsDoor, EffectUnsettled
from sales_agent.effects.repository import EffectRepository
from sales_agent.ledger.audit.record import AuditEntry, record

log = structlog.get_logger()

# A run settles its own effects while it lives; an effect this old has been left behind by it.
LEFT_BEHIND_SECONDS = 1800.0
BATCH = 100


async def release(door: EffectsDoor, effect_ids: Sequence[UUID]) -> Sequence[EffectOutcome]:
    """Make held writes that a switch no longer forbids, oldest first, so that a task follows its contact.

    Each is judged again by its switch; what is still forbidden stays held.
    """
    async with door.db.transaction() as session:
        wanted = [
            effect
            for effect in await EffectRepository(session, door.db.tenant_id).held(BATCH)
            if effect.id in effect_ids
        ]
    return [
        await door.once(
            EffectRequest(effect.key, effect.kind, door.payload_of(effect), effect.run_id, effect.depends_on)
        )
        for effect in wanted
    ]


async def settle_left_behind(door: EffectsDoor) -> int:
    """Look for evidence of writes whose answer was lost and whose run has gone, and expire what was held too long.

    Nothing is done again here: a write that cannot be found is closed as refused, for a person to see.
    """
    async with door.db.transaction() as session:
        effects = EffectRepository(session, door.db.tenant_id)
        open_ones = await effects.unsettled(older_than_seconds=LEFT_BEHIND_SECONDS, limit=BATCH)
        for effect_id in await effects.expire():
            await record(session, door.db.tenant_id, AuditEntry("effect.expired", subject=("effect", effect_id)))
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
