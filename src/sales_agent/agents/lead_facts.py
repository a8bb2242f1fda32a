"""What is known about one lead before anybody thinks: the form as sent, and the CRM's properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sales_agent.agents.quoting import person_name

# Forms are built by customers: the same question has many field names. The first one that is filled in counts.
MESSAGE_FIELDS: Final = (
    "message",
    "comments",
    "comment",
    "how_can_we_help",
    "how_can_we_help_",
    "how_can_we_help_you",
    "your_message",
    "question",
    "nachricht",
    "anfrage",
)
CUSTOMER_STAGES: Final = frozenset({"customer", "evangelist"})


@dataclass(frozen=True, slots=True)
class DealFacts:
    """A deal as far as it matters for the next step."""

    name: str
    stage: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The form's fields and the CRM's properties by their internal names; empty values are left out or empty.

    `form`: as submitted. `contact` and `company`: HubSpot properties. `deals`: newest first.
    """

    email: str
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    contact: Mapping[str, str] = field(default_factory=dict[str, str])
    company: Mapping[str, str] = field(default_factory=dict[str, str])
    deals: tuple[DealFacts, ...] = ()

    def form_value(self, name: str) -> str:
        """A form field without surrounding blanks; object-type prefixes (`0-1/firstname`) are ignored."""
        value = self.form.get(name) or self.form.get(f"0-1/{name}") or ""
        return value.strip()

    def known(self, name: str) -> str:
        """A form field, else the contact's property of the same name, else the empty string."""
        return self.form_value(name) or self.contact.get(name, "").strip()

    @property
    def full_name(self) -> str:
        """First and last name as far as they are known and fit to be written: a form holds whatever people type."""
        return " ".join(filter(None, (person_name(self.known(name)) for name in ("firstname", "lastname"))))

    @property
    def message(self) -> str:
        """What the person wrote into the form, or the empty string."""
        return next((text for name in MESSAGE_FIELDS if (text := self.form_value(name))), "")

    @property
    def company_name(self) -> str:
        """The company as the person names it, else as the CRM does."""
        return self.form_value("company") or self.company.get("name", "") or self.contact.get("company", "")

    @property
    def is_customer(self) -> bool:
        """Whether the CRM says they buy already."""
        stages = {self.contact.get("lifecyclestage", ""), self.company.get("lifecyclestage", "")}
        return bool(stages & CUSTOMER_STAGES)

    @property
    def has_opted_out(self) -> bool:
        """Whether the CRM says they want no mail."""
        return self.contact.get("hs_email_optout", "").lower() == "true"

    @property
    def open_deal(self) -> DealFacts | None:
        """The newest deal still open."""
        return next((deal for deal in self.deals if deal.is_open), None)
