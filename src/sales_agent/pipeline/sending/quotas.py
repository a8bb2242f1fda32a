"""The limits as arithmetic: from what a mailbox has sent and its policy, whether one more may go, and when again."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.pipeline.sending.hours import CONTACT_SPAN, day_of, iso_week_of


@dataclass(frozen=True, slots=True)
class Counted:
    """What takes a place in the quotas at this moment: mails that went out, may have, or are being sent.

    `to_contact`: when the mails to this very person of the last 168 hours were counted, oldest first. `last_at`: when
    the mailbox's newest one was.
    """

    today: int
    this_week: int
    to_contact: tuple[dt.datetime, ...]
    last_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A limit that is reached: in which setting it stands, and when there is room again (None: not by waiting).

    `is_of_mailbox`: it keeps back every mail, not only those to one person.
    """

    setting: str
    limit: float
    room_at: dt.datetime | None
    is_of_mailbox: bool = True


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many more may go now, by each limit."""

    today: int
    this_week: int
    for_contact: int


def exhausted(counted: Counted, policy: SendingPolicy, zone: ZoneInfo, now: dt.datetime) -> Sequence[Exhausted]:
    """The limits that keep one more mail back, none where it may go."""
    return tuple(_exhausted(counted, policy, zone, now))


def remaining(counted: Counted, policy: SendingPolicy) -> Remaining:
    """What is left of each limit, never below 0."""
    return Remaining(
        today=max(0, policy.max_emails_per_day - counted.today),
        this_week=max(0, policy.max_emails_per_week - counted.this_week),
        for_contact=max(0, policy.max_emails_per_contact_per_week - len(counted.to_contact)),
    )


def _exhausted(counted: Counted, policy: SendingPolicy, zone: ZoneInfo, now: dt.datetime) -> Iterator[Exhausted]:
    if counted.today >= policy.max_emails_per_day:
        tomorrow = day_of(now, zone).end if policy.max_emails_per_day else None
        yield Exhausted("max_emails_per_day", policy.max_emails_per_day, tomorrow)
    if counted.this_week >= policy.max_emails_per_week:
        monday = iso_week_of(now, zone).end if policy.max_emails_per_week else None
        yield Exhausted("max_emails_per_week", policy.max_emails_per_week, monday)
    most = policy.max_emails_per_contact_per_week
    if len(counted.to_contact) >= most:
        # Room comes when so many have fallen out that one less than the limit is left.
        free_at = counted.to_contact[-most] + CONTACT_SPAN if most else None
        yield Exhausted("max_emails_per_contact_per_week", most, free_at, is_of_mailbox=False)
    if counted.last_at is not None and policy.send_spacing_seconds:
        next_at = counted.last_at + dt.timedelta(seconds=policy.send_spacing_seconds)
        if now < next_at:
            yield Exhausted("send_spacing_seconds", policy.send_spacing_seconds, next_at)
