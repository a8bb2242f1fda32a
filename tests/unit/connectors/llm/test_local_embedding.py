"""Vectors without a model: the same everywhere, of length one, near where texts are alike."""

import hashlib
import math
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales_agent.connectors.llm.local_embedding import LocalEmbedder
from sales_agent.connectors.llm.port import EMBEDDING_DIMENSIONS

PROGRAM = """
import asyncio, sys
from sales_agent.connectors.llm.local_embedding import LocalEmbedder
print(asyncio.run(LocalEmbedder().embed([sys.argv[1]]))[0])
"""


def cosine(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


async def test_another_process_computes_the_same_vector() -> None:
    text = "Wir suchen eine Lösung für 300 Anfragen im Monat."
    other = subprocess.run([sys.executable, "-c", PROGRAM, text], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str((await LocalEmbedder().embed([text]))[0])


async def test_the_name_stands_for_these_very_vectors() -> None:
    vector = (await LocalEmbedder().embed(["Do you integrate with HubSpot?"]))[0]
    digest = hashlib.sha256(" ".join(f"{value:.6f}" for value in vector).encode()).hexdigest()
    assert (LocalEmbedder().model, digest[:16]) == ("hashed-ngrams-384@1", "e942cb16c3b37878")


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("Do you integrate with HubSpot?", "HubSpot integration", "Our picnic was sunny"),
        ("What does it cost?", "costs and prices", "Where is the data hosted"),
        ("logistics company in Hamburg", "Hamburg logistic companies", "software startup in Lyon"),
        ("Datenschutz und Hosting", "Fragen zum Datenschutz", "Preisliste für Teams"),
    ],
)
async def test_texts_about_the_same_are_nearer(text: str, near: str, far: str) -> None:
    origin, alike, other = await LocalEmbedder().embed([text, near, far])
    assert cosine(origin, alike) > cosine(origin, other) + 0.1


@settings(derandomize=True, database=None, max_examples=60, deadline=None)
@given(st.text(max_size=300))
async def test_every_text_has_a_vector_of_length_one(text: str) -> None:
    vector = (await LocalEmbedder().embed([text]))[0]
    assert len(vector) == EMBEDDING_DIMENSIONS
    assert math.isclose(cosine(vector, vector), 1.0, rel_tol=1e-9)


async def test_order_is_kept_and_no_text_is_no_vector() -> None:
    both = await LocalEmbedder().embed(["one", "two"])
    assert both[1] == (await LocalEmbedder().embed(["two"]))[0]
    assert await LocalEmbedder().embed([]) == []


async def test_a_huge_text_takes_no_longer_than_a_long_one() -> None:
    began = time.perf_counter()
    await LocalEmbedder().embed(["word " * 1_000_000])
    assert time.perf_counter() - began < 1
