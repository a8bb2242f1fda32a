"""THE checklist for going live: one function a point, in the order in which they are best put right."""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sales_agent.console.go_live.facts import Connector, ConnectorCheck, Facts

_PRIVATE_NAMES = ("localhost", ".local", ".internal", ".lan")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a point: whether it is settled, how it stands, and what to do where it is not."""

    is_ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the checklist. Without `is_required` it is told and keeps nobody from going live."""

    name: str
    about: str
    judge: Callable[[Facts], Verdict]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """A point and what is said of it."""

    point: Point
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        """Whether it keeps the tenant from going live."""
        return self.point.is_required and not self.verdict.is_ok


def mailbox(facts: Facts) -> Verdict:
    return _answers(facts.connector(Connector.MAIL), "Connect the mailbox: GOOGLE_REFRESH_TOKEN and its client.")


def crm(facts: Facts) -> Verdict:
    return _answers(facts.connector(Connector.CRM), "Connect HubSpot: HUBSPOT_ACCESS_TOKEN.")


def files(facts: Facts) -> Verdict:
    return _answers(facts.connector(Connector.FILES), "Let the account read Drive: scope drive.readonly.")


def calendar(facts: Facts) -> Verdict:
    return _answers(facts.connector(Connector.CALENDAR), "Share every calendar of `calendar_ids` with the account.")


def sender_identity(facts: Facts) -> Verdict:
    """The name and address under a mail are those of the mailbox that sends it."""
    profile, account = facts.profile, facts.connector(Connector.MAIL).account
    if not profile.name or not profile.email:
        return Verdict(
            is_ok=False, detail="The seller has no name or no address.", fix="Set seller_name, seller_email."
        )
    if profile.email.lower() != account.lower():
        fix = "Set seller_email to the address of the mailbox, or connect the mailbox of that address."
        return Verdict(is_ok=False, detail="seller_email is not the address of the mailbox.", fix=fix)
    return Verdict(is_ok=True, detail=f"{profile.name} <{profile.email}>")


def postal_address(facts: Facts) -> Verdict:
    """The law asks for a postal address under every mail."""
    address = facts.profile.postal_address.strip()
    if address:
        return Verdict(is_ok=True, detail=address)
    return Verdict(is_ok=False, detail="No postal address is set.", fix="Set seller_postal_address.")


def unsubscribe_link(facts: Facts) -> Verdict:
    """The link under a mail must open wherever its reader is."""
    if is_public_https(facts.public_url):
        return Verdict(is_ok=True, detail=facts.public_url)
    fix = "Set PUBLIC_URL to the https address under which the world reaches this installation, and restart."
    return Verdict(is_ok=False, detail=facts.public_url or "PUBLIC_URL is empty.", fix=fix)


def suppression_list(facts: Facts) -> Verdict:
    """Whom we must not write to is known, or nobody is written to."""
    if facts.suppressed is None:
        return Verdict(is_ok=False, detail="The list cannot be read.", fix="Look at the database and its grants.")
    return Verdict(is_ok=True, detail=f"{facts.suppressed} entries; import those of your earlier tools.")


def kill_switch(facts: Facts) -> Verdict:
    """A stopped tenant sends nothing, whatever its switches say."""
    if facts.is_stopped:
        return Verdict(is_ok=False, detail="The kill switch is set.", fix="Find out why; then emergency-resume.")
    return Verdict(is_ok=True, detail="Not set.")


def quotas(facts: Facts) -> Verdict:
    """The limits as they work together; the smallest of them is the one that counts."""
    policy = facts.policy
    told = (
        f"{policy.max_emails_per_day} a day, {policy.max_emails_per_week} a week, "
        f"{policy.max_emails_per_contact_per_week} to one person in 168 hours."
    )
    if min(policy.max_emails_per_day, policy.max_emails_per_week, policy.max_emails_per_contact_per_week) == 0:
        return Verdict(is_ok=False, detail=f"{told} A limit of 0 lets nothing out.", fix="Raise the limit of 0.")
    if policy.max_emails_per_week < policy.max_emails_per_day:
        told += (
            f" With {policy.max_emails_per_week} a week, {policy.max_emails_per_day} a day cannot be reached: "
            "raise max_emails_per_week when you are ready."
        )
    return Verdict(is_ok=True, detail=told)


def rules(facts: Facts) -> Verdict:
    """Which rules approve by themselves, where AUTO_APPROVE_ENABLED lets them."""
    on, shadow = (", ".join(names) or "none" for names in (facts.rules_on, facts.rules_in_shadow))
    return Verdict(is_ok=True, detail=f"On: {on}. In shadow: {shadow}.")


CHECKLIST: tuple[Point, ...] = (
    Point("mailbox", "The mailbox answers with its account.", mailbox),
    Point("crm", "HubSpot answers.", crm),
    Point("files", "Drive answers with its account.", files),
    Point("calendar", "Every calendar can be read.", calendar),
    Point("sender_identity", "Mails carry the name and the address of the mailbox.", sender_identity),
    Point("postal_address", "A postal address stands under every mail.", postal_address),
    Point("unsubscribe_link", "The unsubscribe link is public and https.", unsubscribe_link),
    Point("suppression_list", "The suppression list can be read.", suppression_list),
    Point("kill_switch", "The kill switch is not set.", kill_switch),
    Point("quotas", "How many mails may leave.", quotas),
    Point("rules", "Which rules approve by themselves.", rules, is_required=False),
)


def judge(facts: Facts) -> Sequence[Judged]:
    """Every point."""
    return [Judged(point, point.judge(facts)) for point in CHECKLIST]


def is_public_https(url: str) -> bool:
    """Whether a stranger's browser can open this: https, and no name or address of an inner network."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or not host or host.endswith(_PRIVATE_NAMES):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


def _answers(check: ConnectorCheck, fix: str) -> Verdict:
    return Verdict(is_ok=check.is_ok, detail=check.detail, fix="" if check.is_ok else fix)
