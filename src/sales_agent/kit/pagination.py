"""Keyset pages: a cursor is the sort key of the last row seen, so pages stay right while rows arrive."""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from sales_agent.kit.errors import InvalidInput

Row = TypeVar("Row")

# Enough for a screen; a client that wants more follows next_cursor.
DEFAULT_LIMIT = 50
MAX_LIMIT = 200

# Nobody leafs that far; a number that no column can hold would be a fault of ours.
MAX_OFFSET = 1_000_000_000


class CursorInvalid(InvalidInput):
    """The cursor is not one this API gave out; start without one."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after which a page begins: newest first by (at, id)."""

    at: dt.datetime
    id: UUID

    def encode(self) -> str:
        """URL-safe text."""
        return base64.urlsafe_b64encode(json.dumps([self.at.isoformat(), str(self.id)]).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises CursorInvalid."""
        try:
            at, row_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(dt.datetime.fromisoformat(at), UUID(row_id))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise CursorInvalid from error


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page and where the next begins (None on the last)."""

    rows: Sequence[Row]
    next_cursor: str | None
