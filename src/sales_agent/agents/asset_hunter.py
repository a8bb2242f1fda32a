"""Ranks files for one lead; only what the lead can open is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sales_agent.agents.base import Agent, require
from sales_agent.agents.lead_facts import LeadFacts
from sales_agent.agents.reading import ThreadReading
from sales_agent.agents.words import content_words, overlap
from sales_agent.connectors.files.reader import FileEntry

# Shared words are a surer sign than nearness of hashed vectors; what worked before tips the balance.
_WORDS_SHARE: Final = 0.6
_VECTOR_SHARE: Final = 0.4
_WORKED_BEFORE: Final = 0.25
# Below this a file has nothing to do with the lead: a poor match is worse than none.
_LEAST_SCORE: Final = 0.12
_MOST_FILES: Final = 5
_LONGEST_QUERY: Final = 2_000


@dataclass(frozen=True, slots=True)
class RankAssets:
    """Files inside the allowed folders and what is looked for (`query_text`, see `asset_query`).

    Vectors are of one model and of length 1; without them only words are compared.
    `similar_asset_ids`: files that worked for similar leads, most successful first.
    """

    files: tuple[FileEntry, ...]
    lead_address: str
    query_text: str
    similar_asset_ids: tuple[str, ...] = ()
    query_vector: Sequence[float] | None = None
    file_vectors: Mapping[str, Sequence[float]] = field(default_factory=dict[str, Sequence[float]])


@dataclass(frozen=True, slots=True)
class RankedAsset:
    """A file that may be offered. `score`: 0 to 1."""

    file_id: str
    name: str
    link: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class UnreadableAsset:
    """A file that would fit but that the lead cannot open."""

    file_id: str
    name: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class RankedAssets:
    """Files worth offering, best first, and those the lead cannot open."""

    best: tuple[RankedAsset, ...] = ()
    unreadable: tuple[UnreadableAsset, ...] = ()


def asset_query(lead: LeadFacts, reading: ThreadReading | None = None) -> str:
    """What files are looked for by: the wish, the open questions, the industry."""
    questions = tuple(question.text for question in reading.open_questions) if reading else ()
    parts = (lead.message, *questions, lead.company.get("industry", "").replace("_", " "))
    return "\n".join(part for part in parts if part)[:_LONGEST_QUERY]


def asset_text(file: FileEntry) -> str:
    """What a file is known by: its name and description; its content is not read."""
    return f"{file.name}\n{file.description}".strip()


class AssetHunter(Agent[RankAssets, RankedAssets]):
    """Words, vectors and what worked before; a file nobody shared with the lead is named, never offered."""

    def validate_input(self, request: RankAssets) -> None:
        """There must be an address whose access can be judged, and vectors of one width."""
        require(holds="@" in request.lead_address, otherwise="the lead has no address")
        vectors = [*request.file_vectors.values(), *([request.query_vector] if request.query_vector else [])]
        require(holds=len({len(vector) for vector in vectors}) <= 1, otherwise="vectors differ in width")

    async def _think(self, request: RankAssets) -> RankedAssets:
        query = content_words(request.query_text)
        ranked: list[RankedAsset] = []
        unreadable: list[UnreadableAsset] = []
        for file in request.files:
            score, reason = _judge(file, query, request)
            if score < _LEAST_SCORE:
                continue
            if file.is_readable_by(request.lead_address):
                ranked.append(RankedAsset(file.id, file.name, file.link, score, reason))
            else:
                unreadable.append(UnreadableAsset(file.id, file.name, score, "not shared with the prospect"))
        ranked.sort(key=lambda asset: (-asset.score, asset.name, asset.file_id))
        unreadable.sort(key=lambda asset: (-asset.score, asset.name, asset.file_id))
        return RankedAssets(tuple(ranked[:_MOST_FILES]), tuple(unreadable[:_MOST_FILES]))


def _judge(file: FileEntry, query: frozenset[str], request: RankAssets) -> tuple[float, str]:
    words = content_words(asset_text(file))
    shared = sorted(query & words)
    vector = request.file_vectors.get(file.id)
    score = overlap(query, words)
    if vector is not None and request.query_vector is not None:
        nearness = max(0.0, sum(a * b for a, b in zip(vector, request.query_vector, strict=True)))
        score = _WORDS_SHARE * score + _VECTOR_SHARE * nearness
    reasons = [f"about {', '.join(shared[:4])}"] if shared else []
    if file.id in request.similar_asset_ids:
        score += _WORKED_BEFORE
        reasons.append("worked for similar leads")
    return round(min(score, 1.0), 3), "; ".join(reasons) or "similar wording"
