"""Port: a language model that answers in a given shape, and embeddings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sales_agent.connectors.errors import Permanent

# One width for every model, so that one column and one index serve; the model's name is stored with each vector.
EMBEDDING_DIMENSIONS = 384


class NoAnswer(Permanent):
    """The model gave no usable answer (refusal, cut off, filtered, or not of the shape asked for)."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question. `task` names the schema and chooses the template; `facts` is JSON; `version` is the prompt's."""

    task: str
    system: str
    facts: Mapping[str, object]
    schema: Mapping[str, object]
    version: str
    max_output_tokens: int = 1500


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a JSON object of the schema's shape, and what it cost in tokens."""

    data: Mapping[str, object]
    model: str
    input_tokens: int = 0
    output_tokens: int = 0


class LanguageModel(Protocol):
    """Structured answers. Raises NoAnswer, or the errors of connectors.errors."""

    async def answer(self, prompt: Prompt) -> Answer:
        """One call, one answer in the shape of `prompt.schema`."""
        ...


class Embedder(Protocol):
    """Vectors of EMBEDDING_DIMENSIONS numbers, of length 1, in the order of the texts."""

    @property
    def model(self) -> str:
        """The name stored with each vector; vectors of different models are never compared."""
        ...

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One vector a text."""
        ...
