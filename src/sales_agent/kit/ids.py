"""Identifiers: UUIDv7 made in Python, so that an id can be answered before its row is stored."""

import os
from uuid import UUID

from sales_agent.kit.clock import unix_milliseconds

_VERSION = 0x7
_VARIANT = 0b10


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits, so that keys arrive almost in order."""
    milliseconds = unix_milliseconds()
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= _VERSION << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= _VARIANT << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)
