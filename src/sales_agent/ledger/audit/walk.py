"""Walking a chain from its first link, whether it lies in the database or in an export, to where it first breaks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sales_agent.ledger.audit.chain import GENESIS, WrittenLink, link_hash

# Clocks of two machines differ, and are set right: an anchor this much older than its link still proves nothing bad.
CLOCK_SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An end of the chain as it was exported earlier: `sequence` links, the last of them with this hash."""

    sequence: int
    hash: str
    at: dt.datetime | None = None


START = Anchor(0, GENESIS)


class Difference(StrEnum):
    """What differs at a broken link, as far as it can be told.

    sequence: its place. previous_hash: its word about the link before. hash: its own hash, over an event that is whole.
    event: the event, or the time of sealing. missing_event: the event is gone. anchor_count, anchor_hash, anchor_time:
    an anchor says otherwise. head, tenant_id, line: the file speaks against itself.
    """

    SEQUENCE = "sequence"
    PREVIOUS_HASH = "previous_hash"
    HASH = "hash"
    EVENT = "event"
    MISSING_EVENT = "missing_event"
    ANCHOR_COUNT = "anchor_count"
    ANCHOR_HASH = "anchor_hash"
    ANCHOR_TIME = "anchor_time"
    HEAD = "head"
    TENANT_ID = "tenant_id"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Break:
    """The first link that is not as it was sealed: its place, its event ("" where there is none), what differs."""

    sequence: int
    event_id: str
    differs: Difference
    says: str


@dataclass(slots=True)
class ChainWalk:
    """Takes links in order; `head` is the end of what is whole, `broken` the first that is not."""

    anchors: Sequence[Anchor] = ()
    head: Anchor = START
    broken: Break | None = None
    _by_place: dict[int, list[Anchor]] = field(init=False)
    _suspect: WrittenLink | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._by_place = defaultdict(list)
        for anchor in self.anchors:
            self._by_place[anchor.sequence].append(anchor)

    def take(self, link: WrittenLink) -> None:
        """Go one link further, or learn more about a break from the link that follows it."""
        if self.broken is not None:
            self._look_back(link)
            return
        self.broken = self._fault(link)
        if self.broken is None:
            self.head = Anchor(link.sequence, link.hash)

    @property
    def is_over(self) -> bool:
        """Whether more links would tell nothing more."""
        return self.broken is not None and self._suspect is None

    def end(self) -> None:
        """There are no more links: an anchor that lies beyond the last one says that the end was cut off."""
        if self.broken is not None:
            return
        beyond = [anchor for anchor in self.anchors if anchor.sequence > self.head.sequence]
        if beyond:
            last = max(beyond, key=lambda anchor: anchor.sequence)
            says = f"{_named(last)} counts {last.sequence} links, here the chain ends after {self.head.sequence}"
            self.broken = Break(self.head.sequence + 1, "", Difference.ANCHOR_COUNT, says)

    @property
    def anchors_met(self) -> int:
        """How many anchors lie on what is whole."""
        return sum(anchor.sequence <= self.head.sequence for anchor in self.anchors)

    def _fault(self, link: WrittenLink) -> Break | None:
        place = self.head.sequence + 1
        if link.sequence != place:
            return Break(place, link.event_id, Difference.SEQUENCE, f"link {link.sequence} stands in place {place}")
        if link.event is None:
            return Break(place, link.event_id, Difference.MISSING_EVENT, "its event is gone")
        if link.previous_hash != self.head.hash:
            return self._wrong_previous(link)
        if link.hash != link_hash(link.sequence, link.previous_hash, link.sealed_at, link.event):
            self._suspect = link
            return Break(
                place, link.event_id, Difference.EVENT, "its event or its time of sealing is not what was sealed"
            )
        return next(filter(None, (_against(anchor, link) for anchor in self._by_place[place])), None)

    def _wrong_previous(self, link: WrittenLink) -> Break:
        says = "it follows another link than the one before it"
        if link.event is not None and link.hash == link_hash(link.sequence, self.head.hash, link.sealed_at, link.event):
            says = "only its word about the link before was changed"
        return Break(self.head.sequence + 1, link.event_id, Difference.PREVIOUS_HASH, says)

    def _look_back(self, follower: WrittenLink) -> None:
        """Whether the link after a break knew the hash as it is calculated: then only the hash was changed."""
        suspect, self._suspect = self._suspect, None
        if self.broken is None or suspect is None or suspect.event is None:
            return
        calculated = link_hash(suspect.sequence, suspect.previous_hash, suspect.sealed_at, suspect.event)
        if follower.previous_hash == calculated:
            self.broken = replace(self.broken, differs=Difference.HASH, says="only its hash was changed")


def _against(anchor: Anchor, link: WrittenLink) -> Break | None:
    if anchor.hash != link.hash:
        says = f"{_named(anchor)} has another hash: the chain was calculated anew"
        return Break(link.sequence, link.event_id, Difference.ANCHOR_HASH, says)
    if anchor.at is not None and anchor.at + CLOCK_SLACK < dt.datetime.fromisoformat(link.sealed_at):
        says = f"{_named(anchor)} is older than the link it names"
        return Break(link.sequence, link.event_id, Difference.ANCHOR_TIME, says)
    return None


def _named(anchor: Anchor) -> str:
    return "an anchor" if anchor.at is None else f"the anchor of {anchor.at.isoformat(timespec='seconds')}"
