"""Embeddings without a model: words and letter groups hashed into a unit vector, so that like texts lie close."""

import base64
import functools
import hashlib
import math
import struct
from typing import Any

from sales_agent.sandbox.google.mail_parsing import words
from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.openai.errors import invalid
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# The sizes the real models have, in dimensions; a request may ask for fewer.
DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
# OpenAI's limit of inputs in one request.
MOST_INPUTS = 2048


def create(call: Call) -> Answer:
    """One vector per input in the same order; base64 (little-endian float32) when asked for."""
    model = str(call.fields.get("model") or "")
    full = DIMENSIONS.get(model)
    if full is None:
        raise invalid(f"The model `{model}` does not exist.", "model", "model_not_found")
    dimensions = call.fields.get("dimensions") or full
    if not isinstance(dimensions, int) or not 1 <= dimensions <= full:
        raise invalid(f"Invalid value for 'dimensions': at most {full}.", "dimensions")
    texts = _inputs(call.fields.get("input"))
    shape = call.fields.get("encoding_format") or "float"
    if shape not in {"float", "base64"}:
        raise invalid("Invalid value for 'encoding_format'.", "encoding_format")
    data: list[JsonObject] = []
    for index, text in enumerate(texts):
        vector = embedded(text, dimensions)
        shown: Any = list(vector)
        if shape == "base64":
            shown = base64.b64encode(struct.pack(f"<{dimensions}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": shown})
    tokens = sum(count_tokens(text) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Answer({"object": "list", "data": data, "model": model, "usage": usage})


def _inputs(given: JsonValue) -> list[str]:
    """Texts to embed: one, several, or one or several lists of token numbers."""
    rows: list[Any] = given if isinstance(given, list) else [given]
    if rows and all(isinstance(row, int) for row in rows):
        rows = [rows]
    texts = [row if isinstance(row, str) else " ".join(map(str, row or ())) for row in rows]
    if not texts or len(texts) > MOST_INPUTS or not all(texts):
        raise invalid("'$.input' is invalid.", "input")
    return texts


def count_tokens(text: str) -> int:
    """A stand-in for the tokeniser: four characters a token, as OpenAI's rule of thumb says."""
    return max(1, -(-len(text) // 4))


@functools.lru_cache(maxsize=4096)
def embedded(text: str, dimensions: int) -> tuple[float, ...]:
    """A unit vector that depends on the text alone."""
    values = [0.0] * dimensions
    padded = words(text)
    pieces = [*padded.split(), *(padded[at : at + 3] for at in range(len(padded) - 2))]
    for piece in pieces or [text]:
        digest = hashlib.blake2b(piece.encode(), digest_size=8).digest()
        values[int.from_bytes(digest[:4], "little") % dimensions] += 1.0 if digest[4] & 1 else -1.0
    length = math.sqrt(sum(value * value for value in values))
    if length == 0.0:
        values[0], length = 1.0, 1.0
    return tuple(value / length for value in values)


ROUTES = (Route("POST", "/v1/embeddings", create),)
