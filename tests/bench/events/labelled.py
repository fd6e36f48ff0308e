"""The labelled set: invented news items, of which those with one name report one event.

The files of `news/` hold items parted by empty lines: a line `@ event language time site`, the headline, the text.
`~name` marks an item of another event that is close to `name`: the same people, place, topic or template.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from zlib import crc32

from feedwatch.model import Item, Report

NEWS = Path(__file__).parent / "news"


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item and its event. near: the event that it might be mistaken for, or its own."""

    event: str
    near: str
    language: str
    site: str
    published_at: datetime
    title: str
    text: str

    @property
    def is_held_out(self) -> bool:
        """Whether it is in the half that no threshold was chosen on; near events are in one half."""
        return crc32(self.near.encode()) % 2 == 0

    @property
    def is_hard(self) -> bool:
        """Whether its event is one of those without names and with few figures."""
        return self.near.startswith("h-")

    def report(self) -> Report:
        """What `is_same_event` compares. Each language of a site is a source of its own."""
        return Report(
            title=self.title,
            text=self.text,
            language=self.language,
            url=f"https://{self.site}/{self.language[:2]}/{self.event}",
            source_id=crc32(f"{self.site} {self.language}".encode()),
            published_at=self.published_at,
        )

    def item(self) -> Item:
        """What `event_keys` looks at."""
        return Item(
            guid=f"{self.event} {self.language}",
            url=self.report().url,
            title=self.title,
            text=self.text,
            html="",
            authors=(),
            tags=(),
            language=self.language,
            published_at=self.published_at,
            published_from="published",
        )


def labelled() -> list[Labelled]:
    """All items, in the order of the files."""
    return [
        _read(block)
        for path in sorted(NEWS.glob("*.txt"))
        for block in path.read_text(encoding="utf-8").strip().split("\n\n")
    ]


def pairs(items: list[Labelled]) -> list[tuple[Labelled, Labelled]]:
    """Every Chinese item beside every English one."""
    chinese = [item for item in items if item.language.startswith("zh")]
    english = [item for item in items if item.language == "en"]
    return list(product(chinese, english))


def _read(block: str) -> Labelled:
    head, title, text = block.split("\n", 2)
    _, event, language, time, site, *near = head.split()
    return Labelled(
        event=event,
        near=near[0].removeprefix("~") if near else event,
        language=language,
        site=site,
        published_at=datetime.fromisoformat(time).replace(tzinfo=UTC),
        title=title,
        text=text,
    )
