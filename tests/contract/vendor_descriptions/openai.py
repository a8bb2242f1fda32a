"""OpenAI by the request types of its own package."""

from collections.abc import Iterator, Mapping
from typing import Any, get_type_hints

from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from openai.types.embedding_create_params import EmbeddingCreateParams
from openai.types.shared_params.response_format_json_schema import JSONSchema
from pydantic import TypeAdapter, ValidationError

_REQUESTS: dict[tuple[str, str], Any] = {
    ("POST", "/v1/chat/completions"): CompletionCreateParamsNonStreaming,
    ("POST", "/v1/embeddings"): EmbeddingCreateParams,
}


def complaints(method: str, path: str, query: Mapping[str, Any], body: Any) -> Iterator[str]:
    request = _REQUESTS.get((method, path))
    if request is None:
        yield "no such method"
        return
    yield from (f"unknown parameter {name}" for name in query)
    if not isinstance(body, dict):
        yield "body is no object"
        return
    yield from _unknown(request, body, "body")
    schema = (body.get("response_format") or {}).get("json_schema")
    if isinstance(schema, dict):
        yield from _unknown(JSONSchema, schema, "body.response_format.json_schema")
    try:
        TypeAdapter(request).validate_python(body, strict=True)
    except ValidationError as odd:
        yield from (f"body.{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in odd.errors())


def _unknown(described: Any, value: dict[str, Any], place: str) -> Iterator[str]:
    yield from (f"{place} has no {name}" for name in value if name not in get_type_hints(described))
