"""Checks a submitted form: is there a real person behind an address we may answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from email_validator import EmailNotValidError, validate_email

from sales_agent.agents.base import Agent, require
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.mail_domains import domain_of, is_business_domain, is_role, is_unattended
from sales_agent.kit.addresses import canonical_address

# RFC 5321: longer than this no path may be; a longer value is no address and not worth parsing.
_LONGEST_ADDRESS: Final = 254


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

    `allow_reserved_domains`: accept `.test`, under which no real person has a mailbox.
    """

    form: Mapping[str, str]
    own_addresses: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    required_fields: tuple[str, ...] = ("email",)
    allow_reserved_domains: bool = False


@dataclass(frozen=True, slots=True)
class LeadValidation:
    """The verdict. `email`: lower case, as written to. `canonical_email`: without plus tag, to compare people by.

    `reason` is None if accepted; `detail` names the field or the fault. `is_role_address`: info@, sales@ and the like.
    """

    outcome: Outcome
    reason: Rejection | None = None
    detail: str = ""
    email: str = ""
    canonical_email: str = ""
    domain: str = ""
    is_business_domain: bool = False
    is_role_address: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether the lead goes on."""
        return self.outcome is Outcome.ACCEPTED


class Validation(Agent[ValidateLead, LeadValidation]):
    """Syntax only: whether a mailbox exists is learnt by writing to it."""

    def validate_input(self, request: ValidateLead) -> None:
        """Required fields need names."""
        require(holds=all(request.required_fields), otherwise="a required field has no name")

    async def _think(self, request: ValidateLead) -> LeadValidation:
        lead = LeadFacts(email="", form=request.form)
        written = lead.form_value("email")
        if not written:
            return _rejected(Rejection.MISSING_EMAIL, "email")
        try:
            email = _checked(written, request)
        except EmailNotValidError as error:
            return _rejected(Rejection.INVALID_EMAIL, str(error))
        if is_unattended(email):
            return _rejected(Rejection.UNATTENDED_ADDRESS, "nobody reads mail sent to this address", email)
        if _is_own(email, request):
            return _rejected(Rejection.OWN_ADDRESS, "the address is the seller's own", email)
        missing = next((name for name in request.required_fields if not lead.form_value(name)), None)
        if missing is not None:
            return _rejected(Rejection.MISSING_FIELD, missing, email)
        return _verdict(Outcome.ACCEPTED, email)


def _checked(written: str, request: ValidateLead) -> str:
    if len(written) > _LONGEST_ADDRESS:
        raise EmailNotValidError("The address is longer than any can be.")
    checked = validate_email(written, check_deliverability=False, test_environment=request.allow_reserved_domains)
    return checked.normalized.lower()


def _is_own(email: str, request: ValidateLead) -> bool:
    own = {canonical_address(address) for address in request.own_addresses}
    domains = {domain_of(address) for address in request.own_addresses} | {name.lower() for name in request.own_domains}
    domain = domain_of(email)
    return canonical_address(email) in own or (domain in domains and is_business_domain(domain))


def _rejected(reason: Rejection, detail: str, email: str = "") -> LeadValidation:
    return _verdict(Outcome.REJECTED, email, reason, detail)


def _verdict(outcome: Outcome, email: str, reason: Rejection | None = None, detail: str = "") -> LeadValidation:
    domain = domain_of(email) if email else ""
    return LeadValidation(
        outcome=outcome,
        reason=reason,
        detail=detail,
        email=email,
        canonical_email=canonical_address(email) if email else "",
        domain=domain,
        is_business_domain=is_business_domain(domain),
        is_role_address=bool(email) and is_role(email),
    )
