"""One story told once, from the wire to the digest: copies of a report join, translations are related, and a restart
forgets nothing. A real server, real workers and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feedwatch.jobs.context import open_context
from feedwatch.jobs.digest import make_due_editions
from feedwatch.jobs.housekeeping import keep_house
from feedwatch.jobs.poll import CycleReport, poll_due
from feedwatch.jobs.provision import provision
from feedwatch.settings import Settings
from feedwatch.store import Store, tables
from feedwatch.store.editions import list_editions
from feedwatch.store.items import ItemFilter, list_stories
from tests.httpserver import Document, FeedServer
from tests.integration.jobs.newsroom import Clock

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
REPORT = (
    "GUANGZHOU, Nov. 25 (Canton Wire) -- The Huangpu River flood gates at Nansha were opened for the first time on "
    "Wednesday after 14 months of work that cost 3.6 billion yuan, the provincial water department said.",
    "Director Chen Guoliang told reporters that the 9 gates can be closed within 22 minutes, and that they protect "
    "some 470,000 people in the low parts of Nansha and Panyu from storm surges in the typhoon season.",
    "Engineers had moved the foundations twice because the river bed turned out to be softer than the surveys of 2023 "
    "had shown. Fishing boats and ferries pass on the eastern side until the lock is finished in March.",
    "The gates belong to a plan under which the Greater Bay Area is to spend 58 billion yuan on its sea defences by "
    "2035.",
)
ORIGINAL = (
    "11月25日，省水利厅宣布，历时14个月、投资36亿元的南沙黄埔水道防潮闸首次开启。",
    "省水利厅厅长陈国良介绍，9座闸门可在22分钟内关闭，可保护南沙、番禺低洼地区约47万人免受台风季节风暴潮侵袭。",
    "由于河床比2023年勘测结果更软，工程人员两次调整基础位置。船闸明年3月完工前，渔船和渡轮从东侧通过。",
    "根据规划，到2035年粤港澳大湾区将投入580亿元用于海堤防御。",
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def rss(title: str, html: str, *, link: str, language: str = "en", at: datetime = NOON, more: str = "") -> bytes:
    """A feed of one item."""
    date = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return (
        f"<rss version='2.0'><channel><title>A paper</title><language>{language}</language>{more}<item>"
        f"<title>{escape(title)}</title><link>{link}</link><pubDate>{date}</pubDate>"
        f"<description>{escape(html)}</description></item></channel></rss>"
    ).encode()


WHOLE = rss("Flood gates at Nansha open", paragraphs(*REPORT), link="https://canton.example/1")
COPY = rss(  # another headline, no dateline, a footer
    "Sea wall: first test passed",
    paragraphs(REPORT[0].partition(" -- ")[2], *REPORT[1:], "Harbour Post, all rights reserved. Write to us."),
    link="https://harbour.example/a/2",
    at=NOON + timedelta(hours=2),
)
TEASER = rss(
    "Nansha gates open",
    paragraphs(" ".join(" ".join(REPORT[:2]).split()[:45]) + "…"),
    link="https://brief.example/n/3",
    at=NOON + timedelta(hours=1),
)
CHINESE = rss("南沙防潮闸首次开启", paragraphs(*ORIGINAL), link="https://nanfang.example/4", language="zh-CN")
OTHER = rss(
    "Ferries to Nansha stay slow",
    paragraphs(
        "Ferries from Hong Kong to Nansha will need twenty minutes longer until spring, the operator said on Tuesday.",
        "Passengers are asked to allow for the detour when they book a train onwards from Qingsheng station.",
    ),
    link="https://canton.example/5",
)


@dataclass(slots=True)
class Desk:
    """Sources named by their paths on one server."""

    server: FeedServer
    store: Store
    clock: Clock
    settings: Settings
    context: Any

    async def poll(self, **bodies: bytes) -> CycleReport:
        """Serve the documents and poll every source now."""
        for name, body in bodies.items():
            self.server.documents[f"/{name}"] = Document(body=body)
        return await poll_due(self.context, names=[source.name for source in self.settings.sources])

    def stories(self) -> list[set[str]]:
        """The titles of each story's items, by the story's age."""
        query = sa.select(tables.Item.story_id, tables.Item.title).order_by(tables.Item.story_id)
        titles: dict[int, set[str]] = {}
        with self.store.read() as session:
            for story_id, title in session.execute(query):
                titles.setdefault(story_id, set()).add(title)
        return list(titles.values())


OpenDesk = Callable[..., AbstractAsyncContextManager[Desk]]
NAMES = ("canton", "harbour", "brief", "nanfang")


@pytest.fixture
def open_desk(store: Store, tmp_path: Path, server: FeedServer) -> OpenDesk:
    @asynccontextmanager
    async def open_it(
        now: datetime = NOON, sources: dict[str, Any] | None = None, **sections: Any
    ) -> AsyncIterator[Desk]:
        settings = Settings.model_validate({
            "data_dir": str(tmp_path),
            "fetch": {"allow_private_hosts": ["127.0.0.1"]},
            "poll": {"workers": 1},
            "watchlists": [{"name": "Bay", "terms": ["Greater Bay Area", "粤港澳大湾区"]}],
            "subscribers": [{"name": "Ann", "email": "ann@example.org", "subscriptions": [{"schedule": "hourly"}]}],
            "sources": [
                {"name": name, "title": name.title(), "url": server.url(f"/{name}")} | (sources or {}).get(name, {})
                for name in NAMES
            ],
            **sections,
        })  # fmt: skip
        clock = Clock(now)
        for name in NAMES:
            server.documents.setdefault(f"/{name}", Document(body=b"<rss version='2.0'><channel/></rss>"))
        provision(store, settings, clock())
        async with open_context(settings, store) as context:
            context.clock, context.chance = clock, lambda: 0.5
            yield Desk(server, store, clock, settings, context)

    return open_it


async def test_copies_polled_together_are_one_story(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        report = await desk.poll(canton=WHOLE, harbour=COPY, brief=TEASER)
        assert desk.stories() == [{"Flood gates at Nansha open", "Sea wall: first test passed", "Nansha gates open"}]
        assert (report.new_items, report.new_stories) == (3, 1)


@pytest.mark.parametrize("order", [("canton", "brief", "harbour"), ("brief", "canton", "harbour")])
async def test_copies_that_come_after_a_restart_join(open_desk: OpenDesk, order: tuple[str, ...]) -> None:
    documents = {"canton": WHOLE, "brief": TEASER, "harbour": COPY}
    for day, name in enumerate(order):
        async with open_desk(NOON + timedelta(days=day)) as desk:
            await desk.poll(**{name: documents[name]})
    assert len(desk.stories()) == 1


async def test_another_report_is_another_story(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.poll(canton=WHOLE, brief=OTHER)
        assert [len(titles) for titles in desk.stories()] == [1, 1]


async def test_a_copy_that_comes_after_the_window_is_a_story_of_its_own(open_desk: OpenDesk) -> None:
    async with open_desk(stories={"window": "3d"}) as desk:
        await desk.poll(canton=WHOLE)
        desk.clock.now += timedelta(days=3, minutes=1)
        await desk.poll(harbour=COPY)
        assert [len(titles) for titles in desk.stories()] == [1, 1]


async def test_a_translation_is_related_and_told_of(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.poll(canton=WHOLE, nanfang=CHINESE)
        assert [len(titles) for titles in desk.stories()] == [1, 1]
        with desk.store.read() as session:
            rows = list_stories(session, ItemFilter(), 10)
        told = {row.title: [(related.title, related.language) for related in row.related] for row in rows}
        assert told == {
            "Flood gates at Nansha open": [("南沙防潮闸首次开启", "zh-Hans-CN")],
            "南沙防潮闸首次开启": [("Flood gates at Nansha open", "en")],
        }
        assert [edition.story_count for edition in await make_due_editions(desk.context)] == [2]
        with desk.store.read() as session:
            (edition,) = list_editions(session)
        assert "In Chinese: 南沙防潮闸首次开启 (Nanfang)" in edition.text


async def test_a_translation_is_related_by_the_copy_that_tells_enough(open_desk: OpenDesk) -> None:
    title = "Flood gates at Nansha open"
    teaser = rss(
        title, paragraphs("The Huangpu River flood gates at Nansha were opened."), link="https://brief.example/3"
    )
    async with open_desk() as desk:
        related = []
        for documents in ({"brief": teaser}, {"nanfang": CHINESE}, {"canton": WHOLE}):
            await desk.poll(**documents)
            with desk.store.read() as session:
                rows = list_stories(session, ItemFilter(), 10)
            related.append({row.item_count: len(row.related) for row in rows})
        assert related == [{1: 0}, {1: 0}, {2: 1, 1: 1}]


async def test_a_page_that_names_where_it_was_copied_from_joins_its_story(open_desk: OpenDesk) -> None:
    """By rel=canonical alone: the two texts have nothing in common."""
    page = (
        "<html><head><link rel=canonical href='https://canton.example/1?utm_source=x'></head><body><article>"
        + paragraphs(*OTHER_TEXT)
        + "</article></body></html>"
    )
    async with open_desk(sources={"harbour": {"full_text": True}}) as desk:
        desk.server.documents["/page"] = Document(body=page.encode(), content_type="text/html")
        await desk.poll(canton=WHOLE)
        await desk.poll(harbour=rss("Retold", "<p>In short.</p>", link=desk.server.url("/page")))
        assert [len(titles) for titles in desk.stories()] == [2]


OTHER_TEXT = (
    "Nobody on the quay had believed that the huge doors would move at all, and then they did, within the time it "
    "takes to drink a cup of tea, while a brass band from Panyu played and children counted the seconds aloud.",
    "What remains is the lock, which the boatmen have been waiting for since last autumn, and the question of who pays "
    "for the fuel that their detour costs them every day, which nobody from the city wanted to answer.",
)


async def test_what_was_forgotten_does_not_come_back(open_desk: OpenDesk) -> None:
    retention = {"items": "30d", "matched": "60d"}
    async with open_desk(retention=retention) as desk:
        await desk.poll(canton=WHOLE, brief=OTHER)
        assert len(await make_due_editions(desk.context)) == 1
        desk.clock.now += timedelta(days=31)
        assert (await keep_house(desk.context)).items == 1
        assert desk.stories() == [{"Flood gates at Nansha open"}]  # it matched, and is kept for longer
        changed = OTHER.replace(b"<title>A paper</title>", b"<title>The same paper</title>")
        await desk.poll(brief=changed + b" ")
        assert desk.stories() == [{"Flood gates at Nansha open"}]


async def test_a_source_switches_a_rule_off(open_desk: OpenDesk) -> None:
    tail = rss("Gates", paragraphs(*REPORT[1:], "#Nansha #gates #sea"), link="https://brief.example/9")
    async with open_desk(sources={"brief": {"rules_off": ["hashtags"]}}) as desk:
        await desk.poll(brief=tail)
        with desk.store.read() as session:
            (text,) = session.scalars(sa.select(tables.Item.text)).all()
        assert text.endswith("#Nansha #gates #sea")


@pytest.mark.parametrize("images", [True, False])
async def test_pictures_are_kept_or_not(open_desk: OpenDesk, images: bool) -> None:
    html = paragraphs(*REPORT) + "<p><img src='https://canton.example/gate.jpg' alt='A gate'></p>"
    async with open_desk(items={"images": images}) as desk:
        await desk.poll(canton=rss("Gates", html, link="https://canton.example/8"))
        with desk.store.read() as session:
            (stored,) = session.scalars(sa.select(tables.Item)).all()
        assert ("gate.jpg" in stored.html, "gate.jpg" in stored.image) == (images, images)
        assert ('loading="lazy"' in stored.html) == images
