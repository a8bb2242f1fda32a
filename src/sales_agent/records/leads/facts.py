"""Leads as the CRM tells them: what a look-up hands over to be kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CrmContact:
    """A person. `email_canonical` names them here; `crm_id` is None while they are not in the CRM."""

    email: str
    email_canonical: str
    fetched_at: dt.datetime
    crm_id: str | None = None
    company_id: UUID | None = None
    owner_name: str = ""
    owner_email: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    is_opted_out: bool = False


@dataclass(frozen=True, slots=True)
class CrmCompany:
    """A company."""

    crm_id: str
    fetched_at: dt.datetime
    name: str = ""
    domain: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class CrmDeal:
    """A deal of a contact."""

    crm_id: str
    name: str = ""
    stage: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
