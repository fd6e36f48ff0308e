"""What a back-test found, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from feedwatch.cli.bars import bars
from feedwatch.cli.common import local, plural, stdout
from feedwatch.cli.item_shown import marked
from feedwatch.digest.columns import clip, columns

if TYPE_CHECKING:
    from feedwatch.jobs.backtest import BackTest, Comparison, Excluded
    from feedwatch.jobs.examples import Example

_LABELS = {"day": "%a %d %b", "week": "%d %b %Y", "month": "%b %Y", "year": "%Y"}
_WIDEST_BAR = 100
_LEAST_FOR_A_QUERY = 20
_A_YEAR = 300
"""Days from which on a date needs its year."""


def show_backtest(result: BackTest) -> None:
    """How much, when, the best and the most doubtful, which query brings what, and what is kept out."""
    stdout.print(Text(result.definition.name, style="bold"))
    for line in _summary(result):
        _line(f"  {line}")
    if not result.stories:
        return
    _head(f"Stories a {result.period_unit}")
    form = _LABELS[result.period_unit]
    width = min(stdout.width - 2, _WIDEST_BAR)
    for line in bars([(period.begins.strftime(form), period.stories) for period in result.periods], width):
        _line(f"  {line}")
    _head("The best")
    show_examples(result.best)
    if result.doubtful:
        _head("The most doubtful" if result.doubtful_stories else "Rated lowest")
        show_examples(result.doubtful)
    _shares(result)
    if result.definition.exclude:
        _excluded(result.excluded)


def show_comparison(result: Comparison, before: str, after: str) -> None:
    """What the change gains and loses."""
    _head(f"From {before} to {after}")
    change = result.after - result.before
    _line(f"  {plural(result.before, 'story', 'stories')} before, {result.after:,} after ({change:+,})")
    for what, count, examples in (
        ("gained", result.gained, result.gained_examples),
        ("lost", result.lost, result.lost_examples),
    ):
        stdout.print()
        shown = f", the best {len(examples)}:" if count > len(examples) else ":" if count else ""
        stdout.print(Text(f"  {count:,} {what}{shown}", style="bold"))
        show_examples(examples)


def show_examples(examples: Iterable[Example]) -> None:
    """A title each, with what is known of it and the passage that matched."""
    for one in examples:
        _print_indented(marked(one.title, one.title_spans, "bold"), 2)
        found_by = "; ".join(one.queries)
        _line(
            f"    {one.score:.2f}, {one.source}, {local(one.published_at)}, story {one.story_id}, by {found_by}", "dim"
        )
        if one.passage:
            _print_indented(marked(one.passage, one.passage_spans), 4)


def _summary(result: BackTest) -> Iterator[str]:
    window = f"{local(result.begins)[:10]} to {local(result.ends)[:10]}"
    yield (
        f"{window}: {plural(result.stories, 'story', 'stories')} in {plural(result.items, 'item')}, "
        f"of {plural(result.archive_items, 'item')} in the archive"
    )
    volume = result.volume
    if not result.stories or volume.busiest is None:
        return
    day = volume.busiest.begins.strftime("%a %d %b" if volume.days < _A_YEAR else "%d %b %Y")
    busiest = f"at most {volume.busiest.stories:,} ({day})"
    empty = f"none on {volume.empty_days:,} of {plural(volume.days, 'day')}" if volume.empty_days else "some every day"
    yield f"{volume.a_week:,.1f} stories a week; a subscriber gets {volume.a_day:,.1f} a day, {busiest}, {empty}"
    share = result.doubtful_stories / result.stories
    yield (
        f"{plural(result.doubtful_stories, 'story', 'stories')} doubtful ({share:.0%}): found by one query alone, "
        f"and rated below half of the median ({result.median_score:.2f})"
    )


def _shares(result: BackTest) -> None:
    if not result.shares:
        return
    _head("What each term and query brings")
    shares = sorted(result.shares, key=lambda share: -share.stories)
    width = max(_LEAST_FOR_A_QUERY, stdout.width - 34)
    widest = min(max(columns(share.written) for share in shares), width)
    _print_indented(Text(f"{'':<{widest}}  stories  alone  doubtful"), 2)
    for share in shares:
        written = clip(" ".join(share.written.split()), width)
        padding = " " * (widest - columns(written))
        _line(f"  {written}{padding}  {share.stories:>7,}  {share.alone:>5,}  {share.doubtful:>8,}")
    for share in shares:
        if share.within:
            whole = "its story is" if share.stories == 1 else f"all of its {share.stories:,} stories are"
            _line(f"  {share.written!r} adds nothing: {whole} found by {share.within!r} too")
    if result.never_matched:
        _line(f"  Never matched: {', '.join(map(repr, result.never_matched))}")


def _excluded(excluded: Excluded) -> None:
    _head(f"Kept out by exclude: {plural(excluded.stories, 'story', 'stories')}")
    for written, count in excluded.shares:
        _print_indented(Text(f"{count:>7,}  {written}{'' if count else '  (keeps nothing out)'}"), 2)
    show_examples(excluded.examples)


def _head(title: str) -> None:
    stdout.print()
    stdout.print(Text(title, style="bold"))


def _line(line: str, style: str = "") -> None:
    _print_indented(Text(line.lstrip(), style=style), len(line) - len(line.lstrip()))


def _print_indented(text: Text, indent: int) -> None:
    """Broken at this terminal's width, each line indented; in one line elsewhere, for grep."""
    if stdout.is_terminal:
        lines = text.wrap(stdout, max(stdout.width - indent, 20))
        text = Text("\n").join(Text(" " * indent) + line for line in lines)
    else:
        text = Text(" " * indent) + text
    stdout.print(text, soft_wrap=True)
