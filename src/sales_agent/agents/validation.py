"""Checks a submitted form: is there a real person behind an address we may answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a submission."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Rejection(StrEnum):
    """Why a submission is no lead."""

    MISSING_EMAIL = "missing_email"
    INVALID_EMAIL = "invalid_email"
    MISSING_FIELD = "missing_field"
    UNATTENDED_ADDRESS = "unattended_address"
    OWN_ADDRESS = "own_address"


@dataclass(frozen=True, slots=True)
class ValidateLead:
    """The form as submitted. `own_addresses`: the seller's mailboxes; their business domains count too.

    `allow_reserved_domains`: accept `.test`, `.example` and the like, which no real person has.
    """

    form: Mapping[str, str]
    own_addresses: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    required_fields: tuple[str, ...] = ("email",)
    allow_reserved_domains: bool = False


@dataclass(frozen=True, slots=True)
class LeadValidation:
    """The verdict. `email`: lower case, as written to. `canonical_email`: without plus tag, to compare people by.

    `reason` is empty if accepted; `detail` names the field or the fault. `is_role_address`: info@, sales@ and the like.
    """

    outcome: Outcome
    reason: Rejection | None = None
    detail: str = ""
    email: str = ""
    canonical_email: str = ""
    domain: str = ""
    is_business_domain: bool = False
    is_role_address: bool = False
