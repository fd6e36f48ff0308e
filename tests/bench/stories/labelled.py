"""The labelled set: reports, what becomes of them, and what only looks like them. The rules: docs/stories.md.

From the corpus' real items (read where they lie), invented Chinese reports, invented pairs on one event, and forms that
are filled in anew. Everything that is drawn by chance is drawn from a seed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from random import Random

from feedwatch.errors import DocumentError
from feedwatch.model import Item, Report, SourceTraits
from feedwatch.normalize import normalize
from feedwatch.parse import parse
from tests.bench.stories.forms import FORMS
from tests.bench.stories.transformations import NEGATIVE, POSITIVE, Draft, own_text
from tests.bench.stories.written import chinese_reports, pairs_on_one_event
from tests.corpus import corpus_dir

NOW = datetime(2026, 1, 1, tzinfo=UTC)
_LEAST_WORDS = 60
_MOST_LETTERS = 12_000
_A_FEED = 5
_NEIGHBOURS_A_FEED = 4
_FILLED = 8
_RUBRICS = 30
_RUN = 3
_LEAST_SHARED = 0.12
_MOST_SHARED = 0.4
_START = datetime(2026, 1, 5, tzinfo=UTC)
# Neighbours within a feed that are one text all the same, or that a person could call so: in neither list of pairs.
_NO_NEIGHBOURS = frozenset(
    {
        "A Rock Is Trapped Light", "AION", "AION (EU)", "Dead By Daylight", "Halo Infinite", "League of Legends",
        "Once Human",
        "Adding Basic Stubs to Assembly Language on the Commodore VIC-20", "Polypolyhedra in Origami",
        "The Rich Should Decide",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, and whether they are copies of one text."""

    kind: str
    is_copy: bool
    one: Report
    other: Report


