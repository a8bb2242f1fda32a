"""Shows an outward write to people: what it does, why it waits, what would let it go."""

from collections.abc import Mapping, Sequence

from sales_agent.console.held.forbidding import ONCE_LIFTED
from sales_agent.console.held.schemas import EffectItem, EffectPage, Release, WaitsFor
from sales_agent.effects.held import digest_of, digest_of_review
from sales_agent.effects.held_repository import ListedEffect
from sales_agent.effects.kinds import EffectKinds
from sales_agent.effects.models import Effect, EffectStatus
from sales_agent.kit.pagination import Page

# Held, what it waits for may still be made; in the others it never will.
MAY_STILL_COME = frozenset({EffectStatus.HELD, EffectStatus.INTENDED, EffectStatus.UNKNOWN})


def shown_page(page: Page[ListedEffect], kinds: EffectKinds, forbidden: Mapping[str, str]) -> EffectPage:
    """A page with the digest that releases all of it that can be released. `forbidden`: kinds, each with the reason."""
    items = [shown(listed, kinds, forbidden) for listed in page.rows]
    return EffectPage(items=items, next_cursor=page.next_cursor, reviewed=review_of(items))


def review_of(items: Sequence[EffectItem]) -> str:
    """The digest of a review of these items."""
    return digest_of_review(item.digest for item in items if item.is_releasable)


def shown(listed: ListedEffect, kinds: EffectKinds, forbidden: Mapping[str, str]) -> EffectItem:
    """One write. `forbidden`: kinds that may not be made now, each with the reason."""
    effect, before = listed.effect, listed.waits_for
    kind = kinds.get(effect.kind)
    is_held = effect.status == EffectStatus.HELD
    is_released_here = is_held and kind is not None and kind.is_released_here
    forbidden_because = forbidden.get(effect.kind) if is_released_here else None
    return EffectItem(
        id=effect.id,
        kind=effect.kind,
        title=kind.title or effect.kind if kind is not None else effect.kind,
        status=EffectStatus(effect.status),
        run_id=effect.run_id,
        payload=effect.payload,
        digest=digest_of(effect),
        is_releasable=is_released_here and forbidden_because is None,
        forbidden_because=forbidden_because,
        held_because=effect.held_because if is_held else None,
        released_when=_released_when(effect, before, kinds, forbidden_because) if is_held else None,
        waits_for=None
        if before is None
        else WaitsFor(id=before.id, kind=before.kind, status=EffectStatus(before.status)),
        error=effect.error,
        since=effect.intended_at or effect.created_at,
        expires_at=effect.expires_at,
        release=_release(effect),
    )


def _released_when(effect: Effect, before: Effect | None, kinds: EffectKinds, forbidden_because: str | None) -> str:
    kind = kinds.get(effect.kind)
    if kind is None:
        return "This release cannot make it: cancel it."
    if not kind.is_released_here:
        return "It leaves with its draft: send the draft again."
    if forbidden_because is not None:
        return ONCE_LIFTED.get(forbidden_because, "Release it when the reason is gone.")
    if before is not None and before.status != EffectStatus.DONE:
        return _once_made(EffectStatus(before.status))
    was_a_switch = (effect.held_because or "") in ONCE_LIFTED
    return "Release it: nothing forbids it any more." if was_a_switch else "Release it when the reason is gone."


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
