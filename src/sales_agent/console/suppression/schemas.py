"""The suppression list as the API takes and shows it."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from sales_agent.controls.models import Suppression, SuppressionKind, SuppressionReason
from sales_agent.kit.bodies import Body

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Because = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]

# Enough to tell two entries apart and to compare with a digest that one has computed.
_PREFIX_LENGTH = 12


class SuppressionBody(Body):
    """Whom not to write to: exactly one of the three. A domain covers everybody there and below it."""

    address: Text | None = None
    domain: Text | None = None
    address_digest: Text | None = Field(None, description="Hex SHA-256 of the canonical address.")
    reason: SuppressionReason = SuppressionReason.MANUAL

    @model_validator(mode="after")
    def _names_one(self) -> "SuppressionBody":
        if sum(given is not None for given in (self.address, self.domain, self.address_digest)) != 1:
            raise ValueError("give exactly one of address, domain and address_digest")
        return self


class LiftBody(Body):
    """Why an entry is lifted; it stays in the list's history."""

    reason: Because
    override: bool = Field(False, description="Set aside an opt-out or a complaint. Takes the scope `owner`.")


class AddressBody(Body):
    """An address, kept out of the URL and so out of every log."""

    address: Text


class ShownSuppression(BaseModel):
    """One entry. Of an address nothing is kept but its digest."""

    id: UUID
    kind: SuppressionKind
    digest_prefix: str = Field(description="The first 12 of 64 hex digits.")
    domain: str | None
    reason: SuppressionReason
    source: str = Field(description="Where it was learnt.")
    added_by: str
    since: dt.datetime
    lifted_at: dt.datetime | None = Field(description="From then on it covers nobody.")
    lifted_by: str | None
    lifted_because: str | None

    @classmethod
    def of(cls, entry: Suppression) -> "ShownSuppression":
        """The entry as it is shown."""
        return cls(
            id=entry.id,
            kind=SuppressionKind(entry.kind),
            digest_prefix=entry.address_digest[:_PREFIX_LENGTH],
            domain=entry.domain,
            reason=SuppressionReason(entry.reason),
            source=entry.source,
            added_by=entry.added_by,
            since=entry.created_at,
            lifted_at=entry.lifted_at,
            lifted_by=entry.lifted_by,
            lifted_because=entry.lifted_because,
        )


class SuppressionPage(BaseModel):
    """One page of the list, newest first."""

    total_count: int = Field(description="Entries that cover somebody now, whatever the filter.")
    items: list[ShownSuppression]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class SuppressionAdded(BaseModel):
    """The entry that covers it now; `known`: it was there already."""

    status: Literal["added", "known"]
    entry: ShownSuppression


class SuppressionLifted(BaseModel):
    """The entry covers nobody any more."""

    status: Literal["lifted"] = "lifted"
    id: UUID


class SuppressionCheck(BaseModel):
    """Whether an address is written to, and every entry that covers it."""

    suppressed: bool
    entries: list[ShownSuppression]


class BadImportLine(BaseModel):
    """A line that was left out."""

    line: int
    says: str


class SuppressionsImported(BaseModel):
    """What became of a list. All good lines were added together."""

    added: int
    known: int = Field(description="Good lines whose entry was there already, or stood in the list twice.")
    invalid: int
    invalid_lines: list[BadImportLine] = Field(description="The first 1,000 of them.")
