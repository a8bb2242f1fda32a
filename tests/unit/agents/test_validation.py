"""Who is a lead."""

import pytest

from sales_agent.agents.base import AgentInputInvalid
from sales_agent.agents.mail_domains import is_business_domain
from sales_agent.agents.validation import LeadValidation, Rejection, ValidateLead, Validation
from sales_agent.kit.addresses import canonical_address
from tests.factories.agents import SELLER


async def validate(email: str, **changes: object) -> LeadValidation:
    values: dict[str, object] = {"form": {"email": email}, "own_addresses": (SELLER,), **changes}
    return await Validation().execute(ValidateLead(**values))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("", Rejection.MISSING_EMAIL),
        ("   ", Rejection.MISSING_EMAIL),
        ("anna", Rejection.INVALID_EMAIL),
        ("anna@", Rejection.INVALID_EMAIL),
        ("anna@acme", Rejection.INVALID_EMAIL),
        ("an na@acme.example", Rejection.INVALID_EMAIL),
        ("anna@acme.example\r\nBcc: all@acme.example", Rejection.INVALID_EMAIL),
        ("anna@acme.example, eve@evil.example", Rejection.INVALID_EMAIL),
        ("Anna <anna@acme.example>", Rejection.INVALID_EMAIL),
        ("a" * 300 + "@acme.example", Rejection.INVALID_EMAIL),
        ("anna@acme.test", Rejection.INVALID_EMAIL),
        ("noreply@acme.example", Rejection.UNATTENDED_ADDRESS),
        ("no-reply+x@acme.example", Rejection.UNATTENDED_ADDRESS),
        ("mailer-daemon@acme.example", Rejection.UNATTENDED_ADDRESS),
        (SELLER, Rejection.OWN_ADDRESS),
        ("TOM+test@northwind.example", Rejection.OWN_ADDRESS),
        ("eva@northwind.example", Rejection.OWN_ADDRESS),
    ],
)
async def test_what_is_no_lead_is_named(email: str, reason: Rejection) -> None:
    verdict = await validate(email)
    assert (verdict.is_accepted, verdict.reason) == (False, reason)


async def test_an_accepted_address_keeps_its_tag_and_has_a_spelling_to_compare_by() -> None:
    verdict = await validate(" Anna.Berg+Fair@Acme.Example ")
    assert verdict.is_accepted
    assert verdict.email == "anna.berg+fair@acme.example"
    assert verdict.canonical_email == "anna.berg@acme.example"
    assert (verdict.domain, verdict.is_business_domain) == ("acme.example", True)


async def test_reserved_domains_are_for_those_who_ask_for_them() -> None:
    assert (await validate("anna@acme.test", allow_reserved_domains=True)).is_accepted


async def test_a_seller_on_a_free_mailbox_owns_only_the_mailbox() -> None:
    own = ("tom@gmail.com",)
    assert (await validate("anna@gmail.com", own_addresses=own)).is_accepted
    assert (await validate("tom@gmail.com", own_addresses=own)).reason is Rejection.OWN_ADDRESS


async def test_a_missing_field_is_named() -> None:
    verdict = await validate("anna@acme.example", required_fields=("email", "company"))
    assert (verdict.reason, verdict.detail) == (Rejection.MISSING_FIELD, "company")


async def test_fields_with_an_object_type_in_their_name_count() -> None:
    verdict = await validate("", form={"0-1/email": "anna@acme.example"})
    assert verdict.is_accepted


async def test_a_desks_address_is_accepted_and_marked() -> None:
    verdict = await validate("info@acme.example")
    assert (verdict.is_accepted, verdict.is_role_address) == (True, True)


@pytest.mark.parametrize(
    ("domain", "is_business"),
    [("acme.example", True), ("gmail.com", False), ("GMX.de", False), ("yahoo.co.uk", False), ("", False)],
)
def test_free_mailboxes_are_no_companies(domain: str, is_business: bool) -> None:  # noqa: FBT001 - a column
    assert is_business_domain(domain) is is_business


def test_an_address_that_is_all_tag_keeps_it() -> None:
    assert canonical_address("+x@acme.example") == "+x@acme.example"


async def test_a_required_field_needs_a_name() -> None:
    with pytest.raises(AgentInputInvalid):
        await validate("anna@acme.example", required_fields=("",))
