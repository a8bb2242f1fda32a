"""What the model proposes for the tasks it knows, built from the facts alone: it invents nothing."""

from collections.abc import Callable

from sales_agent.sandbox.json_value import JsonObject, JsonValue

Proposal = Callable[[JsonObject], JsonObject]

# How much of somebody's words is repeated, in characters.
_LONGEST_QUOTE = 160
# Fillers between evidence and call to action, by language; English for every other one.
_PHRASES = {
    "de": {
        "subject": "Ihre Anfrage",
        "asked": "Sie hatten gefragt: „{text}“",
        "wrote": "Vielen Dank für Ihre Nachricht.",
        "asset": "Dazu passt unser Dokument „{text}“.",
        "ask": "Passt Ihnen in den nächsten Tagen ein kurzes Gespräch?",
    },
    "en": {
        "subject": "Your request",
        "asked": 'You asked: "{text}"',
        "wrote": "Thank you for writing to us.",
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
    """A claim on what was asked, a claim on the asset, and the call to action the facts suggest."""
    language = str(facts.get("language") or "en")[:2]
    phrases = _PHRASES.get(language, _PHRASES["en"])
    evidence = _objects(facts.get("evidence"))
    asset: JsonObject = facts.get("asset") or {}
    step: JsonObject = facts.get("next_step") or {}
    first = _opening(evidence, phrases)
    shown = next((entry for entry in evidence if entry.get("id") == asset.get("evidence_id", asset.get("id"))), None)
    sentences = [first] if first else []
    if shown:
        name = asset.get("name") or shown.get("text", "")
        sentences.append(_sentence("claim", phrases["asset"].format(text=_shortened(str(name))), [shown["id"]], 1))
    if step.get("call_to_action", "none") != "none":
        ask = str(step.get("suggested_text") or phrases["ask"])
        sentences.append(_sentence("call_to_action", ask, [], 2))
    return {"subject": phrases["subject"], "sentences": sentences}


def _opening(evidence: list[JsonObject], phrases: dict[str, str]) -> JsonObject | None:
    """On the newest question in the evidence, else on the message of the form; nothing without either."""
    questions = [entry for entry in evidence if str(entry.get("text", "")).strip().endswith("?")]
    if questions:
        text = _shortened(str(questions[-1]["text"]))
        return _sentence("claim", phrases["asked"].format(text=text), [questions[-1]["id"]], 1)
    forms = [entry for entry in evidence if str(entry.get("id", "")).startswith("form.")]
    return _sentence("claim", phrases["wrote"], [forms[0]["id"]], 1) if forms else None


def _sentence(kind: str, text: str, evidence_ids: list[str], paragraph: int) -> JsonObject:
    return {"type": kind, "text": text, "evidence_ids": evidence_ids, "paragraph": paragraph}


# THE table of tasks the model knows by the name of their schema.
PROPOSALS: dict[str, Proposal] = {"thread_summary": thread_summary, "next_step": next_step, "draft": draft}
