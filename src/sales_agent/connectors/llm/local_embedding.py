"""Embeddings without a model: words and pieces of words, hashed into the width every model shares."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np

from sales_agent.connectors.llm.port import EMBEDDING_DIMENSIONS

_WORD: Final = re.compile(r"[^\W_]+")
# More of a text than this only blurs what it is about, and keeps one text below about ten milliseconds.
_LONGEST_TEXT: Final = 4_000
# Whole words say most; pieces of them let `integrate` meet `integration` and forgive a slip of the pen.
_WORD_WEIGHT: Final = 1.0
_PAIR_WEIGHT: Final = 0.5
_PIECE_WEIGHT: Final = 0.25
_PIECE_LENGTHS: Final = (3, 4)
_SIGN_BIT: Final = 1 << 40


class LocalEmbedder:
    """Deterministic in every process and on every machine; needs no key, no network and no weights."""

    @property
    def model(self) -> str:
        """The name stored with each vector; the number rises when the same text gets another vector."""
        return "hashed-ngrams-384@1"

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector a text, of length 1; texts without a word all get the same one."""
        return [_vector(text) for text in texts]


def _vector(text: str) -> list[float]:
    vector = np.zeros(EMBEDDING_DIMENSIONS)
    for feature, weight in _features(text[:_LONGEST_TEXT]):
        place, sign = _place(feature)
        vector[place] += sign * weight
    length = float(np.linalg.norm(vector))
    if length == 0.0:
        vector[0], length = 1.0, 1.0
    return [float(value) for value in vector / length]


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    for number, word in enumerate(words):
        yield f"w:{word}", _WORD_WEIGHT
        if number:
            yield f"p:{words[number - 1]} {word}", _PAIR_WEIGHT
        bordered = f"<{word}>"
        for size in _PIECE_LENGTHS:
            for start in range(len(bordered) - size + 1):
                yield f"c:{bordered[start : start + size]}", _PIECE_WEIGHT


@lru_cache(maxsize=50_000)
def _place(feature: str) -> tuple[int, float]:
    """Dimension and sign: signs let collisions cancel out instead of adding up."""
    number = int.from_bytes(blake2b(feature.encode(), digest_size=8).digest(), "big")
    return number % EMBEDDING_DIMENSIONS, 1.0 if number & _SIGN_BIT else -1.0
