"""The watchlists on their way to the workers: a file of all, and a file for each change after it.

A worker reads each once. So a change costs what changed, however many queries there are, and the documents that are
being read meanwhile go on with what they began with.
"""

from __future__ import annotations

import gc
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from feedwatch.match import Matcher
from feedwatch.model import Rarity, WatchlistDef

if TYPE_CHECKING:
    from pathlib import Path

Versioned = tuple[WatchlistDef, int]

_MOST_CHANGES = 100
"""Files of changes after which all is written anew: a worker that is started late reads each."""


@dataclass(frozen=True, slots=True)
class WatchlistFiles:
    """What a document is matched with: files that `WatchlistDesk` wrote. Goes to a worker with each document."""

    base: Path
    changes: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    watchlists: list[Versioned]
    dropped: list[str]
    rarity: Rarity | None


class WatchlistDesk:
    """Writes the files into a folder of its own, and knows which watchlists they come to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0
        self._former: tuple[WatchlistFiles, ...] = ()
        self.versions: dict[str, int] = {}
        """By name, of the watchlists that are matched now."""
        self.state = ""
        """Tells what is matched now from anything else; as the caller said it."""
        self.files = self.use([], Rarity(), state="")

    def use(self, watchlists: list[Versioned], rarity: Rarity, *, state: str) -> WatchlistFiles:
        """Match with these from now on."""
        self.versions = {definition.name: version for definition, version in watchlists}
        if self._written:
            self._forget_all_but(self.files)
        self.files = WatchlistFiles(self._write((watchlists, rarity)))
        self.state = state
        return self.files

    def _forget_all_but(self, last: WatchlistFiles) -> None:
        """Delete the files that no document on its way can name: those before the last."""
        for files in self._former:
            for path in (files.base, *files.changes):
                path.unlink(missing_ok=True)
        self._former = (last,)

    def wants_all(self, change_count: int) -> bool:
        """Whether so many changes are told better by `use` than by `change`."""
        return len(self.files.changes) >= _MOST_CHANGES or 2 * change_count > len(self.versions)

    def change(
        self, watchlists: list[Versioned], dropped: list[str], rarity: Rarity | None = None, *, state: str
    ) -> WatchlistFiles:
        """Match with these too, or in place of what had their names, and without the dropped ones."""
        self.versions = {name: version for name, version in self.versions.items() if name not in dropped}
        self.versions |= {definition.name: version for definition, version in watchlists}
        written = self._write(_Change(watchlists, dropped, rarity))
        self.files = WatchlistFiles(self.files.base, (*self.files.changes, written))
        self.state = state
        return self.files

    def _write(self, content: object) -> Path:
        self._written += 1
        path = self._folder / f"watchlists-{self._written}.pickle"
        path.write_bytes(pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL))
        return path


class _Held:
    """The matcher that this process has made last."""

    base: Path | None = None
    changes = 0
    matcher = Matcher([])
    watchlists: ClassVar[dict[str, Versioned]] = {}
    """What it matches, by name."""


def matcher_of(files: WatchlistFiles) -> Matcher:
    """The matcher for these files, in this process; what was read for an earlier document is not read again.

    A document that was sent before a change, and is read after one that was sent later, is matched as the later was.
    """
    if files.base != _Held.base:
        watchlists, rarity = _read(files.base)
        _take(watchlists, rarity)
        _Held.base, _Held.changes = files.base, 0
    for path in files.changes[_Held.changes :]:
        change: _Change = _read(path)
        _Held.matcher = _Held.matcher.changed(change.watchlists, change.dropped, change.rarity)
        _Held.watchlists = {name: kept for name, kept in _Held.watchlists.items() if name not in change.dropped}
        _Held.watchlists |= {versioned[0].name: versioned for versioned in change.watchlists}
        _Held.changes += 1
    return _Held.matcher


def _take(watchlists: list[Versioned], rarity: Rarity) -> None:
    """Match these from now on. Most are matched already where it is the number of changes that made all be written."""
    before = _Held.watchlists
    now = {versioned[0].name: versioned for versioned in watchlists}
    new = [versioned for name, versioned in now.items() if before.get(name) != versioned]
    if 2 * len(new) < len(now):
        _Held.matcher = _Held.matcher.changed(new, before.keys() - now.keys(), rarity)
    else:
        _Held.matcher = Matcher(watchlists, rarity)
    _Held.watchlists = now
    # What is held now stays: the collector of circles shall look for the former matcher once, and then never at it.
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _read(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301 - our own file, in a folder of our own
