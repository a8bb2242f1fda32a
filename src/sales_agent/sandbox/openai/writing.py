"""What the sandbox's model writes: facts from the prompt poured into the schema it was given."""

import json
from typing import cast

from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.openai.schema_walk import Filler


def written(name: str, schema: JsonObject, texts: list[str], *, is_obedient: bool) -> JsonValue:
    """A value the schema accepts."""
    facts = facts_of(texts)

    def offer(path: tuple[str, ...], _schema: JsonObject) -> JsonValue:
        return facts.get(path[-1]) if path else None

    return Filler(schema, offer).value(schema)


def facts_of(texts: list[str]) -> JsonObject:
    """The last JSON object in the messages, whole or inside other text; empty when there is none."""
    for text in reversed(texts):
        start = text.find("{")
        while start != -1:
            try:
                found, _ = json.JSONDecoder().raw_decode(text, start)
            except ValueError:
                start = text.find("{", start + 1)
            else:
                return cast("JsonObject", found)
    return {}
