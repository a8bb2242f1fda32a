"""What OpenAI demands of a strict schema before it answers at all."""

from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.openai.errors import invalid


def check_strict(name: str, schema: JsonObject) -> None:
    """Every object closed and every property required, all the way down.

    Raises:
        Refused: 400 `invalid_json_schema`, naming the place.
    """
    if schema.get("type") != "object":
        raise _refusal(name, (), "schema must be a JSON Schema of 'type: \"object\"'")
    _check(name, schema, ())


def _check(name: str, node: JsonValue, path: tuple[str, ...]) -> None:
    if isinstance(node, list):
        for index, below in enumerate(node):
            _check(name, below, (*path, str(index)))
    if not isinstance(node, dict):
        return
    schema: JsonObject = node
    properties: JsonValue = schema.get("properties")
    if isinstance(properties, dict):
        if schema.get("additionalProperties") is not False:
            raise _refusal(name, path, "'additionalProperties' is required to be supplied and to be false")
        missing = sorted(set(properties) - set(schema.get("required", ())))
        if missing:
            raise _refusal(name, path, f"'required' is missing {missing}")
    for key, below in schema.items():
        _check(name, below, (*path, key))


def _refusal(name: str, path: tuple[str, ...], fact: str) -> Exception:
    message = f"Invalid schema for response_format '{name}': In context={path}, {fact}."
    return invalid(message, "response_format", "invalid_json_schema")
