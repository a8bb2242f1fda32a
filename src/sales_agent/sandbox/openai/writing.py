"""What the sandbox's model says to a task: a proposal made from the facts of the prompt, fitted into the schema."""

import json
from typing import cast

from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.openai.obedience import obeyed
from sales_agent.sandbox.openai.proposals import PROPOSALS
from sales_agent.sandbox.openai.schema_walk import Filler


def written(task: str, schema: JsonObject, texts: list[str], *, is_obedient: bool) -> JsonValue:
    """A value the schema accepts. A task nobody knows is answered with the facts of the same names, else defaults."""
    facts = facts_of(texts)
    propose = PROPOSALS.get(task)
    proposal = propose(facts) if propose else facts
    answer = Filler(schema).value(schema, proposal)
    return obeyed(answer, facts, texts) if is_obedient else answer


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
