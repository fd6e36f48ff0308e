"""Ways to find the items worth comparing: their keys an item, what they cost, and which copies meet by them.

    uv pip install rensa==0.5.0 datasketch==2.0.0     # not needed by the project; both bring or need numpy
    python -m tests.bench.stories.sketches

Over the held-out half of the labelled set. "Met" is the share of copies (pairs of one story) that share enough keys;
headlines without a text, and teasers, are counted apart. "In vain" are pairs of different stories that do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import combinations
from time import process_time
from typing import Any

from feedwatch.cluster.events import event_keys
from feedwatch.cluster.fold import fold_spaced
from feedwatch.cluster.scripts import fold_characters, is_unspaced
from feedwatch.cluster.sketch import near_keys
from feedwatch.model import Item, SketchKind
from tests.bench.stories.labelled import Told, build, corpus_items
from tests.bench.stories.measure import item_of

Keys = Callable[[Item], Sequence[object]]

_WORDS, _CHARACTERS = 5, 8
_PARTS = frozenset({"headline only", "teaser"})


def shingles(text: str) -> list[bytes]:
    """Runs of 5 words or 8 characters, as strings: what MinHash libraries take."""
    if is_unspaced(text):
        folded = fold_characters(text)
        return [folded[at : at + _CHARACTERS].encode() for at in range(len(folded) - _CHARACTERS + 1)]
    words = fold_spaced(text).split()
    return list(map(b" ".join, zip(*(words[at:] for at in range(_WORDS)), strict=False)))


def ours(item: Item) -> Sequence[object]:
    """The text's keys alone."""
    return [key for key in near_keys(item) if key & 3 == SketchKind.TEXT]


def banded(hashes: Sequence[int], bands: int, rows: int) -> list[object]:
    """Keys of LSH: one for each band of so many rows."""
    return [(band, tuple(hashes[band * rows : (band + 1) * rows])) for band in range(bands)]


def rensa(bands: int, rows: int) -> Keys:
    """RMinHash in bands."""
    module: Any = import_module("rensa")

    def keys(item: Item) -> list[object]:
        sketch = module.RMinHash(num_perm=bands * rows, seed=42)
        sketch.update(shingles(item.text))
        return banded(sketch.digest(), bands, rows)

    return keys


def datasketch(bands: int, rows: int) -> Keys:
    """MinHash in bands."""
    module: Any = import_module("datasketch")

    def keys(item: Item) -> list[object]:
        sketch = module.MinHash(num_perm=bands * rows, seed=42)
        sketch.update_batch(shingles(item.text))
        return banded(sketch.hashvalues.tolist(), bands, rows)

    return keys


def bottom_k(count: int) -> Keys:
    """The smallest of all shingles' hashes, by numpy: a polynomial of the bytes, summed up once for all shingles."""
    numpy: Any = import_module("numpy")
    most = 1 << 18
    factor = 0x9E3779B97F4A7C15
    powers = numpy.cumprod(numpy.full(most, factor, dtype=numpy.uint64))
    inverses = numpy.cumprod(numpy.full(most, pow(factor, -1, 1 << 64), dtype=numpy.uint64))
    leads = numpy.zeros(256, dtype=bool)
    leads[32] = True

    def keys(item: Item) -> list[object]:
        is_wide = is_unspaced(item.text)
        raw = fold_characters(item.text).encode() if is_wide else b" %b " % b" ".join(fold_spaced(item.text).split())
        codes = numpy.frombuffer(raw[:most], dtype=numpy.uint8)
        starts = numpy.flatnonzero((codes < 0x80) | (codes >= 0xC0)) if is_wide else numpy.flatnonzero(leads[codes])
        width = _CHARACTERS if is_wide else _WORDS
        if len(starts) <= width:
            return []
        sums = numpy.cumsum(codes * powers[: len(codes)])
        first, last = starts[:-width], starts[width:]
        hashed = (sums[last] - sums[first]) * inverses[first]
        hashed ^= hashed >> numpy.uint64(32)
        hashed *= numpy.uint64(0xD6E8FEB86659FD93)
        found: list[object] = numpy.sort(hashed)[:count].tolist()
        return found

    return keys


WAYS: tuple[tuple[str, Keys, int], ...] = (
    ("ours: 9 smallest words, 2 shared", ours, 2),
    ("bottom-k of all shingles, numpy, k = 9, 2 shared", bottom_k(9), 2),
    ("rensa RMinHash, 9 bands of 1, 2 shared", rensa(9, 1), 2),
    ("rensa RMinHash, 20 bands of 5, 1 shared", rensa(20, 5), 1),
    ("datasketch MinHash, 9 bands of 1, 2 shared", datasketch(9, 1), 2),
    ("datasketch MinHash, 20 bands of 5, 1 shared", datasketch(20, 5), 1),
)


def main() -> None:
    """Measure and print a table."""
    stream = build(is_held_out=True, items=corpus_items()).stream
    items = [item_of(told.report) for told in stream]
    chosen = [item for item in items if 2000 <= len(item.text) < 3000]
    print(f"{len(items):,} items; {len(chosen)} of 2,000 to 3,000 characters\n")
    print("| way | keys | us an item | us at 2,000 to 3,000 characters | met: whole | met: parts | in vain |")
    print("| --- |" + " ---: |" * 6)
    for name, keys, least in WAYS:
        found = [keys(item) for item in items]
        whole, parts, vain = _meetings(stream, found, least)
        count = sum(map(len, found)) / len(items)
        costs = f"{_cost(keys, items):.0f} | {_cost(keys, chosen):.0f}"
        print(f"| {name} | {count:.1f} | {costs} | {whole:.3f} | {parts:.3f} | {vain:,} |")
    print(f"\nevent keys: {_cost(event_keys, items):.0f} us an item; all near keys: {_cost(near_keys, items):.0f} us")


def _cost(keys: Keys, items: Sequence[Item]) -> float:
    """Microseconds of CPU an item: the best of three rounds."""
    rounds = []
    for _ in range(3):
        begun = process_time()
        for item in items:
            keys(item)
        rounds.append(process_time() - begun)
    return min(rounds) / len(items) * 1e6


def _meetings(stream: Sequence[Told], found: Sequence[Sequence[object]], least: int) -> tuple[float, float, int]:
    index: defaultdict[object, list[int]] = defaultdict(list)
    for at, keys in enumerate(found):
        for key in set(keys):
            index[key].append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for members in index.values():
        shared.update(combinations(members, 2))
    met = {pair for pair, count in shared.items() if count >= least}
    copies: defaultdict[int, list[int]] = defaultdict(list)
    for at, told in enumerate(stream):
        copies[told.story].append(at)
    pairs = [pair for members in copies.values() for pair in combinations(members, 2)]
    parts = [pair for pair in pairs if _PARTS & {stream[at].kind for at in pair}]
    whole = set(pairs).difference(parts)
    return len(whole & met) / len(whole), len(met.intersection(parts)) / len(parts), len(met) - len(met & set(pairs))


if __name__ == "__main__":
    main()
