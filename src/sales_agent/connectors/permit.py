"""A permit: the right to make one outward write of one kind, without which no writer moves."""

from dataclasses import dataclass
from uuid import UUID

from sales_agent.kit.errors import AppError


class WriteWithoutPermit(AppError):
    """An outward write was attempted without a permit for it."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Made by the effects ledger only, once the write is recorded as intended and the switches were read again.

    `marker` is written into the far side's record where it has a place for it, so that the write can be found again.
    """

    effect_id: UUID
    kind: str

    @property
    def marker(self) -> str:
        """The words by which the written record can be recognised."""
        return f"sa-{self.effect_id.hex}"

    def covers(self, kind: str) -> None:
        """Raises WriteWithoutPermit unless this permit is for `kind`."""
        if self.kind != kind:
            raise WriteWithoutPermit(f"a permit for {self.kind} does not allow {kind}")
