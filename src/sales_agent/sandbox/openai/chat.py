"""Chat completions: an answer that fits whatever strict schema is asked for, the same every time."""

import dataclasses
import hashlib
import json
from http import HTTPStatus

from sales_agent.sandbox.faults import FaultKind
from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.openai.embeddings import count_tokens
from sales_agent.sandbox.openai.errors import error, invalid
from sales_agent.sandbox.openai.models import CHAT_FAMILIES
from sales_agent.sandbox.openai.strict_schema import check_strict
from sales_agent.sandbox.openai.writing import written
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call, Refused

# What the model says when a fault order has it refuse.
REFUSAL = "I'm sorry, but I can't help with that request."


def complete(call: Call) -> Answer:
    """One choice with `stop`, or `length` when max tokens are too few for it."""
    model = str(call.fields.get("model") or "")
    messages: JsonValue = call.fields.get("messages")
    if not model:
        raise invalid("you must provide a model parameter")
    if not model.startswith(CHAT_FAMILIES):
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise Refused(error(HTTPStatus.NOT_FOUND, message, "invalid_request_error", "model_not_found"))
    if not isinstance(messages, list) or not messages:
        raise invalid("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    texts = [_text_of(message) for message in messages]
    content = _content(call, texts)
    prompt_tokens, wanted = sum(map(count_tokens, texts)), count_tokens(content)
    allowed = call.fields.get("max_completion_tokens") or call.fields.get("max_tokens") or wanted
    is_cut = wanted > int(allowed)
    content = content[: int(allowed) * 4] if is_cut else content
    body: JsonObject = {
        "id": f"chatcmpl-{hashlib.blake2b(''.join(texts).encode(), digest_size=12).hexdigest()}",
        "object": "chat.completion",
        "created": int(call.world.clock.now().timestamp()),
        "model": model,
        "choices": [_choice(content, "length" if is_cut else "stop")],
        "usage": _usage(prompt_tokens, count_tokens(content)),
        "service_tier": "default",
        "system_fingerprint": "fp_sandbox",
    }
    return Answer(body)


def _choice(content: str | None, reason: str, refusal: str | None = None) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
    return {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}


def _usage(prompt_tokens: int, completion_tokens: int) -> JsonObject:
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _text_of(message: JsonValue) -> str:
    """A message's text: a string, or the text parts of a list."""
    if not isinstance(message, dict) or "role" not in message:
        raise invalid("Invalid type for 'messages[0]': expected an object with a role.", "messages")
    content: JsonValue = message.get("content")
    if isinstance(content, list):
        parts: list[JsonObject] = content
        return "\n".join(str(part.get("text", "")) for part in parts)
    return content if isinstance(content, str) else ""


def _content(call: Call, texts: list[str]) -> str:
    """What the model says: JSON by the schema asked for, or a plain sentence."""
    asked: JsonObject = call.fields.get("response_format") or {}
    kind = asked.get("type", "text")
    if kind == "text":
        return "Thank you for the message. Which day this week suits you for a short call?"
    if kind == "json_object":
        return json.dumps({"answer": "Thank you for the message."})
    if kind != "json_schema":
        raise invalid("Invalid value for 'response_format.type'.", "response_format.type")
    wanted: JsonObject = asked.get("json_schema") or {}
    name = str(wanted.get("name") or "")
    schema: JsonValue = wanted.get("schema")
    if not name or not isinstance(schema, dict):
        raise invalid("Missing required parameter: 'response_format.json_schema'.", "response_format")
    if wanted.get("strict"):
        check_strict(name, schema)
    answer = written(name, schema, texts, is_obedient=call.world.is_obedient)
    return json.dumps(answer, ensure_ascii=False)


def with_model_fault(answer: Answer, kind: FaultKind) -> Answer:
    """The same completion as a refusal, cut at the limit, or stopped by the content filter."""
    if not answer.is_success or "choices" not in answer.body:
        return answer
    content = answer.body["choices"][0]["message"]["content"] or ""
    choice = {
        FaultKind.REFUSAL: _choice(None, "stop", REFUSAL),
        FaultKind.LENGTH: _choice(content[: len(content) // 2], "length"),
        FaultKind.CONTENT_FILTER: _choice("", "content_filter"),
    }[kind]
    return dataclasses.replace(answer, body={**answer.body, "choices": [choice]})


ROUTES = (Route("POST", "/v1/chat/completions", complete),)
