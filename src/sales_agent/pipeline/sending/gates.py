"""THE table of gates, in order: what keeps an approved mail back, said to a person, and what would release it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sales_agent.content import Severity
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.controls.settings import Switches
from sales_agent.pipeline.sending.hours import next_opening
from sales_agent.pipeline.sending.quotas import Counted, Exhausted, exhausted


@dataclass(frozen=True, slots=True)
class Held:
    """Why a mail is kept back, and what would let it go. `release_at`: when waiting alone will do."""

    gate: str
    reason: str
    release: str
    release_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SendFacts:
    """Everything the gates judge by, read in the transaction that claims the draft; in doubt the careful value.

    `approved` names the version, digest and recipient of the valid approval, None without one; `present` those of the
    draft as it is. `rule_objection`: why a rule's approval does not count now, None where it does or a person's it is.
    `world_changes`: what differs from what the approval saw. `worst`: the heaviest finding. `identity`:
    what every mail must say of its sender, and whether we can say it.
    """

    stopped: bool
    switches: Switches
    approved: tuple[int, str, str] | None
    rule_objection: str | None
    present: tuple[int, str, str]
    world_changes: tuple[str, ...]
    suppressed: bool
    is_checked: bool
    worst: Severity | None
    identity: tuple[tuple[str, bool], ...]
    counted: Counted
    policy: SendingPolicy
    zone: ZoneInfo
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Gate:
    """One row. `holds_simulation`: closed under DRAFT_ONLY too; the others only say that the mail would have waited."""

    name: str
    judge: Callable[[SendFacts], Held | None]
    holds_simulation: bool


def _kill_switch(facts: SendFacts) -> Held | None:
    if not facts.stopped:
        return None
    return Held("kill_switch", "the kill switch is set", "An admin resumes, then the draft is sent again.")


def _real_sends(facts: SendFacts) -> Held | None:
    if facts.switches.draft_only:
        return Held("real_sends", "DRAFT_ONLY is on", "An admin turns DRAFT_ONLY off, then the draft is sent again.")
    if not facts.switches.allow_real_sends:
        words = "An admin turns ALLOW_REAL_SENDS on, then the draft is sent again."
        return Held("real_sends", "real sends are off", words)
    return None


def _approved(facts: SendFacts) -> Held | None:
    if facts.approved == facts.present:
        return None
    because = "nobody has approved it" if facts.approved is None else "it was changed since it was approved"
    return Held("approved", because, "Read it and approve it as it is now.")


def _rule_still_may(facts: SendFacts) -> Held | None:
    if facts.rule_objection is None:
        return None
    return Held("rule_still_may", facts.rule_objection, "Read it and approve it yourself.")


def _world_unchanged(facts: SendFacts) -> Held | None:
    if not facts.world_changes:
        return None
    return Held("world_unchanged", "; ".join(facts.world_changes), "Read what has changed, then approve it again.")


def _not_suppressed(facts: SendFacts) -> Held | None:
    if not facts.suppressed:
        return None
    return Held("not_suppressed", "the recipient is on the suppression list", "Nothing here: reject the draft.")


def _no_blocking_finding(facts: SendFacts) -> Held | None:
    if not facts.is_checked:
        return Held("no_blocking_finding", "it was never checked", "Edit it: every edit is checked.")
    if facts.worst is Severity.BLOCK:
        return Held("no_blocking_finding", "a finding blocks it", "Edit what the finding names, then approve it.")
    return None


def _sender_and_footer(facts: SendFacts) -> Held | None:
    missing = [lack for lack, is_there in facts.identity if not is_there]
    if not missing:
        return None
    words = "An admin sets it (SELLER_NAME, SELLER_EMAIL, SELLER_POSTAL_ADDRESS, PUBLIC_URL), then it is sent again."
    return Held("sender_and_footer", f"the mail would lack {', '.join(missing)}", words)


def _sending_hours(facts: SendFacts) -> Held | None:
    return outside_hours(facts.policy, facts.zone, facts.now)


def outside_hours(policy: SendingPolicy, zone: ZoneInfo, now: dt.datetime) -> Held | None:
    """Kept back until mails may leave again, None where they may."""
    opens = next_opening(now, policy, zone)
    if opens == now:
        return None
    words = "It goes by itself when the hours begin." if opens else "An admin names a day in SENDING_DAYS."
    return Held("sending_hours", "it is outside the sending hours", words, opens)


def _quotas(facts: SendFacts) -> Held | None:
    return over_quota(exhausted(facts.counted, facts.policy, facts.zone, facts.now), facts.policy, facts.zone)


def over_quota(reached: Sequence[Exhausted], policy: SendingPolicy, zone: ZoneInfo) -> Held | None:
    """Kept back until there is room under every limit that is reached, None where none is."""
    if not reached:
        return None
    reason = "; ".join(f"{limit.setting.upper()} ({limit.limit:g}) is reached" for limit in reached)
    times = [limit.room_at for limit in reached if limit.room_at is not None]
    if len(times) < len(reached):
        return Held("quotas", reason, "An admin raises the limit, then the draft is sent again.")
    room = max(times)
    words = "It goes by itself when there is room, or an admin raises the limit."
    return Held("quotas", reason, words, next_opening(room, policy, zone) or room)


# THE gates, in the order they are asked. Each is closed when in doubt.
GATES: Final = (
    Gate("kill_switch", _kill_switch, holds_simulation=True),
    Gate("real_sends", _real_sends, holds_simulation=False),
    Gate("approved", _approved, holds_simulation=True),
    Gate("rule_still_may", _rule_still_may, holds_simulation=True),
    Gate("world_unchanged", _world_unchanged, holds_simulation=True),
    Gate("not_suppressed", _not_suppressed, holds_simulation=True),
    Gate("no_blocking_finding", _no_blocking_finding, holds_simulation=True),
    Gate("sender_and_footer", _sender_and_footer, holds_simulation=False),
    Gate("sending_hours", _sending_hours, holds_simulation=False),
    Gate("quotas", _quotas, holds_simulation=False),
)


def first_closed(facts: SendFacts) -> Held | None:
    """The first gate that keeps the mail back, None where it may go."""
    return next((held for gate in GATES if (held := gate.judge(facts)) is not None), None)


def first_closed_to_simulation(facts: SendFacts) -> Held | None:
    """The first gate that even a simulated send does not pass."""
    closed = (gate.judge(facts) for gate in GATES if gate.holds_simulation)
    return next((held for held in closed if held is not None), None)


def would_wait_for(facts: SendFacts) -> str:
    """What a simulated send would have waited for if it were real, besides the switches; empty for nothing."""
    closed = (gate.judge(facts) for gate in GATES if not gate.holds_simulation and gate.name != "real_sends")
    return "; ".join(held.reason for held in closed if held is not None)
