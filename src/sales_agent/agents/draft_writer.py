"""Writes the draft: the model proposes sentences, the code keeps only what may be said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sales_agent.agents.answers import choice_in, number_in, objects_in, text_in, texts_in
from sales_agent.agents.asset_hunter import RankedAsset, RankedAssets
from sales_agent.agents.base import Agent, require
from sales_agent.agents.draft_facts import SCHEMA, draft_facts, suggested_ask, suggested_offer, suggested_subject
from sales_agent.agents.draft_rules import Frame, arrange
from sales_agent.agents.evidence import FILE_EVIDENCE, gather_evidence
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import MEETS, PlannedStep
from sales_agent.agents.prompts import load_prompt
from sales_agent.agents.quoting import company_name, file_title
from sales_agent.agents.reading import ThreadReading
from sales_agent.agents.sentence_rules import Grounds, objection, tidy
from sales_agent.agents.visible_text import one_line
from sales_agent.agents.voice_frame import first_words, greeting, listed_times, sign_off, signature_phrase
from sales_agent.connectors.llm.port import LanguageModel, Prompt
from sales_agent.content import DraftContent, Evidence, EvidenceKind, Sentence, SentenceType, Voice

LONGEST_SUBJECT: Final = 120
_REPLY_MARKS: Final = re.compile(r"^((re|aw|sv|antw|fw|fwd|wg)\s*:\s*)+", re.IGNORECASE)
_MOST_PROPOSED: Final = 30
_LONGEST_VOICE: Final = 30


@dataclass(frozen=True, slots=True)
class WriteDraft:
    """Everything a draft may stand on. `omissions`: what earlier steps could not find out, for the operator.

    `instruction`: an operator's wish for this one draft ("shorter", "mention the trade fair"), or empty.
    """

    lead: LeadFacts
    next_step: PlannedStep
    voice: Voice
    reading: ThreadReading | None = None
    similar: SimilarReading | None = None
    assets: RankedAssets | None = None
    slots: ProposedSlots | None = None
    omissions: tuple[str, ...] = ()
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """The draft, who wrote it, and what was taken out of the model's proposal and why."""

    content: DraftContent
    used_model: str
    prompt_version: str
    input_tokens: int = 0
    output_tokens: int = 0
    corrections: tuple[str, ...] = ()


class DraftWriter(Agent[WriteDraft, WrittenDraft]):
    """One call to the model; recipient, sender, times, link, greeting and sign-off are never the model's to say."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def validate_input(self, request: WriteDraft) -> None:
        """There must be somebody to write to and somebody who writes."""
        require(holds="@" in request.lead.email, otherwise="the lead has no address")
        require(holds=bool(request.voice.sign_off.strip()), otherwise="the voice has no sign-off")
        require(holds=request.voice.max_sentences <= _LONGEST_VOICE, otherwise="the voice is longer than a mail can be")

    async def _think(self, request: WriteDraft) -> WrittenDraft:
        asset = _offered_asset(request)
        slots = request.slots if request.next_step.uses_slots else None
        evidence = gather_evidence(request.lead, request.reading, asset, slots, request.voice)
        prompt = load_prompt("draft")
        facts = draft_facts(
            lead=request.lead,
            reading=request.reading,
            plan=request.next_step,
            asset=asset,
            voice=request.voice,
            evidence=evidence,
            instruction=request.instruction,
        )
        answer = await self._model.answer(Prompt("draft", prompt.text, facts, SCHEMA, prompt.version))
        content, corrections = _made(request, answer.data, evidence, asset)
        return WrittenDraft(
            content=content,
            used_model=answer.model,
            prompt_version=prompt.version,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            corrections=corrections,
        )


def _offered_asset(request: WriteDraft) -> RankedAsset | None:
    """The planned file, if it is one that the prospect can open and its name is fit to be said."""
    readable = request.assets.best if request.assets else ()
    planned = (asset for asset in readable if asset.file_id == request.next_step.asset_id)
    return next((asset for asset in planned if file_title(asset.name)), None)


def _made(
    request: WriteDraft, data: Mapping[str, object], evidence: tuple[Evidence, ...], asset: RankedAsset | None
) -> tuple[DraftContent, tuple[str, ...]]:
    """The draft made of the model's answer, and what was corrected."""
    voice = request.voice
    grounds = Grounds(
        # Times are the code's to tell: a model cannot stand on them.
        citable={item.id: item for item in evidence if item.kind is not EvidenceKind.SLOT},
        never_say=voice.never_say,
        names=tuple(name for name in (company_name(request.lead.company_name), voice.company) if name),
    )
    proposed = _proposed(data, grounds)
    frame = _frame(request, evidence, proposed, asset)
    corrected = arrange(proposed, grounds, frame, voice.max_sentences)
    pointed = {id_ for sentence in corrected.sentences for id_ in sentence.evidence_ids}
    offers_file = any(sentence.text.endswith(asset.link) for sentence in corrected.sentences) if asset else False
    content = DraftContent(
        subject=_subject(request, text_in(data, "subject"), grounds),
        sentences=tuple(corrected.sentences),
        evidence=tuple(item for item in evidence if item.id in pointed),
        call_to_action=request.next_step.call_to_action,
        omissions=_omissions(request),
        asset_id=asset.file_id if asset and offers_file else None,
    )
    return content, tuple(corrected.notes)