@dataclass(frozen=True, slots=True)
class Told:
    """A report in the stream of all of them, and the number of the story that it tells."""

    report: Report
    story: int
    kind: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One half of the set: pairs, and the same reports as a stream in order of time."""

    pairs: tuple[Pair, ...]
    stream: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class _Original:
    draft: Draft
    feed: str
    story: int
    published_at: datetime


def corpus_items() -> list[tuple[str, Item]]:
    """Each item of the real feeds, with the name of its feed. Needs the corpus."""
    folder = corpus_dir()
    if folder is None:
        raise SystemExit("There is no corpus: put one beside the project, or name its folder in FEEDWATCH_CORPUS.")
    items: list[tuple[str, Item]] = []
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        source = SourceTraits(url=f"https://{path.name[:12]}.example/feed")
        try:
            document = parse(path.read_bytes(), content_type=None, url=source.url)
        except DocumentError:
            continue
        items += [
            (path.name, normalize(entry, source, document_language=document.language, fetched_at=NOW))
            for entry in document.entries
        ]
    return items


def build(is_held_out: bool, items: Sequence[tuple[str, Item]], seed: int = 4) -> LabelledSet:
    """The training half or the held-out one: no feed, Chinese report, event or form is in both."""
    rng = Random(f"{seed} {is_held_out}")
    originals = _originals(is_held_out, items)
    pairs: list[Pair] = []
    stream: list[Told] = []
    background = _background(is_held_out, items, originals)
    for original in originals:
        report = _report(original.draft, original.feed, original.published_at)
        stream.append(Told(report, original.story, "original"))
        for kind, copy, is_copy in _altered(original, background[original.draft.is_chinese], rng):
            pairs.append(Pair(kind, is_copy, report, copy))
            stream.append(Told(copy, original.story if is_copy else len(stream) + 1_000_000, kind))
    negatives = [*_neighbours(is_held_out, items), *_events(is_held_out), *_filled(is_held_out, rng)]
    negatives += _rubrics(background, rng)
    pairs += negatives
    known = {told.report.text for told in stream if told.kind == "original"}
    for pair in negatives:
        for report in (pair.one, pair.other):
            if report.text not in known:
                known.add(report.text)
                stream.append(Told(report, len(stream) + 2_000_000, pair.kind))
    return LabelledSet(tuple(pairs), tuple(sorted(stream, key=lambda told: told.report.published_at)))


def in_held_out_half(name: str) -> bool:
    """Which half a feed belongs to: by a hash of its name, so that it is chance and stays."""
    return bool(blake2b(name.encode()).digest()[0] & 1)


def _originals(is_held_out: bool, items: Sequence[tuple[str, Item]]) -> list[_Original]:
    by_feed: defaultdict[str, dict[str, Item]] = defaultdict(dict)
    for feed, item in items:
        if in_held_out_half(feed) == is_held_out and len(item.text.split()) > _LEAST_WORDS and item.title:
            by_feed[feed].setdefault(item.text, item)
    drafts: list[tuple[str, Draft]] = []
    for feed, by_text in by_feed.items():
        own = [item for item in by_text.values() if item.title not in _NO_NEIGHBOURS and len(item.text) < _MOST_LETTERS]
        runs = {text: _runs(text) for text in by_text}
        own = [item for item in own if _is_its_own(item.text, runs)]
        drafts += [(feed, Draft(item.title, tuple(item.text.split("\n")))) for item in own[:_A_FEED]]
    drafts += [
        (f"zh{at}", Draft(title, tuple(text.split("\n")), is_chinese=True))
        for at, (title, text) in enumerate(chinese_reports())
        if bool(at % 2) == is_held_out
    ]
    return [
        _Original(draft, feed, story, _START + timedelta(minutes=40 * story))
        for story, (feed, draft) in enumerate(drafts)
    ]


def _is_its_own(text: str, runs: dict[str, set[tuple[str, ...]]]) -> bool:
    """Whether most of a text stands in no other one of its feed: a block of links tells of nothing."""
    own = runs[text]
    return all(len(own & other) < _MOST_SHARED * len(own) for name, other in runs.items() if name != text)


def _background(
    is_held_out: bool, items: Sequence[tuple[str, Item]], originals: Sequence[_Original]
) -> dict[bool, list[Draft]]:
    """What else there is to fill a piece with, by whether it is Chinese: texts that stand in no pair themselves."""
    used = {original.draft.text for original in originals}
    english = {
        item.text: Draft(item.title, tuple(item.text.split("\n")))
        for feed, item in items
        if in_held_out_half(feed) == is_held_out and item.text not in used and len(item.text.split()) > _LEAST_WORDS
    }
    chinese = [
        Draft(title, tuple(text.split("\n")), is_chinese=True)
        for at, pair in enumerate(pairs_on_one_event())
        for title, text in pair
        if bool(at % 2) != is_held_out and not title.isascii()
    ]
    return {False: list(english.values()), True: chinese}


def _altered(original: _Original, others: Sequence[Draft], rng: Random) -> Iterator[tuple[str, Report, bool]]:
    for is_copy, transformations in ((True, POSITIVE), (False, NEGATIVE)):
        for kind, transform in transformations.items():
            altered = transform(original.draft, rng, others)
            if altered is None:
                continue
            hours = rng.uniform(0, 20 if kind in {"updated figures", "combined"} else 44)
            at = original.published_at + timedelta(hours=hours)
            yield kind, _report(altered, f"{kind} of {original.feed}", at), is_copy


def _neighbours(is_held_out: bool, items: Sequence[tuple[str, Item]]) -> Iterator[Pair]:
    """Different items of one feed with the most in common: descriptions with one block of links, series, forms."""
    by_feed: defaultdict[str, dict[str, Item]] = defaultdict(dict)
    for feed, item in items:
        if in_held_out_half(feed) == is_held_out and item.title not in _NO_NEIGHBOURS:
            by_feed[feed].setdefault(item.text, item)
    for feed, by_text in by_feed.items():
        runs = [(item, _runs(item.text)) for item in by_text.values() if len(item.text.split()) >= 20]
        found = []
        for at, (one, left) in enumerate(runs):
            for other, right in runs[at + 1 :]:
                if (share := len(left & right) / max(min(len(left), len(right)), 1)) > _LEAST_SHARED:
                    found.append((share, one.title, other.title, one, other))
        for _, _, _, one, other in sorted(found, key=lambda row: row[:3], reverse=True)[:_NEIGHBOURS_A_FEED]:
            reports = [
                Report(item.title, item.text, item.language, item.url, source_number(feed), item.published_at)
                for item in (one, other)
            ]
            yield Pair("neighbour in its feed", False, reports[0], reports[1])


def _events(is_held_out: bool) -> Iterator[Pair]:
    for at, pair in enumerate(pairs_on_one_event()):
        if bool(at % 2) == is_held_out:
            one, other = (
                _report(
                    Draft(title, tuple(text.split("\n")), is_chinese=not title.isascii()),
                    f"event {at}{side}",
                    _START + timedelta(hours=at + side),
                )
                for side, (title, text) in enumerate(pair)
            )
            yield Pair("same event", False, one, other)


def _filled(is_held_out: bool, rng: Random) -> Iterator[Pair]:
    """One form filled in on several days, in one source and in several."""
    for at, form in enumerate(FORMS):
        if bool(at % 2) != is_held_out:
            continue
        drafts = [form(rng) for _ in range(_FILLED)]
        reports = [
            _report(
                Draft(title, tuple(text.split("\n")), is_chinese=not text.isascii()),
                f"form {at}" if day % 2 else f"form {at} day {day}",
                _START + timedelta(days=day, minutes=at),
            )
            for day, (title, text) in enumerate(drafts)
        ]
        for day, one in enumerate(reports):
            for other in reports[day + 1 :]:
                yield Pair("one form, filled in anew", False, one, other)


def _rubrics(background: dict[bool, list[Draft]], rng: Random) -> Iterator[Pair]:
    """Different texts under one headline, on one day."""
    headlines = (
        (False, "Letters to the editor: your views"),
        (False, "Morning briefing"),
        (True, "今日要闻速览：五分钟看天下"),
    )
    for number in range(_RUBRICS):
        is_chinese, title = headlines[number % len(headlines)]
        at = _START + timedelta(days=20 + 3 * number)
        texts = [own_text(rng, background[is_chinese], 300 if is_chinese else 900) for _ in range(2)]
        one, other = (
            _report(Draft(title, tuple(text), is_chinese), f"rubric {number} {side}", at)
            for side, text in enumerate(texts)
        )
        yield Pair("same headline", False, one, other)


def _report(draft: Draft, source: str, published_at: datetime) -> Report:
    number = source_number(source)
    return Report(
        draft.title, draft.text, "zh" if draft.is_chinese else "en", f"https://s{number}.example/{hash_of(draft)}",
        number, published_at,
    )  # fmt: skip


def hash_of(draft: Draft) -> str:
    """A name for a draft in its URL."""
    return blake2b(f"{draft.title}\n{draft.text}".encode(errors="replace"), digest_size=6).hexdigest()


def source_number(name: str) -> int:
    """A source id for a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return set(zip(*(words[at:] for at in range(_RUN)), strict=False))
