"""What many measurements say together: the median, and how far they lie apart."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A median with the least and the greatest it was made of."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.least)}-{_short(self.most)})"


def figure(values: Sequence[float]) -> Figure:
    """The figure of these measurements, of which there must be one."""
    return Figure(statistics.median(values), min(values), max(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """How many times theirs is ours, round by round: what lay side by side in time is compared."""
    return figure([mine / other for mine, other in zip(ours, theirs, strict=True)])


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The value below which so many of the (sorted) values lie; 0 for none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _short(value: float) -> str:
    """Three digits that count."""
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004
