"""Port: reading customer records."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CrmRecord:
    """A contact, company or deal: its id and its properties as text (empty ones left out)."""

    id: str
    properties: Mapping[str, str] = field(default_factory=dict[str, str])

    def get(self, name: str) -> str:
        """A property, or the empty string."""
        return self.properties.get(name, "")


@dataclass(frozen=True, slots=True)
class CrmOwner:
    """The colleague a contact belongs to."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class CrmActivity:
    """A task or note found at a contact."""

    id: str
    body: str
    created_at: dt.datetime | None


class CrmReader(Protocol):
    """Reads; never changes anything. Record types: contacts, companies, deals, tasks, notes."""

    async def contact_by_email(self, email: str) -> CrmRecord | None:
        """By e-mail as id property, not by search: search lags behind writes."""
        ...

    async def company_by_domain(self, domain: str) -> CrmRecord | None:
        """By search: may lag behind a write by seconds to a minute."""
        ...

    async def company_of(self, contact_id: str) -> CrmRecord | None:
        """The contact's primary company, else its first."""
        ...

    async def deals_of(self, contact_id: str) -> Sequence[CrmRecord]:
        """The contact's deals."""
        ...

    async def owner(self, owner_id: str) -> CrmOwner | None:
        """An owner by id."""
        ...

    async def any_owner(self) -> CrmOwner | None:
        """Whoever comes first, None where nobody owns anything: shows that the account answers."""
        ...

    async def activities_of(self, contact_id: str, kind: str) -> Sequence[CrmActivity]:
        """`tasks` or `notes` associated to a contact, by association (consistent), newest first."""
        ...
