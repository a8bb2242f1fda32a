"""Ranks files for one lead; only what the lead can open is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sales_agent.connectors.files.reader import FileEntry


@dataclass(frozen=True, slots=True)
class RankAssets:
    """Files inside the allowed folders and what is looked for.

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
