"""What the model proposes for the tasks it knows, built from the facts alone: it invents nothing."""

from collections.abc import Callable

from sales_agent.sandbox.json_value import JsonObject, JsonValue

Proposal = Callable[[JsonObject], JsonObject]

# How much of somebody's words is repeated, in characters.
_LONGEST_QUOTE = 160
# What stands around the facts, by language, in words that fit a formal and a casual voice; English for all others.
_PHRASES = {
    "de": {
        "subject": "Zur Anfrage",
        "asked": "Gefragt war: „{text}“",
        "wrote": "Im Formular stand: „{text}“",
        "company": "Schön, von {text} zu hören.",
        "asset": "Dazu passt unser Dokument „{text}“.",
        "ask": "Passt ein kurzes Gespräch in den nächsten Tagen?",
    },
    "en": {
        "subject": "Your request",
        "asked": 'You asked: "{text}"',
        "wrote": 'You wrote: "{text}"',
        "company": "It is good to hear from {text}.",
        "asset": 'Our document "{text}" goes into this.',
        "ask": "Would a short call in the next days suit you?",
    },
}


def _objects(value: JsonValue) -> list[JsonObject]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_QUOTE else f"{flat[:_LONGEST_QUOTE].rsplit(' ', 1)[0]} ..."


def thread_summary(facts: JsonObject) -> JsonObject:
    """From `messages` (from, text, reads_as, is_urgent) and `questions` (id, message_id)."""
    messages = _objects(facts.get("messages"))
    of_lead = [message for message in messages if message.get("from") == "lead"]
    last = of_lead[-1] if of_lead else {}
    answered_until = max((n for n, message in enumerate(messages) if message.get("from") == "seller"), default=-1)
    open_from = {message.get("id") for message in messages[answered_until + 1 :]}
    questions = _objects(facts.get("questions"))
    return {
        "summary": f"The person wrote {len(of_lead)} of {len(messages)} messages. "
        f"The newest says: {_shortened(str(last.get('text', 'nothing')))}",
        "intent": last.get("reads_as", "unclear"),
        "open_question_ids": [q.get("id") for q in questions if q.get("message_id") in open_from],
        "urgency": "high" if last.get("is_urgent") else "normal",
    }


def next_step(facts: JsonObject) -> JsonObject:
    """The house's own preference among what is allowed, with the first asset on offer."""
    allowed: list[str] = facts.get("allowed") or []
    preferred = facts.get("preferred")
    assets = _objects(facts.get("assets"))
    return {
        "call_to_action": preferred if preferred in allowed or not allowed else allowed[0],
        "reason": facts.get("reason") or "This is what the request asks for.",
        "asset": assets[0].get("id") if assets else None,
    }


def draft(facts: JsonObject) -> JsonObject:
    """What was asked or written, the asset if there is one, and the call to action the facts suggest."""
    phrases = _PHRASES.get(str(facts.get("language") or "en")[:2], _PHRASES["en"])
    asset: JsonObject = facts.get("asset") or {}
    step: JsonObject = facts.get("next_step") or {}
    known = {str(entry.get("id")) for entry in _objects(facts.get("evidence"))}
    claims = [
        _sentence("claim", phrases[phrase].format(text=_shortened(str(text))), [str(evidence_id)], 1)
        for phrase, text, evidence_id in (
            _opening(facts),
            ("asset", asset.get("name"), asset.get("evidence_id")),
        )
        if text and evidence_id in known
    ]
    if step.get("call_to_action", "none") != "none":
        claims.append(_sentence("call_to_action", str(step.get("suggested_text") or phrases["ask"]), [], 2))
    return {"subject": facts.get("suggested_subject") or phrases["subject"], "sentences": claims}


def _opening(facts: JsonObject) -> tuple[str, JsonValue, JsonValue]:
    """Phrase, words and evidence: the newest open question, else the form's own words, else the company's name."""
    history: JsonObject = facts.get("history") or {}
    request: JsonObject = facts.get("request") or {}
    person: JsonObject = facts.get("person") or {}
    questions = _objects(history.get("open_questions"))
    if questions:
        return "asked", questions[-1].get("text"), questions[-1].get("evidence_id")
    if request.get("quote"):
        return ("asked" if request.get("is_question") else "wrote"), request["quote"], request.get("evidence_id")
    return "company", person.get("company"), person.get("company_evidence_id")


def _sentence(kind: str, text: str, evidence_ids: list[str], paragraph: int) -> JsonObject:
    return {"type": kind, "text": text, "evidence_ids": evidence_ids, "paragraph": paragraph}


# THE table of tasks the model knows by the name of their schema.
PROPOSALS: dict[str, Proposal] = {"thread_summary": thread_summary, "next_step": next_step, "draft": draft}
