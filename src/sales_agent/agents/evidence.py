"""Gathers what a draft may stand on, each piece under a short id with the place it was found."""

from collections.abc import Iterator
from typing import Final

from sales_agent.agents.asset_hunter import RankedAsset
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.quoting import file_title
from sales_agent.agents.reading import ThreadReading
from sales_agent.agents.visible_text import one_line
from sales_agent.content import Evidence, EvidenceKind, Voice

# A mail offers one file, so its evidence has one name.
FILE_EVIDENCE: Final = "file.1"
_LONGEST_FIELD: Final = 200
_LONGEST_FORM_MESSAGE: Final = 2_000
_LONGEST_MESSAGE: Final = 500
_MOST_FIELDS: Final = 20
# The newest messages; older ones are in the reading's summary.
_MOST_MESSAGES: Final = 6
_CONTACT_PROPERTIES: Final = ("jobtitle", "company", "industry", "city", "country", "lifecyclestage")
_COMPANY_PROPERTIES: Final = ("name", "industry", "numberofemployees", "city", "country", "lifecyclestage")


def gather_evidence(
    lead: LeadFacts,
    reading: ThreadReading | None,
    asset: RankedAsset | None,
    slots: ProposedSlots | None,
    voice: Voice,
) -> tuple[Evidence, ...]:
    """Everything sentences may point to: form, CRM, messages, file, slots, voice. Blank fields are none."""
    return (
        *_form(lead),
        *_crm(lead),
        *(_messages(reading) if reading else ()),
        *_file(asset),
        *(_slots(slots) if slots else ()),
        *_phrases(voice),
    )


def _form(lead: LeadFacts) -> Iterator[Evidence]:
    message = lead.message
    for name, value in list(lead.form.items())[:_MOST_FIELDS]:
        short = name.rpartition("/")[2]
        longest = _LONGEST_FORM_MESSAGE if value.strip() == message else _LONGEST_FIELD
        text = one_line(value, longest)
        if text:
            yield Evidence(f"form.{short}", EvidenceKind.FORM_FIELD, name, text)


def _crm(lead: LeadFacts) -> Iterator[Evidence]:
    for names, properties, prefix in (
        (_CONTACT_PROPERTIES, lead.contact, ""),
        (_COMPANY_PROPERTIES, lead.company, "company."),
    ):
        for name in names:
            text = one_line(properties.get(name, ""), _LONGEST_FIELD)
            if text:
                yield Evidence(f"crm.{prefix}{name}", EvidenceKind.CRM_PROPERTY, f"{prefix}{name}", text)
    if lead.open_deal is not None:
        yield Evidence("crm.deal", EvidenceKind.CRM_PROPERTY, "dealname", one_line(lead.open_deal.name, _LONGEST_FIELD))


def _messages(reading: ThreadReading) -> Iterator[Evidence]:
    first = max(0, len(reading.messages) - _MOST_MESSAGES)
    asked = {question.message_id for question in reading.open_questions}
    for number, message in enumerate(reading.messages, 1):
        if number > first or message.id in asked:
            yield Evidence(f"msg.{number}", EvidenceKind.MESSAGE, message.id, message.text[:_LONGEST_MESSAGE])


def _file(asset: RankedAsset | None) -> Iterator[Evidence]:
    if asset is not None:
        title, name = file_title(asset.name), one_line(asset.name, _LONGEST_FIELD)
        text = name if title in {"", name} else f"{title} ({name})"
        yield Evidence(FILE_EVIDENCE, EvidenceKind.FILE, asset.file_id, text)


def _slots(slots: ProposedSlots) -> Iterator[Evidence]:
    for number, slot in enumerate(slots.slots, 1):
        yield Evidence(f"slot.{number}", EvidenceKind.SLOT, slot.start.isoformat(), slot.label)


def _phrases(voice: Voice) -> Iterator[Evidence]:
    for number, phrase in enumerate(voice.phrases, 1):
        yield Evidence(f"voice.phrase.{number}", EvidenceKind.VOICE, f"phrases[{number - 1}]", phrase)
