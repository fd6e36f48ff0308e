"""A histogram drawn in text: a line a period, its bar to an eighth of a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedwatch.digest.columns import columns

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL = "█"


def bars(counts: Sequence[tuple[str, int]], width: int) -> Iterator[str]:
    """One line each, none wider than `width` columns: the label, a bar as long as its count among all, and the count.

    What is above 0 has at least an eighth of a column.
    """
    most = max((count for _, count in counts), default=0)
    label_width = max((columns(label) for label, _ in counts), default=0)
    number_width = len(f"{most:,}")
    room = max(width - label_width - number_width - 4, 1)
    for label, count in counts:
        eighths = max(round(8 * room * count / most), 1) if count else 0
        bar = _FULL * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
        padding = " " * (label_width - columns(label))
        yield f"{label}{padding}  {count:>{number_width},}  {bar}".rstrip()
