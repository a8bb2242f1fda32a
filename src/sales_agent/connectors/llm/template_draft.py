"""Writes a mail from facts without a model: what they said, one thought about it, a file if any, one question."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sales_agent.connectors.llm.template_facts import DraftFacts
from sales_agent.connectors.llm.template_phrases import phrase

# Calls to action that there is a thought for.
_THEMES: Final = frozenset({"meeting", "discovery", "demo", "proposal"})
_SHORTER: Final = ("short", "brief", "kürz", "kurz", "knapp")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in the shape a model answers with."""

    type: str
    text: str
    evidence_ids: tuple[str, ...]
    paragraph: int

    def as_json(self) -> dict[str, object]:
        """The sentence as the schema of the task wants it."""
        return {
            "type": self.type,
            "text": self.text,
            "evidence_ids": list(self.evidence_ids),
            "paragraph": self.paragraph,
        }


def written(facts: DraftFacts) -> dict[str, object]:
    """An answer of the task draft."""
    said = [*_opening(facts), *_thought(facts), *_file(facts), *_ask(facts)]
    return {"subject": facts.suggested_subject, "sentences": [sentence.as_json() for sentence in said]}


def _say(facts: DraftFacts, name: str, **words: str) -> str:
    return phrase(name, language=facts.language, formality=facts.voice.formality, **words)


def _opening(facts: DraftFacts) -> Iterator[Said]:
    """What they asked or wrote, in their own words: the open question of their last mail first."""
    if facts.next_step.call_to_action == "none":
        return
    earlier = facts.history.open_questions[-1:]
    for question in earlier:
        yield Said("claim", _say(facts, "asked_before", quote=question.text), (question.evidence_id,), 1)
    request = facts.request
    if request.quote:
        name = "now_writes" if earlier else "asked" if request.quote.endswith("?") else "wrote"
        yield Said("claim", _say(facts, name, quote=request.quote), (request.evidence_id,), 1)


def _thought(facts: DraftFacts) -> Iterator[Said]:
    """Why the next step is worth their time: about their company, so nothing where it is unknown."""
    call, person = facts.next_step.call_to_action, facts.person
    is_wanted = call in _THEMES and not any(word in facts.instruction.lower() for word in _SHORTER)
    asked = bool(facts.history.open_questions) or facts.request.is_question
    if not (is_wanted and person.company and (asked or facts.request.quote)):
        return
    theme = "question" if asked and call in {"meeting", "discovery"} else call
    text = _say(facts, f"{theme}_for_company", company=person.company)
    yield Said("claim", text, (person.company_evidence_id,), 2)


def _file(facts: DraftFacts) -> Iterator[Said]:
    if facts.asset is not None:
        yield Said("claim", facts.asset.suggested_text, (facts.asset.evidence_id,), 3)


def _ask(facts: DraftFacts) -> Iterator[Said]:
    if facts.next_step.suggested_text:
        yield Said("call_to_action", facts.next_step.suggested_text, (), 4)
