"""Structured answers through chat completions: a refusal, a cut or a filtered text is no answer, never a text."""

import json
from typing import cast

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, count_at, object_at, objects_at, text_at
from sales_agent.connectors.llm.openai.shape import fits
from sales_agent.connectors.llm.port import Answer, NoAnswer, Prompt

_CHAT_PATH = "/chat/completions"

# These think before they write and count their thoughts as output: room for it, and no more thought than a mail needs.
_THINKERS = ("gpt-5", "o1", "o3", "o4")
_ROOM_TO_THINK = 4000


class OpenAIModel:
    """One model of one server. Implements LanguageModel."""

    def __init__(self, account: Reads, model: str) -> None:
        self._account = account
        self._model = model

    async def answer(self, prompt: Prompt) -> Answer:
        """One call, one answer in the shape of `prompt.schema`. Asked again when it fails: it changes nothing."""
        reply = await self._account.read(_CHAT_PATH, json=self._request(prompt))
        return Answer(
            data=_content(reply, prompt.schema),
            model=text_at(reply, "model") or self._model,
            input_tokens=count_at(reply, "usage", "prompt_tokens"),
            output_tokens=count_at(reply, "usage", "completion_tokens"),
        )

    def _request(self, prompt: Prompt) -> dict[str, object]:
        thinks = self._model.startswith(_THINKERS)
        request: dict[str, object] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": json.dumps(prompt.facts, ensure_ascii=False)},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": prompt.task, "strict": True, "schema": prompt.schema},
            },
            "max_completion_tokens": prompt.max_output_tokens + (_ROOM_TO_THINK if thinks else 0),
        }
        return {**request, "reasoning_effort": "low"} if thinks else request


def _content(reply: JsonObject, schema: JsonObject) -> JsonObject:
    choices = objects_at(reply, "choices")
    if not choices:
        raise NoAnswer("no choice came back", provider="openai")
    choice = choices[0]
    if text_at(choice, "message", "refusal"):
        raise NoAnswer("refused", provider="openai")
    finish = text_at(choice, "finish_reason")
    if finish != "stop":
        raise NoAnswer(f"finished by {finish or 'nothing'}"[:80], provider="openai")
    data = _parsed(text_at(object_at(choice, "message"), "content"))
    if data is None or not fits(data, schema):
        raise NoAnswer("not of the shape asked for", provider="openai")
    return data


def _parsed(content: str) -> JsonObject | None:
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return cast("JsonObject", found) if isinstance(found, dict) else None
