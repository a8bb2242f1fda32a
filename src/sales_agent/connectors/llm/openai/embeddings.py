"""Embeddings: one vector a text, in the order of the texts, of the one width that the tables hold."""

import base64
import binascii
import math
import struct
from collections.abc import Sequence
from typing import cast

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, count_at, objects_at
from sales_agent.connectors.errors import Permanent, Transient
from sales_agent.connectors.llm.port import EMBEDDING_DIMENSIONS

_EMBEDDINGS_PATH = "/embeddings"

# The server takes 2,048 inputs and 300,000 tokens at once; long mails reach the second limit first.
_BATCH = 64

# The models read 8,191 tokens and refuse more; a token is at least one character in any language.
_LONGEST_TEXT = 8000

_BYTES_PER_NUMBER = 4


class EmbeddingWidthWrong(Permanent):
    """The embedding model answers in another width than was asked for; choose one that can shorten its vectors."""


class OpenAIEmbedder:
    """One embedding model of one server. Implements Embedder."""

    def __init__(self, account: Reads, model: str) -> None:
        self._account = account
        self._model = model

    @property
    def model(self) -> str:
        """The name stored with each vector."""
        return self._model

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector of length 1 a text; raises EmbeddingWidthWrong."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _BATCH):
            vectors.extend(await self._batch(texts[start : start + _BATCH]))
        return vectors

    async def _batch(self, texts: Sequence[str]) -> list[list[float]]:
        body = {
            "model": self._model,
            # An empty input is refused; a blank stands for it.
            "input": [text[:_LONGEST_TEXT] or " " for text in texts],
            "dimensions": EMBEDDING_DIMENSIONS,
            "encoding_format": "base64",
        }
        found = objects_at(await self._account.read(_EMBEDDINGS_PATH, json=body), "data")
        ordered = sorted(found, key=lambda entry: count_at(entry, "index"))
        if [count_at(entry, "index") for entry in ordered] != list(range(len(texts))):
            raise Transient("not one vector a text", provider="openai", may_have_acted=False)
        return [_vector(entry) for entry in ordered]


def _vector(entry: JsonObject) -> list[float]:
    numbers = _numbers(entry.get("embedding"))
    if len(numbers) != EMBEDDING_DIMENSIONS:
        raise EmbeddingWidthWrong(f"{len(numbers)} instead of {EMBEDDING_DIMENSIONS}", provider="openai")
    length = math.hypot(*numbers)
    if not math.isfinite(length) or length == 0:
        raise Transient("a vector without a direction", provider="openai", may_have_acted=False)
    return [number / length for number in numbers]


def _numbers(embedding: object) -> list[float]:
    """Base64 of 32-bit little-endian floats, or a plain list: some servers ignore the format asked for."""
    if isinstance(embedding, list):
        return [float(n) for n in cast("list[object]", embedding) if isinstance(n, int | float)]
    try:
        content = base64.b64decode(embedding) if isinstance(embedding, str) else b""
    except binascii.Error:
        return []
    count = len(content) // _BYTES_PER_NUMBER
    return list(struct.unpack(f"<{count}f", content[: count * _BYTES_PER_NUMBER]))
