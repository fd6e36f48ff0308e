"""Precision and recall over the threshold, as a picture that the bench draws itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_WIDTH, _HEIGHT, _LEFT, _TOP = 560, 300, 52, 30
_PLOT_WIDTH, _PLOT_HEIGHT = 480, 210
_LINES = (("precision", "#2563eb"), ("recall", "#c2410c"))


class Point(NamedTuple):
    """What a threshold would give."""

    threshold: float
    precision: float
    recall: float


def draw(points: Sequence[Point], chosen: float, title: str, least: float = 0.8) -> str:
    """An SVG of both lines from `least` to 1, with the chosen threshold marked."""
    first, last = points[0].threshold, points[-1].threshold

    def x(threshold: float) -> float:
        return round(_LEFT + (threshold - first) / (last - first) * _PLOT_WIDTH, 1)

    def y(share: float) -> float:
        return round(_TOP + (1 - max(share, least)) / (1 - least) * _PLOT_HEIGHT, 1)

    bottom = _TOP + _PLOT_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12" fill="#1f2937">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="18" font-weight="bold">{title}</text>',
    ]
    for step in range(5):
        share = least + (1 - least) * step / 4
        parts.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + _PLOT_WIDTH}" y1="{y(share)}" y2="{y(share)}" stroke="#e5e7eb"/>'
            f'<text x="{_LEFT - 8}" y="{y(share) + 4}" text-anchor="end">{share:.2f}</text>'
        )
    for point in points[::2]:
        label = f'<text x="{x(point.threshold)}" y="{bottom + 18}" text-anchor="middle">{point.threshold:.2f}</text>'
        parts.append(label)
    parts.append(
        f'<line x1="{x(chosen)}" x2="{x(chosen)}" y1="{_TOP}" y2="{bottom}" stroke="#6b7280" stroke-dasharray="4 3"/>'
        f'<text x="{x(chosen) + 5}" y="{bottom - 8}" fill="#6b7280">chosen: {chosen:.2f}</text>'
        f'<text x="{_LEFT + _PLOT_WIDTH / 2}" y="{bottom + 40}" text-anchor="middle">least share of the shorter text '
        "that the longer must have</text>"
    )
    for at, (name, colour) in enumerate(_LINES):
        line = " ".join(f"{x(point.threshold)},{y(getattr(point, name))}" for point in points)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{_LEFT + _PLOT_WIDTH - 70}" y="{bottom - 50 + 18 * at}" fill="{colour}">{name}</text>'
        )
    return "\n".join((*parts, "</svg>", ""))
