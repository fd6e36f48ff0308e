"""One item, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from feedwatch.cli.common import local, plural, stdout
from feedwatch.digest.languages import language_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedwatch.store.items import ItemDetail, RelatedStory, StoryDetail


def show_item_whole(detail: ItemDetail, story: StoryDetail | None) -> None:
    """Its title, what is known of it, and its text, the matched terms marked."""
    spans = [span for _, _, _, spans in detail.matches for span in spans]
    title = [(span.start, span.end) for span in spans if span.field == "title"]
    stdout.print(marked(detail.row.title, title, "bold"), soft_wrap=not stdout.is_terminal)
    for fact in filter(None, _facts(detail, story)):
        stdout.print(Text(fact, style="dim"), soft_wrap=True)
    stdout.print()
    text = marked(detail.text, [(span.start, span.end) for span in spans if span.field == "text"])
    stdout.print(text, soft_wrap=not stdout.is_terminal)


def marked(text: str, spans: Iterable[tuple[int, int]], style: str = "") -> Text:
    """The text with the spans marked as matched."""
    shown = Text(text, style=style)
    for start, end in spans:
        shown.stylize("bold black on yellow", start, end)
    return shown


def also_in(related: RelatedStory) -> str:
    """`Chinese: TITLE (story 12, Xinhua)`."""
    sources = related.sources[0] if len(related.sources) == 1 else plural(len(related.sources), "source")
    return f"{language_name(related.language)}: {related.title} (story {related.story_id}, {sources})"


def _facts(detail: ItemDetail, story: StoryDetail | None) -> Iterator[str]:
    row = detail.row
    yield f"{row.source}, {local(row.published_at)} (time from: {row.published_from}), {row.language}"
    yield f"the document dated it {detail.doubted_date!r}, which was not believed" if detail.doubted_date else ""
    yield row.url
    for label, value in (
        ("copy of: ", detail.canonical),
        ("taken over from: ", detail.origin),
        ("filed in: ", detail.place),
        ("by ", ", ".join(detail.authors)),
        ("tags: ", ", ".join(detail.tags)),
        ("comments: ", detail.comments),
        ("picture: ", detail.image),
    ):
        yield label + value if value else ""
    for file in detail.enclosures:
        yield f"file: {file.url}" + (f" ({file.type})" if file.type else "")
    earlier = f" (what changed: feedwatch items {row.id} --history)" if row.revision > 1 else ""
    yield f"story {row.story_id}, revision {row.revision}{earlier}"
    yield _elsewhere(detail, story) if story else ""
    for related in detail.related:
        yield f"also in {also_in(related)}"
    for name, score, queries, _ in detail.matches:
        yield f"matched by {name!r} ({score:.2f}): {', '.join(queries)}"


def _elsewhere(detail: ItemDetail, story: StoryDetail) -> str:
    """Where else the story ran: `also in 4 sources: Xinhua (item 5), ...`; empty where it ran nowhere else.

    "Told again" is what its own source alone repeated.
    """
    others = [member for member in story.items if member.item_id != detail.row.id]
    if not others:
        return ""
    places = ", ".join(f"{member.source or member.source_name} (item {member.item_id})" for member in others)
    own = next((member.source_name for member in story.items if member.item_id == detail.row.id), "")
    sources = {member.source_name for member in others} - {own}
    if not sources:
        return f"told again: {places}"
    return f"also in {places}" if len(others) == 1 else f"also in {plural(len(sources), 'source')}: {places}"