def _proposed(data: Mapping[str, object], grounds: Grounds) -> tuple[Sentence, ...]:
    """The model's sentences, tidied, with only the evidence that exists. An unknown type counts as a claim."""
    return tuple(
        Sentence(
            type=choice_in(item, "type", SentenceType, SentenceType.CLAIM),
            text=tidy(text_in(item, "text")),
            evidence_ids=tuple(dict.fromkeys(id_ for id_ in texts_in(item, "evidence_ids") if id_ in grounds.citable)),
            paragraph=number_in(item, "paragraph"),
        )
        for item in objects_in(data, "sentences")[:_MOST_PROPOSED]
    )


def _frame(
    request: WriteDraft, evidence: tuple[Evidence, ...], proposed: tuple[Sentence, ...], asset: RankedAsset | None
) -> Frame:
    plan, voice = request.next_step, request.voice
    has_times = plan.uses_slots and request.slots is not None and bool(request.slots.slots)
    salutation = greeting(voice, request.lead)
    is_known = request.lead.is_customer or bool(request.reading and request.reading.messages)
    return Frame(
        greeting=salutation,
        courtesy=first_words(voice, salutation, plan.call_to_action, is_known=is_known),
        sign_off=sign_off(voice),
        ask=suggested_ask(plan, asset, voice),
        times=listed_times(request.slots, voice) if has_times and request.slots else "",
        slot_ids=tuple(item.id for item in evidence if item.kind is EvidenceKind.SLOT) if has_times else (),
        phrase=signature_phrase(voice, proposed),
        offer=Sentence(SentenceType.CLAIM, suggested_offer(plan, asset, voice), (FILE_EVIDENCE,)) if asset else None,
        link=asset.link if asset else "",
    )


def _subject(request: WriteDraft, proposed: str, grounds: Grounds) -> str:
    """A reply keeps the thread's subject, or it starts a new thread; else the model's if it may be said, else ours."""
    newest = request.reading.newest if request.reading else None
    if newest is not None and newest.subject:
        return f"Re: {_REPLY_MARKS.sub('', one_line(newest.subject, LONGEST_SUBJECT))}"
    tidied = tidy(one_line(proposed, LONGEST_SUBJECT))
    is_sayable = tidied and not objection(Sentence(SentenceType.QUESTION, tidied), grounds)
    return tidied if is_sayable else suggested_subject(request.lead, request.voice)


def _omissions(request: WriteDraft) -> tuple[str, ...]:
    """What the operator should know is missing, each once."""
    notes = [*request.omissions]
    if request.slots is not None and request.slots.note and request.next_step.call_to_action in MEETS:
        notes.append(request.slots.note)
    if request.assets is not None:
        notes.extend(_locked_note(request.assets))
    return tuple(dict.fromkeys(notes))


def _locked_note(assets: RankedAssets) -> tuple[str, ...]:
    """Names the file worth sharing: one that fits better than any the prospect can open."""
    offered = max((asset.score for asset in assets.best), default=0.0)
    better = [file for file in assets.unreadable if file.score > offered]
    return tuple(f"The best fitting file is not shared with them: {one_line(file.name, 100)}." for file in better[:1])
