"""Shows an outward write to people: what it does, why it waits, what would let it go."""

from collections.abc import Sequence

from sales_agent.console.held.schemas import EffectItem, EffectPage, Release, WaitsFor
from sales_agent.controls.hold_reasons import STOPPED, UNREADABLE
from sales_agent.controls.settings import SWITCHES
from sales_agent.effects.held import digest_of, digest_of_review
from sales_agent.effects.held_repository import ListedEffect
from sales_agent.effects.kinds import EffectKinds
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.kit.pagination import Page

# Held, what it waits for may still be made; in the others it never will.
MAY_STILL_COME = frozenset({EffectStatus.HELD, EffectStatus.INTENDED, EffectStatus.UNKNOWN})


_ONCE_LIFTED = {
    STOPPED: "Lift the stop, then release it.",
    UNREADABLE: "Release it once the switches can be read again.",
    **{f"{switch.upper()} is off": f"Turn {switch.upper()} on, then release it." for switch in SWITCHES},
}


def shown_page(page: Page[ListedEffect], kinds: EffectKinds) -> EffectPage:
    """A page with the digest that releases all of it that can be released."""
    items = [shown(listed, kinds) for listed in page.rows]
    return EffectPage(items=items, next_cursor=page.next_cursor, reviewed=review_of(items))


def review_of(items: Sequence[EffectItem]) -> str:
    """The digest of a review of these items."""
    return digest_of_review(item.digest for item in items if item.is_releasable)


def shown(listed: ListedEffect, kinds: EffectKinds) -> EffectItem:
    """One write."""
    effect, before = listed.effect, listed.waits_for
    kind = kinds.get(effect.kind)
    is_held = effect.status == EffectStatus.HELD
    return EffectItem(
        id=effect.id,
        kind=effect.kind,
        title=kind.title or effect.kind if kind is not None else effect.kind,
        status=EffectStatus(effect.status),
        run_id=effect.run_id,
        payload=effect.payload,
        digest=digest_of(effect),
        is_releasable=is_held and kind is not None and kind.is_released_here,
        held_because=effect.held_because if is_held else None,
        released_when=_released_when(effect, before, kinds) if is_held else None,
        waits_for=None
        if before is None
        else WaitsFor(id=before.id, kind=before.kind, status=EffectStatus(before.status)),
        error=effect.error,
        since=effect.intended_at or effect.created_at,
        expires_at=effect.expires_at,
        release=_release(effect),
    )


def _released_when(effect: Effect, before: Effect | None, kinds: EffectKinds) -> str:
    kind = kinds.get(effect.kind)
    if kind is None:
        return "This release cannot make it: cancel it."
    if not kind.is_released_here:
        return "It leaves with its draft: send the draft again."
    if before is not None and before.status != EffectStatus.DONE:
        return _once_made(EffectStatus(before.status))
    return _ONCE_LIFTED.get(effect.held_because or "", "Release it when the reason is gone.")


def _once_made(status: EffectStatus) -> str:
    if status in MAY_STILL_COME:
        return "Release what it waits for first, or together with it."
    return f"What it waits for is {status}: cancel it, or run the run again."


def _release(effect: Effect) -> Release | None:
    if effect.release_requested_at is None:
        return None
    return Release(
        requested_at=effect.release_requested_at,
        requested_by=effect.release_requested_by or "",
        ended_at=effect.release_ended_at,
    )
