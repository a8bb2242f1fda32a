"""The garbage collector told what a long-lived process is like: a large heap that stays, and much that goes at once."""

import gc

# Of the objects made for one request or one step nearly all die by reference count. At Python's own 700 the collector
# runs several times a request and finds nothing.
_YOUNG_OBJECTS = 10_000


def settle_memory() -> None:
    """Call once everything a process will keep is there: no collection walks over that again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
