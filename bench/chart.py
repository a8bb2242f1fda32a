"""The ratios as a picture: one bar a comparison on a logarithmic scale, even with the peer in the middle."""

import math
from collections.abc import Sequence
from html import escape

from bench.report import Ratio

_ROW, _LEFT, _WIDTH, _RIGHT = 26, 460, 480, 130
# A hundred times either way fits; whatever is beyond touches the edge.
_DECADES = 2.0


def chart(ratios: Sequence[Ratio]) -> str:
    """An SVG document."""
    height = _ROW * (len(ratios) + 2)
    middle = _LEFT + _WIDTH / 2
    ticks = "".join(_tick(times, height) for times in (0.01, 0.1, 1, 10, 100))
    bars = "".join(_bar(place, found, middle) for place, found in enumerate(ratios))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + _RIGHT}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="13">'
        f'<rect width="100%" height="100%" fill="white"/>{ticks}{bars}</svg>\n'
    )


def _tick(times: float, height: int) -> str:
    x = _place(times)
    return (
        f'<line x1="{x}" y1="{_ROW}" x2="{x}" y2="{height - 6}" stroke="#d4d4d8"/>'
        f'<text x="{x}" y="17" text-anchor="middle" fill="#52525b">{times:g}x</text>'
    )


def _bar(place: int, found: Ratio, middle: float) -> str:
    top = _ROW * (place + 1) + 6
    end = _place(found.times.median)
    colour = "#0f766e" if end >= middle else "#b45309"
    return (
        f'<text x="{_LEFT - 10}" y="{top + 13}" text-anchor="end">{escape(found.what)}</text>'
        f'<rect x="{min(middle, end):.1f}" y="{top}" width="{abs(end - middle):.1f}" height="16" fill="{colour}"/>'
        f'<text x="{_LEFT + _WIDTH + 8}" y="{top + 13}">{found.times}</text>'
    )


def _place(times: float) -> float:
    """Where a ratio lies from left to right."""
    decades = max(-_DECADES, min(_DECADES, math.log10(max(times, 1e-9))))
    return _LEFT + _WIDTH * (decades + _DECADES) / (2 * _DECADES)
