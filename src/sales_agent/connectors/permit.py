"""A permit: the right to make one outward write of one kind, without which no writer moves."""

import math
import time
from dataclasses import dataclass
from uuid import UUID

from sales_agent.connectors.errors import Transient
from sales_agent.kit.errors import AppError

# A call begins at most this long after the last look at the switches, or not at all. Time for a token to be renewed and
# for what a writer looks up first; and so long a stop waits at most until nothing can begin any more.
PERMIT_SECONDS = 2.0


class WriteWithoutPermit(AppError):
    """An outward write was attempted without a permit for it."""


class PermitLapsed(Transient):
    """Too long passed between the permission to write and the write; another worker may be at it by now."""


def marker_of(effect_id: UUID) -> str:
    """The words by which the record of this effect can be recognised on the far side."""
    return f"sa-{effect_id.hex}"


@dataclass(frozen=True, slots=True)
class Permit:
    """Made by the effects ledger only, once the write is recorded as intended and the switches were read again.

    `marker` is written into the far side's record where it has a place for it, so that the write can be found again.
    `good_until`: by `time.monotonic()`, the end of the lease under which it was made; a process that was stopped in its
    tracks must not begin the write after that.
    """

    effect_id: UUID
    kind: str
    good_until: float = math.inf

    @property
    def marker(self) -> str:
        """The words by which the written record can be recognised."""
        return marker_of(self.effect_id)

    def confirm(self) -> None:
        """Raises PermitLapsed unless the write may begin now."""
        if time.monotonic() >= self.good_until:
            raise PermitLapsed(may_have_acted=False)

    def seconds_left(self) -> float | None:
        """How long from now the write may begin; None where that has no end."""
        return None if math.isinf(self.good_until) else max(self.good_until - time.monotonic(), 0.001)

    def covers(self, kind: str) -> None:
        """Raises WriteWithoutPermit unless this permit is for `kind`."""
        if self.kind != kind:
            raise WriteWithoutPermit(f"a permit for {self.kind} does not allow {kind}")
