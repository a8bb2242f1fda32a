"""What the writing model is told: evidence by id, what was asked, the plan, the voice. Also the shape it answers in."""

from collections.abc import Mapping, Sequence
from typing import Final

from sales_agent.agents.asset_hunter import RankedAsset
from sales_agent.agents.evidence import FILE_EVIDENCE
from sales_agent.agents.intents import is_question, read_intent
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.next_step import MEETS, PlannedStep
from sales_agent.agents.quoting import company_name, file_title, person_name, quotable, telling_sentence
from sales_agent.agents.reading import Intent, ThreadReading
from sales_agent.agents.wording import ask, file_offer, subject
from sales_agent.content import Evidence, EvidenceKind, SentenceType, Voice

_LONGEST_INSTRUCTION: Final = 500
_MOST_QUESTIONS: Final = 2
# Not needed to write, so not told: the less of a person leaves the house, the better.
_NOT_TOLD: Final = frozenset({"form.email", "form.phone", "form.mobilephone"})

SCHEMA: Final[Mapping[str, object]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["subject", "sentences"],
    "properties": {
        "subject": {"type": "string"},
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["type", "text", "evidence_ids", "paragraph"],
                "properties": {
                    "type": {
                        "type": "string",
                        "enum": [
                            str(kind)
                            for kind in SentenceType
                            if kind not in {SentenceType.GREETING, SentenceType.SIGN_OFF}
                        ],
                    },
                    "text": {"type": "string"},
                    "evidence_ids": {"type": "array", "items": {"type": "string"}},
                    "paragraph": {"type": "integer"},
                },
            },
        },
    },
}


def suggested_ask(plan: PlannedStep, asset: RankedAsset | None, voice: Voice) -> str:
    """The sentence the code itself would ask with."""
    offered = plan.uses_slots if plan.call_to_action in MEETS else asset is not None
    return ask(plan.call_to_action, offered=offered, language=voice.language, formality=voice.formality)


def suggested_offer(plan: PlannedStep, asset: RankedAsset, voice: Voice) -> str:
    """The sentence the code itself would offer the file with."""
    return file_offer(plan.call_to_action, file_title(asset.name), language=voice.language)


def suggested_subject(lead: LeadFacts, voice: Voice) -> str:
    """The subject the code itself would give a first mail."""
    wish = read_intent(lead.message) if lead.message else Intent.UNCLEAR
    return subject(wish, voice.company, language=voice.language, formality=voice.formality)


def draft_facts(  # one parameter for each thing a mail is made of
    *,
    lead: LeadFacts,
    reading: ThreadReading | None,
    plan: PlannedStep,
    asset: RankedAsset | None,
    voice: Voice,
    evidence: Sequence[Evidence],
    instruction: str,
) -> Mapping[str, object]:
    """JSON for the model. Everything that strangers wrote is below `evidence`, `person`, `request` and `history`."""
    citable = [item for item in evidence if item.kind is not EvidenceKind.SLOT and item.id not in _NOT_TOLD]
    return {
        "language": voice.language,
        "voice": {
            "formality": voice.formality,
            "phrases": list(voice.phrases),
            "never_say": list(voice.never_say),
            "max_sentences": voice.max_sentences,
            "company": voice.company,
        },
        "person": {
            "first_name": person_name(lead.known("firstname")),
            "company": company_name(lead.company_name),
            "company_evidence_id": _company_evidence(evidence),
            "is_customer": lead.is_customer,
        },
        "evidence": [{"id": item.id, "kind": str(item.kind), "text": item.text} for item in citable],
        "request": _request(lead, evidence),
        "history": _history(reading, evidence),
        "next_step": {
            "call_to_action": str(plan.call_to_action),
            "reason": plan.reason,
            "times_follow": plan.uses_slots,
            "suggested_text": suggested_ask(plan, asset, voice),
        },
        "asset": _asset(plan, asset, voice) if asset else None,
        "suggested_subject": suggested_subject(lead, voice),
        "instruction": instruction[:_LONGEST_INSTRUCTION],
    }


def _asset(plan: PlannedStep, asset: RankedAsset, voice: Voice) -> Mapping[str, object]:
    text = suggested_offer(plan, asset, voice)
    return {"evidence_id": FILE_EVIDENCE, "name": file_title(asset.name), "suggested_text": text}


def _company_evidence(evidence: Sequence[Evidence]) -> str:
    known = {item.id for item in evidence}
    return next((id_ for id_ in ("form.company", "crm.company.name", "crm.company") if id_ in known), "")


def _request(lead: LeadFacts, evidence: Sequence[Evidence]) -> Mapping[str, object]:
    """What the form's message says, ready to be repeated; the place of any form field where there is none."""
    quote = telling_sentence(lead.message)
    fields = {item.locator: item.id for item in evidence if item.kind is EvidenceKind.FORM_FIELD}
    place = next((id_ for name, id_ in fields.items() if lead.form[name].strip() == lead.message), "")
    return {
        "evidence_id": place if quote else "",
        "quote": quote if place else "",
        "is_question": is_question(quote),
    }


def _history(reading: ThreadReading | None, evidence: Sequence[Evidence]) -> Mapping[str, object]:
    if reading is None or not reading.messages:
        return {"last_sender": "nobody", "summary": "", "open_questions": []}
    ids = {item.locator: item.id for item in evidence if item.kind is EvidenceKind.MESSAGE}
    asked: dict[str, list[str]] = {}
    for question in reading.open_questions:
        if question.message_id in ids and quotable(question.text):
            asked.setdefault(ids[question.message_id], []).append(quotable(question.text))
    # The questions of one message are one thing to answer.
    questions = [{"evidence_id": id_, "text": " ".join(texts[-_MOST_QUESTIONS:])} for id_, texts in asked.items()]
    return {
        "last_sender": str(reading.last_sender),
        "summary": reading.summary,
        "open_questions": questions[-_MOST_QUESTIONS:],
    }
