"""What the supervisor tells: one event per turn of a server's or a child's life."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kinds of event, in the order a life has them."""

    ORPHAN_ENDED = "orphan.ended"
    STORE_UP = "store.up"
    STORE_DIED = "store.died"
    STORE_FAILED = "store.failed"
    CHILD_STARTED = "child.started"
    CHILD_UP = "child.up"
    CHILD_SLOW = "child.slow"
    CHILD_DIED = "child.died"
    CHILD_KEEPS_DYING = "child.keeps_dying"
    SYSTEM_UP = "system.up"
    SYSTEM_STOPPING = "system.stopping"
    CHILD_STOPPED = "child.stopped"
    CHILD_KILLED = "child.killed"
    STORE_STOPPED = "store.stopped"
    SYSTEM_STOPPED = "system.stopped"


@dataclass(frozen=True, slots=True)
class Event:
    """One turn: whose (`system` for the whole), with which pid if it has one, and a sentence for people."""

    kind: EventKind
    name: str
    pid: int | None = None
    detail: str = ""
