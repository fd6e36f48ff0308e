"""The watchlists that a matcher holds, and how a change of some of them becomes a matcher that shares the rest."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from feedwatch.model import Rarity, WatchlistDef

from .compile import ReadyWatchlist
from .found import Leaf
from .leaves import Leaves, sought_phrase
from .scarcity import cost_by, rarity_of
from .score import NEUTRAL
from .segment import Segment
from .segments import arranged

Versioned = tuple[WatchlistDef, int]


@dataclass(frozen=True, slots=True)
class Held:
    """Watchlists ready to be matched."""

    live: Mapping[str, ReadyWatchlist]
    """By name."""
    segments: tuple[Segment, ...]
    """They hold each live watchlist once, and perhaps some that have been dropped or replaced."""
    has_dead: bool
    """Whether they hold such."""
    rarity: Rarity
    _leaves: Leaves
    _weights: dict[Leaf, float] = field(default_factory=dict)

    @classmethod
    def of(cls, watchlists: Iterable[Versioned], rarity: Rarity) -> Held:
        """Read the watchlists; of two of one name, the last."""
        leaves = Leaves()
        live = _ready(watchlists, leaves, rarity)
        return cls(live, (Segment(live.values()),), has_dead=False, rarity=rarity, _leaves=leaves)

    def changed(self, watchlists: Iterable[Versioned], dropped_names: Iterable[str], rarity: Rarity | None) -> Held:
        """With these watchlists too, or in place of what had their names, and without the dropped ones.

        A name that is both dropped and given stays.
        """
        known = self.rarity if rarity is None else rarity
        added = _ready(watchlists, self._leaves, known)
        live = dict(self.live)
        for name in dropped_names:
            live.pop(name, None)
        live |= added
        segments = arranged(self.segments, list(added.values()), live)
        has_dead = sum(len(segment.watchlists) for segment in segments) != len(live)
        weights = self._weights if rarity is None else {}
        return Held(live, segments, has_dead, known, self._leaves, weights)

    def weight(self, leaf: Leaf) -> float:
        """How rare a leaf is in the archive: 0 to 1, or NEUTRAL where that is not known."""
        if not self.rarity.documents:
            return NEUTRAL
        known = self._weights.get(leaf)
        if known is None:
            phrase = sought_phrase(leaf)
            known = self._weights[leaf] = rarity_of(phrase, self.rarity) if phrase else NEUTRAL
        return known


def _ready(watchlists: Iterable[Versioned], leaves: Leaves, rarity: Rarity) -> dict[str, ReadyWatchlist]:
    cost = cost_by(rarity)
    last = {definition.name: (definition, version) for definition, version in watchlists}
    with _collector_resting():
        return {name: ReadyWatchlist(*versioned, leaves, cost) for name, versioned in last.items()}


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Without Python's cyclic collector: what is made stays, and to look through it again and again takes a fifth of
    the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
