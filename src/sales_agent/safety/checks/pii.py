"""Nobody's numbers, addresses or keys slip into a mail, save those of the two people who write to each other."""

from collections.abc import Iterable

from sales_agent.content import Finding, Severity, Span
from sales_agent.safety.detectors.found import Found, PersonalData
from sales_agent.safety.detectors.personal_data import find_personal_data
from sales_agent.safety.detectors.phones import find_phones, is_same_number
from sales_agent.safety.findings import CheckedDraft, domain_of, finding_at

NAME = "pii"

_WORDS = {
    PersonalData.SSN: "a US social security number",
    PersonalData.ITIN: "a US taxpayer number",
    PersonalData.IBAN: "a bank account number",
    PersonalData.CARD: "a payment card number",
    PersonalData.PHONE: "a telephone number that is not the seller's",
    PersonalData.ADDRESS: "an e-mail address that is neither the recipient's nor the seller's",
    PersonalData.CREDENTIAL: "a password, key or token",
}


def check_pii(draft: CheckedDraft) -> Iterable[Finding]:
    """One finding for every number, address or key of somebody else. Messages never repeat what was found."""
    for part, text in draft.parts():
        for found in find_personal_data(text):
            if _is_ours(found, text, draft):
                continue
            words = (
                f"The {part} holds {_WORDS[found.kind]}.",
                "Remove it; if the recipient needs it, send it by a way that is meant for it.",
            )
            span = Span(part, found.start, found.end)
            yield finding_at(NAME, found.kind, _severity(found, text, draft), words, span, draft)


def _is_ours(found: Found, text: str, draft: CheckedDraft) -> bool:
    written = text[found.start : found.end]
    if found.kind is PersonalData.ADDRESS:
        return written.lower() in {draft.recipient.lower(), draft.voice.seller_email.lower()}
    if found.kind is PersonalData.PHONE:
        return any(is_same_number(written, number) for number in _seller_numbers(draft))
    return False


def _seller_numbers(draft: CheckedDraft) -> Iterable[str]:
    yield from draft.seller_phones
    for own in (draft.voice.sign_off, *draft.voice.phrases):
        yield from (own[found.start : found.end] for found in find_phones(own))


def _severity(found: Found, text: str, draft: CheckedDraft) -> Severity:
    """A number somebody may want to give, or a colleague's address, is a person's choice; the rest is nobody's."""
    if found.kind is PersonalData.PHONE:
        return Severity.WARN
    if found.kind is PersonalData.ADDRESS:
        domain = domain_of(text[found.start : found.end])
        return Severity.WARN if domain in {draft.seller_domain, draft.recipient_domain} else Severity.BLOCK
    return Severity.BLOCK
