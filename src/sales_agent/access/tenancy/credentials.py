"""What is kept encrypted: provider credentials by provider and name, and the secret of a webhook source."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.kit.errors import Conflict

# The credential rows that hold the key of a person's data are of this provider: deleting one makes the data unreadable.
PERSON = "person"


class SourceKeyTaken(Conflict):
    """Another webhook source has this key already; choose a different one."""


@dataclass(frozen=True, slots=True)
class ProviderCredential:
    """A credential as its connector needs it. `name` tells several of one provider apart."""

    id: UUID
    provider: str
    name: str
    value: str = field(repr=False)
    expires_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceSecret:
    """A webhook source as the receiver needs it: what must agree, and what signs. No forms listed: every form."""

    id: UUID
    tenant_id: UUID
    key: str
    portal_id: int
    form_ids: frozenset[str]
    signature: SignaturePolicy
    secret: str = field(repr=False)


def bound_to(tenant_id: UUID, row_id: UUID) -> str:
    """What a secret is tied to: copied into another row, or to another tenant, it cannot be decrypted."""
    return f"{tenant_id}|{row_id}"
