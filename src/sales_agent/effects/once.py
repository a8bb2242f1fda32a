"""Doing an outward write once: intended, switches read again, the call, then done, refused or unknown."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.errors import AuthExpired, Permanent, ProviderError, RateLimited, Transient
from sales_agent.connectors.permit import PERMIT_SECONDS, Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers
from sales_agent.controls.kill_switch import KillSwitch
from sales_agent.effects.kinds import Done, EffectKind, EffectKinds
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.effects.permit import mint
from sales_agent.effects.repository import EffectRepository, Holder
from sales_agent.kit.db import TenantDatabase
from sales_agent.kit.ids import new_id
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.observability import metrics

log = structlog.get_logger()

# Two runs may wish for the same thing (a company by its domain): the second waits a moment for the first one's call.
OTHERS_TURN_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.6)

_PERMITTED_AGAIN = frozenset({EffectStatus.HELD, EffectStatus.REFUSED})
CLOSED = frozenset({EffectStatus.DONE, EffectStatus.EXPIRED, EffectStatus.CANCELLED})


class EffectUnsettled(Transient):
    """Whether an outward write happened is not known yet; it is looked up before anything else is tried."""


class AnswerLost(EffectUnsettled):
    """An outward write was made and its answer was lost; it is looked up before anything else is tried."""


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """A wish: `key` names it for ever (run and kind), `payload` is of the kind's payload type."""

    key: str
    kind: str
    payload: object
    run_id: UUID | None = None
    depends_on: UUID | None = None


@dataclass(frozen=True, slots=True)
class EffectOutcome:
    """How a wish stands: done with the provider's id, or held with the reason."""

    effect_id: UUID
    status: EffectStatus
    provider_id: str = ""
    held_because: str = ""
    result: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class EffectsDoor:
    """One tenant's door for outward writes, within one job.

    `hold_reason(session, switch)`: why a write guarded by `switch` must wait, or None; a store that cannot be read
    must give a reason. `fence(session)`: for how many seconds this worker still holds the job; raises where it does
    not. `called`: told right after each call, before its end is recorded (a test kills the process there). `holder`:
    the job this door was opened for; `is_alive(session, holder)`: whether another job still holds its lease.
    """

    db: TenantDatabase
    kinds: EffectKinds
    readers: Readers
    writers: Writers
    hold_reason: Callable[[AsyncSession, str | None], Awaitable[str | None]]
    fence: Callable[[AsyncSession], Awaitable[float]]
    holder: Holder
    is_alive: Callable[[AsyncSession, Holder], Awaitable[bool]]
    evidence_lag_seconds: float
    called: Callable[[], Awaitable[None]]

    async def once(self, request: EffectRequest) -> EffectOutcome:
        """Make the write unless it was made. Raises EffectUnsettled while its end is unknown, and provider errors."""
        effect, may_be_made, in_other_hands = await self._wish(request)
        for wait in OTHERS_TURN_SECONDS:
            if not in_other_hands:
                break
            await asyncio.sleep(wait)
            effect, may_be_made, in_other_hands = await self._wish(request)
        if in_other_hands:
            raise EffectUnsettled
        if effect.status in CLOSED:
            return _outcome(effect)
        if not may_be_made:
            settled = await self.settle(effect)
            if settled is not None:
                return settled
            async with self.db.transaction() as session:
                await self.fence(session)
                effect = await self._intend(session, effect, request)
        return await self._make(effect, self.kinds[request.kind])

    async def conclude(self, key: str) -> EffectOutcome | None:
        """Settle an earlier wish of this key that was left in the middle of its call; its outcome if it was made.

        For a write that a look-up has found, so that nobody will wish for it again, or takes it for somebody else's.
        Raises as `settle` does.
        """
        async with self.db.transaction() as session:
            await self.fence(session)
            effect = await EffectRepository(session, self.db.tenant_id).open_of(key)
            if effect is None or await self._in_other_hands(session, effect):
                return None
        return await self.settle(effect)

    async def _wish(self, request: EffectRequest) -> tuple[Effect, bool, bool]:
        """The effect as it stood, whether it may be made now, and whether another living job is in the middle of it."""
        async with self.db.transaction() as session:
            await self.fence(session)
            effects = EffectRepository(session, self.db.tenant_id)
            effect, is_new = await effects.wish(
                effect_id=new_id(),
                key=request.key,
                kind=request.kind,
                run_id=request.run_id,
                depends_on=request.depends_on,
                payload=to_jsonable_python(request.payload),
                holder=self.holder,
            )
            if effect.status == EffectStatus.INTENDED and not is_new:
                return effect, False, await self._in_other_hands(session, effect)
            # A wish that several runs share (a company by its domain) expires for those that made it, not for others.
            is_anew = effect.status == EffectStatus.EXPIRED and effect.run_id != request.run_id
            if effect.status in _PERMITTED_AGAIN or is_anew:
                return await self._intend(session, effect, request), True, False
            return effect, is_new, False

    async def _intend(self, session: AsyncSession, effect: Effect, request: EffectRequest) -> Effect:
        """The wish in its present words, which may be others than when it was held or refused."""
        intended = await EffectRepository(session, self.db.tenant_id).intend(
            effect,
            self.holder,
            run_id=request.run_id,
            depends_on=request.depends_on,
            payload=to_jsonable_python(request.payload),
        )
        if intended is None:
            raise EffectUnsettled
        return intended

    async def _in_other_hands(self, session: AsyncSession, effect: Effect) -> bool:
        other = Holder(effect.holder_job_id or self.holder.job_id, effect.holder_token or 0)
        return other.job_id != self.holder.job_id and await self.is_alive(session, other)

    async def settle(self, effect: Effect) -> EffectOutcome | None:
        """Look for evidence of a write whose answer was lost: its outcome, or None when it certainly was not made.

        Raises EffectUnsettled while the provider's reads may lag behind, and the provider's error when it cannot look.
        """
        kind = self.kinds[effect.kind]
        permit = mint(effect.id, effect.kind)
        done = await kind.find_evidence(self.readers, self.payload_of(effect), await self._dependency(effect), permit)
        if done is not None:
            return await self._record_done(effect, kind, done, by="evidence")
        async with self.db.transaction() as session:
            effects = EffectRepository(session, self.db.tenant_id)
            if await effects.seconds_since_intended(effect.id) < self.evidence_lag_seconds * kind.lag_factor:
                await effects.not_done(effect.id, EffectStatus.UNKNOWN, error="no evidence yet")
                raise EffectUnsettled(retry_after_seconds=self.evidence_lag_seconds * kind.lag_factor)
        return None

    async def _make(self, effect: Effect, kind: EffectKind[Any]) -> EffectOutcome:
        if kind.objection is not None:
            try:
                reason = await kind.objection(self.readers, self.payload_of(effect))
            except ProviderError as error:
                await self._not_done(effect, EffectStatus.REFUSED, error)
                raise
            if reason is not None:
                return await self._hold(effect, reason)
        reason, dependency_id, permit = await self._last_look(effect, kind)
        if reason is not None:
            return await self._hold(effect, reason)
        try:
            done = await kind.do(self.writers, self.payload_of(effect), dependency_id, permit)
        except (RateLimited, AuthExpired, Permanent) as error:
            await self._not_done(effect, EffectStatus.REFUSED, error)
            raise
        except Transient as error:
            certain = not error.may_have_acted
            await self._not_done(effect, EffectStatus.REFUSED if certain else EffectStatus.UNKNOWN, error)
            if certain:
                raise
            raise AnswerLost from error
        await self.called()
        return await asyncio.shield(self._record_done(effect, kind, done, by="answer"))

    async def _last_look(self, effect: Effect, kind: EffectKind[Any]) -> tuple[str | None, str, Permit]:
        """The switches and the lease, read after the intention is committed, so that a stop is never overlooked.

        A stop waits for this transaction, and sees in its rows which calls it has let begin.
        """
        dependency, begun = "", time.monotonic()
        async with self.db.transaction() as session:
            await KillSwitch(session, self.db.tenant_id).join_last_looks()
            permit = mint(effect.id, effect.kind, good_until=begun + min(await self.fence(session), PERMIT_SECONDS))
            reason = await self.hold_reason(session, kind.switch)
            if reason is None and kind.guard is not None:
                reason = await kind.guard(session, self.db.tenant_id, self.payload_of(effect))
            if reason is None and effect.depends_on is not None:
                before = await EffectRepository(session, self.db.tenant_id).get(effect.depends_on)
                if before is None or before.status in {EffectStatus.INTENDED, EffectStatus.UNKNOWN}:
                    raise EffectUnsettled
                if before.status != EffectStatus.DONE:
                    reason = f"waits for {before.kind}, which is {before.status}"
                dependency = before.provider_id or ""
            if reason is None and not await EffectRepository(session, self.db.tenant_id).permit(effect.id):
                raise EffectUnsettled
        return reason, dependency, permit

    async def _hold(self, effect: Effect, reason: str) -> EffectOutcome:
        async with self.db.transaction() as session:
            await EffectRepository(session, self.db.tenant_id).hold(effect.id, reason)
            await self._audit(session, effect, "effect.held", reason=reason)
        metrics.EFFECTS.labels(kind=effect.kind, status="held").inc()
        return EffectOutcome(effect.id, EffectStatus.HELD, held_because=reason)

    async def _record_done(self, effect: Effect, kind: EffectKind[Any], done: Done, *, by: str) -> EffectOutcome:
        async with self.db.transaction() as session:
            await EffectRepository(session, self.db.tenant_id).done(
                effect.id, provider_id=done.provider_id, result=done.result
            )
            if kind.on_done is not None:
                await kind.on_done(session, self.db.tenant_id, effect.id, self.payload_of(effect), done)
            await self._audit(session, effect, "effect.done", provider_id=done.provider_id, by=by)
        metrics.EFFECTS.labels(kind=effect.kind, status="done").inc()
        return EffectOutcome(effect.id, EffectStatus.DONE, provider_id=done.provider_id, result=done.result)

    async def _not_done(self, effect: Effect, status: EffectStatus, error: ProviderError) -> None:
        log.warning("effect.not_done", effect_id=str(effect.id), kind=effect.kind, status=status, code=error.code())
        async with self.db.transaction() as session:
            effects = EffectRepository(session, self.db.tenant_id)
            if not await effects.not_done(effect.id, status, error=error.code(), holder=self.holder):
                return
            await self._audit(session, effect, f"effect.{status}", code=error.code())
        metrics.EFFECTS.labels(kind=effect.kind, status=status.value).inc()

    async def _dependency(self, effect: Effect) -> str:
        if effect.depends_on is None:
            return ""
        async with self.db.transaction() as session:
            before = await EffectRepository(session, self.db.tenant_id).get(effect.depends_on)
        return (before.provider_id or "") if before is not None else ""

    async def _audit(self, session: AsyncSession, effect: Effect, action: str, **facts: object) -> None:
        entry = AuditEntry(
            action, subject=("effect", effect.id), run_id=effect.run_id, facts={"kind": effect.kind, **facts}
        )
        await record(session, self.db.tenant_id, entry)

    def payload_of(self, effect: Effect) -> Any:  # noqa: ANN401 - of the kind's own type
        """The payload as the kind's own value."""
        return _reader_of(self.kinds[effect.kind].payload_type).validate_python(effect.payload)


@cache
def _reader_of(payload_type: type) -> TypeAdapter[Any]:
    """Making one costs more than all the reading it will do for a lead."""
    return TypeAdapter(payload_type)


def _outcome(effect: Effect) -> EffectOutcome:
    return EffectOutcome(
        effect.id,
        EffectStatus(effect.status),
        effect.provider_id or "",
        effect.held_because or "",
        effect.result or {},
    )
