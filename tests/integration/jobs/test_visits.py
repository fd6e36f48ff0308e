"""What a visit leaves behind: validators, redirects, rhythm, known entries, further documents. A real server, real
workers and a clock that is moved by hand."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feedwatch.jobs import workers
from feedwatch.jobs.context import open_context
from feedwatch.jobs.poll import CycleReport, PollOutcome, poll_due, take_pushed
from feedwatch.jobs.prepare import Page, Prepared, RawDocument, finish, for_all
from feedwatch.jobs.provision import provision
from feedwatch.model import Enclosure
from feedwatch.settings import Settings
from feedwatch.store import Store, tables
from feedwatch.store.items import ItemFilter, list_items, show_item
from feedwatch.store.sources import PollRow, SourceRow, list_polls, list_sources
from tests.httpserver import Document, FeedServer, redirect, unavailable
from tests.integration.jobs.newsroom import Clock

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def item(number: int, title: str = "", text: str = "", **parts: str) -> str:
    """An RSS item of the number-th hour before noon."""
    at = (NOON - timedelta(hours=number)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    fields = {
        "guid": f"g{number}",
        "link": f"https://news.example/{number}",
        "title": title or f"Story number {number}",
        "description": text or f"What is told of number {number} is told here at some length, and nowhere else.",
        "pubDate": at,
    } | parts
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)
    return f"<item>{inner}</item>"


def rss(*items: str, head: str = "") -> bytes:
    return f"<rss version='2.0'><channel><title>News</title>{head}{''.join(items)}</channel></rss>".encode()


@dataclass(slots=True)
class Desk:
    """One source named `it` at /feed of a server, and what tests do with it."""

    server: FeedServer
    store: Store
    clock: Clock
    settings: Settings
    context: Any

    def serve(self, body: bytes | Document, path: str = "/feed", **parts: Any) -> None:
        self.server.documents[path] = body if isinstance(body, Document) else Document(body=body, **parts)

    async def poll(self) -> PollOutcome:
        """Poll it now, and nothing else."""
        outcomes: list[PollOutcome] = []
        await poll_due(self.context, names=["it"], on_outcome=outcomes.append)
        (outcome,) = outcomes
        return outcome

    async def cycle(self) -> CycleReport:
        """Poll what is due."""
        return await poll_due(self.context)

    @property
    def source(self) -> SourceRow:
        with self.store.read() as session:
            (row,) = list_sources(session, ["it"])
        return row

    @property
    def last_poll(self) -> PollRow:
        with self.store.read() as session:
            return list_polls(session, "it", 1)[0]

    @property
    def titles(self) -> list[str]:
        with self.store.read() as session:
            return sorted(row.title for row in list_items(session, ItemFilter(), 1000))

    def item(self, title: str) -> Any:
        with self.store.read() as session:
            return session.scalars(sa.select(tables.Item).where(tables.Item.title == title)).one()

    def declare(self, **source: Any) -> None:
        """Say something else of the source, as a changed configuration does."""
        said = {"name": "it", "url": self.server.url("/feed")} | source
        settings = self.settings.model_copy(update={"sources": Settings.model_validate({"sources": [said]}).sources})
        provision(self.store, settings, self.clock())


OpenDesk = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def open_desk(store: Store, tmp_path: Path) -> OpenDesk:
    @asynccontextmanager
    async def open_it(
        poll: dict[str, Any] | None = None, fetch: dict[str, Any] | None = None, **source: Any
    ) -> AsyncIterator[Desk]:
        with FeedServer() as server:
            said = {"name": "it", "url": server.url("/feed")} | source
            settings = Settings.model_validate(
                {
                    "data_dir": str(tmp_path),
                    "fetch": {"allow_private_hosts": ["127.0.0.1", "localhost"], **(fetch or {})},
                    "poll": {"workers": 1, **(poll or {})},
                    "watchlists": [{"name": "Bay", "terms": ["Greater Bay Area"]}],
                    "sources": [said],
                }
            )
            clock = Clock(NOON)
            provision(store, settings, clock())
            async with open_context(settings, store) as context:
                context.clock, context.chance = clock, lambda: 0.5
                yield Desk(server, store, clock, settings, context)

    return open_it


def finish_or_die(raw: RawDocument, page: Page, *rest: Any) -> Prepared:
    """What a worker does with an article's page, unless the page says otherwise."""
    if b"STOP" in page.body:
        os._exit(1)
    return finish(raw, page, *rest)


class TestValidators:
    async def test_are_sent_back_as_they_came_and_a_304_leaves_everything_as_it_was(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1)), etag='W/"odd, \xe9"', last_modified="yesterday, more or less")
            await desk.poll()
            before = _state(desk)
            outcome = await desk.poll()
            request = desk.server.requests[-1]
            assert (outcome.status, outcome.outcome) == (304, "unchanged")
            assert request.header("If-None-Match") == 'W/"odd, \xe9"'
            assert request.header("If-Modified-Since") == "yesterday, more or less"
            assert _state(desk) == before

    async def test_that_flap_cost_no_reading(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            for number in range(3):
                desk.serve(rss(item(1)), etag=f'"{number}"')
                outcome = await desk.poll()
            assert (outcome.status, outcome.outcome, outcome.reader) == (200, "unchanged", "")
            desk.serve(rss(item(1)), etag='"2"')
            assert (await desk.poll()).status == 304

    async def test_go_to_nobody_else(self, open_desk: OpenDesk) -> None:
        """A redirect that leads elsewhere from one day to the next gets no validators of the former place."""
        async with open_desk() as desk:
            desk.serve(redirect("/one"))
            desk.serve(rss(item(1)), "/one", etag='"v1"')
            desk.serve(rss(item(2)), "/two", etag='"v1"')
            await desk.poll()
            desk.serve(redirect("/two"))
            outcome = await desk.poll()
            assert (outcome.status, outcome.result.new_items) == (200, 1)
            assert desk.server.requests[-1].header("If-None-Match") is None

    async def test_are_dropped_with_the_url(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1)), etag='"v1"')
            desk.serve(rss(item(2)), "/new", etag='"v1"')
            await desk.poll()
            desk.declare(url=desk.server.url("/new"))
            outcome = await desk.poll()
            assert (outcome.status, outcome.result.new_items) == (200, 1)

    async def test_of_a_document_that_could_not_be_read_are_not_kept(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(b"<html><title>Please log in</title></html>", content_type="text/html", etag='"login"')
            first, second = await desk.poll(), await desk.poll()
            assert (first.status, second.status) == (200, 200)
            assert "An HTML page, not a feed: “Please log in”" in (first.error or "")


def _state(desk: Desk) -> Any:
    columns = (
        "etag",
        "last_modified",
        "body_hash",
        "validators_url",
        "known_entries",
        "hints",
        "pace_s",
        "last_new_at",
    )
    with desk.store.read() as session:
        return session.execute(sa.select(*(getattr(tables.Source, name) for name in columns))).one()


async def test_what_an_entry_carries_beside_its_text_is_kept_and_shown(open_desk: OpenDesk) -> None:
    more = (
        "<comments>https://news.example/1/talk</comments><source url='https://paper.example/rss'>The Paper</source>"
        "<enclosure url='https://news.example/1.mp3' type='audio/mpeg' length='7'/>"
    )
    async with open_desk() as desk:
        desk.serve(rss(item(1).replace("</item>", f"{more}</item>")))
        await desk.poll()
        with desk.store.read() as session:
            shown = show_item(session, 1)
    assert shown is not None
    assert (shown.origin, shown.comments) == ("The Paper", "https://news.example/1/talk")
    assert shown.enclosures == (Enclosure("https://news.example/1.mp3", "audio/mpeg", 7),)


class TestPartialAnswers:
    async def test_hold_what_is_new_alone(self, open_desk: OpenDesk) -> None:
        """RFC 3229: 226 IM Used, with the entries that the client does not have."""
        async with open_desk() as desk:
            desk.serve(rss(item(2), item(3)), etag='"v1"')
            await desk.poll()
            headers = (("IM", "feed"),)
            desk.serve(Document(rss(item(1)), status=226, etag='"v2"', headers=headers))
            outcome = await desk.poll()
            assert desk.server.requests[-1].header("A-IM") == "feed"
            assert (outcome.status, outcome.result.new_items) == (226, 1)
            desk.serve(rss(item(1), item(2), item(3)), etag='"v3"')
            assert (await desk.poll()).outcome == "unchanged"


class TestMoves:
    @pytest.mark.parametrize("status", [301, 308])
    async def test_are_believed_when_they_were_seen_on_three_polls_running(
        self, open_desk: OpenDesk, status: int
    ) -> None:
        async with open_desk() as desk:
            desk.serve(redirect("/new", status))
            desk.serve(rss(item(1)), "/new", etag='"v1"')
            for _ in range(2):
                await desk.poll()
            assert desk.source.moved_to is None
            await desk.poll()
            assert desk.source.moved_to == desk.server.url("/new")
            assert "moved for good" in "".join(desk.last_poll.warnings)
            desk.server.forget()
            assert (await desk.poll()).status == 304
            assert [request.path for request in desk.server.requests] == ["/new"]
            assert desk.source.url == desk.server.url("/feed")

    @pytest.mark.parametrize("statuses", [[302] * 4, [303] * 4, [307] * 4, [301, 301, 302, 301, 301]])
    async def test_are_not_believed_otherwise(self, open_desk: OpenDesk, statuses: list[int]) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1)), "/new")
            for status in statuses:
                desk.serve(redirect("/new", status))
                await desk.poll()
            assert desk.source.moved_to is None

    async def test_that_lead_nowhere_any_more_are_taken_back(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(redirect("/new", 301))
            desk.serve(rss(item(1)), "/new")
            for _ in range(3):
                await desk.poll()
            desk.serve(Document(status=404), "/new")
            desk.serve(rss(item(1), item(2)))
            for _ in range(3):
                assert (await desk.poll()).outcome == "error"
            outcome = await desk.poll()
            assert (outcome.outcome, outcome.result.new_items) == ("new", 1)

    async def test_outlast_a_restart_of_the_configuration_and_end_with_another_url(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(redirect("/new", 301))
            desk.serve(rss(item(1)), "/new")
            for _ in range(3):
                await desk.poll()
            desk.declare()
            assert desk.source.moved_to == desk.server.url("/new")
            desk.declare(url=desk.server.url("/other"))
            assert desk.source.moved_to is None


class TestGone:
    async def test_ends_a_source_until_it_is_asked_for_by_name(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(Document(status=410))
            outcome = await desk.poll()
            assert outcome.error == "answered HTTP 410 Gone"
            assert (desk.source.enabled, desk.source.disabled_why) == (
                False,
                "gone for good, the server says (HTTP 410)",
            )
            desk.declare()  # a restart does not wake it
            desk.clock.pass_time(days=30)
            assert (await desk.cycle()).polled == 0

            desk.serve(rss(item(1)))
            assert (await desk.poll()).outcome == "new"
            assert (desk.source.enabled, desk.source.disabled_why, desk.source.gone_at) == (True, None, None)
            desk.clock.pass_time(days=1)
            assert (await desk.cycle()).polled == 1

    async def test_is_over_with_another_url(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(Document(status=410))
            await desk.poll()
            desk.serve(rss(item(1)), "/new")
            desk.declare(url=desk.server.url("/new"))
            assert (await desk.cycle()).outcomes == {"new": 1}


class TestWhenNext:
    @pytest.mark.parametrize(
        "answer, minutes, why",
        [
            (unavailable(429, "120"), 2, "the server asked to wait (Retry-After)"),
            (unavailable(503, "Wed, 25 Nov 2999 12:00:00 GMT"), 1440, "the server asked to wait (Retry-After)"),
            (Document(status=404), 15, "it failed once"),
            (Document(status=500), 15, "it failed once"),
            (Document(rss(item(1)), headers=(("Cache-Control", "max-age=2700"),)), 47.25, "(Cache-Control)"),
            (Document(rss(item(1), head="<ttl>50</ttl>")), 52.5, "(ttl)"),
            (Document(rss(item(1), head="<skipHours><hour>12</hour></skipHours>")), 65, "(skipHours)"),
            (Document(rss(*map(item, range(1, 11)))), 30, "something new about every 1h"),
            (Document(rss(item(1))), 15, "its rhythm is not known yet"),
        ],
    )
    async def test_is_what_it_was_told(self, open_desk: OpenDesk, answer: Document, minutes: float, why: str) -> None:
        async with open_desk() as desk:
            desk.serve(rss())
            await desk.poll()  # the first visit is followed at a time of its own
            desk.serve(answer)
            await desk.poll()
            wait = desk.source.next_poll_at - NOON
            assert wait / timedelta(minutes=1) == pytest.approx(minutes, abs=0.1)
            assert why in desk.source.next_poll_why

    async def test_backs_off_and_recovers_at_once(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            waits = []
            for _ in range(4):
                desk.serve(Document(status=500))
                await desk.poll()
                waits.append((desk.source.next_poll_at - NOON) / timedelta(minutes=1))
            assert waits == [15, 30, 60, 120]
            desk.serve(rss(item(1)))
            await desk.poll()
            assert (desk.source.failures, desk.source.next_poll_at - NOON) == (0, timedelta(minutes=15))

    async def test_what_the_document_asked_for_holds_on_a_304_too(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1), head="<ttl>50</ttl>"), etag='"v1"')
            await desk.poll()
            assert (await desk.poll()).status == 304
            assert "(ttl)" in desk.source.next_poll_why


class TestKnownEntries:
    async def test_are_passed_over(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(2), item(3)))
            await desk.poll()
            desk.serve(rss(item(1), item(2), item(3)))
            source = await _claimed(desk)
            prepared = await desk.context.workers.prepare(source)
            assert [one.item.title for one in prepared.items] == ["Story number 1"]
            assert (await desk.poll()).result.new_items == 1

    async def test_are_revised_when_they_change(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1), item(2)))
            await desk.poll()
            desk.serve(rss(item(1, text="Now it reads otherwise, at some length and with other words."), item(2)))
            outcome = await desk.poll()
            assert (outcome.result.new_items, outcome.result.revised_items) == (0, 1)

    async def test_that_share_an_address_tell_the_new_one_that_it_is_no_story_s(self, open_desk: OpenDesk) -> None:
        """A live ticker: every entry links to one page. The new entry is a story of its own."""
        async with open_desk() as desk:
            link = {"link": "https://news.example/ticker"}
            desk.serve(rss(item(2, **link), item(3, **link)))
            await desk.poll()
            desk.serve(rss(item(1, **link), item(2, **link), item(3, **link)))
            outcome = await desk.poll()
            assert (outcome.result.new_items, outcome.result.new_stories) == (1, 1)

    async def test_are_read_anew_after_the_source_s_zone_changed(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1)), etag='"v1"')
            await desk.poll()
            desk.declare(timezone="Asia/Shanghai")
            assert (await desk.poll()).status == 200


async def _claimed(desk: Desk) -> Any:
    from feedwatch.store.claims import read_source

    with desk.store.read() as session:
        source = read_source(session, 1)
    assert source is not None
    body = desk.server.documents["/feed"].body
    traits = for_all(source.traits, desk.settings)
    return RawDocument(body, None, traits.url, traits, NOON, known=source.state.known_entries or b"")


class TestGuids:
    @pytest.mark.parametrize(
        "items, titles",
        [
            ([item(1, guid="same"), item(2, guid="same")], ["Story number 1", "Story number 2"]),
            ([item(1, guid=""), item(2, guid="")], ["Story number 1", "Story number 2"]),
            ([item(1, guid="", link=""), item(2, guid="", link="")], ["Story number 1", "Story number 2"]),
            ([item(1), item(1)], ["Story number 1"]),
            ([item(1), item(1, text="The same once more, in other words than before.")], ["Story number 1"]),
        ],
        ids=["one guid for all", "none", "neither guid nor link", "doubled", "doubled and changed"],
    )
    async def test_that_are_no_identity_hide_nothing(
        self, open_desk: OpenDesk, items: list[str], titles: list[str]
    ) -> None:
        async with open_desk() as desk:
            desk.serve(rss(*items))
            await desk.poll()
            assert desk.titles == titles
            desk.serve(rss(*items, head="<!-- again -->"))
            assert (await desk.poll()).outcome == "unchanged"
            assert desk.titles == titles


class TestDates:
    @pytest.mark.parametrize(
        "written", ["Sat, 01 Jan 0000 00:00:00 GMT", "9999-12-31T23:59:59Z", "31 Feb 2026", "never", "1e99", "-1"]
    )
    async def test_that_cannot_be_meant_do_no_harm(self, open_desk: OpenDesk, written: str) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(1, pubDate=written), item(2)))
            outcome = await desk.poll()
            assert outcome.result.new_items == 2
            assert desk.item("Story number 1").published_at <= NOON + timedelta(days=1)


class TestArchives:
    async def test_are_read_at_the_first_visit_as_far_as_allowed(self, open_desk: OpenDesk) -> None:
        """RFC 5005, 4: each document links to the one with the entries before its own."""

        def page(number: int) -> bytes:
            link = (
                f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='prev-archive' href='/archive/{number + 1}'/>"
            )
            return rss(item(number), head=link)

        async with open_desk(archive_pages=2) as desk:
            desk.serve(page(1), etag='"1"')
            for number in range(2, 6):
                desk.serve(page(number), f"/archive/{number}")
            assert (await desk.poll()).result.new_items == 3
            assert desk.titles == ["Story number 1", "Story number 2", "Story number 3"]
            desk.server.forget()
            desk.serve(page(0), etag='"2"')
            assert (await desk.poll()).result.new_items == 1
            assert len(desk.server.requests) == 1

    async def test_that_run_in_a_circle_end(self, open_desk: OpenDesk) -> None:
        link = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='prev-archive' href='/feed'/>"
        async with open_desk(archive_pages=50) as desk:
            desk.serve(rss(item(1), head=link))
            await desk.poll()
            assert len(desk.server.requests) == 1


PAGE = """<!doctype html><html lang="en"><head><title>{title} - News</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>{title}</h1><p>{text}</p><p>A second paragraph tells more of it, as second paragraphs do, with the names of
those who were there and the sums that were spoken of before the meeting came to its end.</p><p>The third one says what
is to come, who will decide on it, and when the readers of this paper may expect to hear of the matter again.</p>
</article><footer>All rights reserved</footer></body></html>"""


class TestFullText:
    def _serve(self, desk: Desk, *numbers: int) -> None:
        base = desk.server.url("")
        desk.serve(rss(*(item(number, text="Teaser.", link=f"{base}/a/{number}") for number in numbers)))
        for number in numbers:
            text = f"The Greater Bay Area is the matter of article {number}, which says so at once and at length."
            page = PAGE.format(title=f"Story number {number}", text=text)
            desk.serve(page.encode(), f"/a/{number}", content_type="text/html; charset=utf-8")

    async def test_is_read_from_each_new_article_s_page_once(self, open_desk: OpenDesk) -> None:
        async with open_desk(full_text=True) as desk:
            self._serve(desk, 2, 3)
            outcome = await desk.poll()
            assert (outcome.result.new_items, outcome.result.matches) == (2, 2)
            assert "second paragraph" in desk.item("Story number 2").text
            desk.server.forget()
            self._serve(desk, 1, 2, 3)
            assert (await desk.poll()).result.new_items == 1
            pages = [request.path for request in desk.server.requests if request.path.startswith("/a/")]
            assert pages == ["/a/1"]

    async def test_goes_without_where_a_page_cannot_be_had(self, open_desk: OpenDesk) -> None:
        async with open_desk(full_text=True) as desk:
            self._serve(desk, 1, 2)
            desk.serve(Document(status=503), "/a/1")
            outcome = await desk.poll()
            assert outcome.result.new_items == 2
            assert desk.item("Story number 1").text == "Teaser."
            assert "1 of 2 articles' pages could not be fetched" in "".join(outcome.warnings)
            self._serve(desk, 0, 1, 2)
            outcome = await desk.poll()  # the page is there now, and the feed has changed
            assert (outcome.result.new_items, outcome.result.revised_items) == (1, 1)

    async def test_obeys_robots_txt(self, open_desk: OpenDesk) -> None:
        async with open_desk(full_text=True) as desk:
            self._serve(desk, 1)
            desk.serve(b"User-agent: *\nDisallow: /a/\n", "/robots.txt", content_type="text/plain")
            outcome = await desk.poll()
            assert outcome.result.new_items == 1
            assert "robots.txt" in "".join(outcome.warnings)
            assert desk.server.requests_for("/a/1") == []

    async def test_of_a_page_that_stops_its_worker_is_all_that_is_lost(
        self, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(workers, "finish", finish_or_die)
        async with open_desk(full_text=True) as desk:
            self._serve(desk, 1, 2, 3)
            desk.serve(b"<html>STOP</html>", "/a/2", content_type="text/html")
            outcome = await desk.poll()
            assert (outcome.outcome, outcome.result.new_items) == ("new", 3)
            assert [len(desk.item(f"Story number {number}").text) > 100 for number in (1, 2, 3)] == [True, False, True]
            assert "1 of 3 articles' pages could not be read" in "".join(outcome.warnings)
            desk.server.forget()
            desk.serve(desk.server.documents["/feed"].body.replace(b"<title>News", b"<title>New"))
            assert (await desk.poll()).outcome == "unchanged"
            assert desk.server.requests_for("/a/2") == []  # it would do it again

    async def test_of_entries_that_link_to_one_page_makes_no_story_of_them(self, open_desk: OpenDesk) -> None:
        async with open_desk(full_text=True) as desk:
            link = {"link": desk.server.url("/ticker")}
            texts = ["One thing is told by the first of them.", "Another is what the second of them has to say."]
            desk.serve(rss(*(item(number, text=texts[number - 1] * 4, **link) for number in (1, 2))))
            desk.serve(Document(status=404), "/ticker")
            assert (await desk.poll()).result.new_stories == 2

    async def test_is_bounded(self, open_desk: OpenDesk) -> None:
        async with open_desk(full_text=True, fetch={"pages_per_poll": 2}) as desk:
            self._serve(desk, 1, 2, 3, 4)
            assert (await desk.poll()).result.new_items == 4
            assert len([request for request in desk.server.requests if request.path.startswith("/a/")]) == 2


class TestSitemaps:
    def _sitemap(self, desk: Desk, *numbers: int) -> bytes:
        urls = "".join(
            f"<url><loc>{desk.server.url(f'/a/{number}')}</loc><news:news><news:publication><news:name>News</news:name>"
            f"<news:language>en</news:language></news:publication><news:publication_date>2026-11-25</news:publication_date>"
            f"<news:title>Story number {number}</news:title></news:news></url>"
            for number in numbers
        )
        return (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
            f"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>"
        ).encode()

    async def test_of_news_are_items_by_themselves(self, open_desk: OpenDesk) -> None:
        async with open_desk(kind="sitemap") as desk:
            desk.serve(self._sitemap(desk, 1, 2))
            assert (await desk.poll()).result.new_items == 2
            assert desk.titles == ["Story number 1", "Story number 2"]
            desk.serve(self._sitemap(desk, 1, 2, 3))
            assert (await desk.poll()).result.new_items == 1

    async def test_of_an_index_are_read_when_they_change(self, open_desk: OpenDesk) -> None:
        def index(*children: tuple[str, str]) -> bytes:
            rows = "".join(
                f"<sitemap><loc>{desk.server.url(path)}</loc><lastmod>{modified}</lastmod></sitemap>"
                for path, modified in children
            )
            return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</sitemapindex>".encode()

        async with open_desk(kind="sitemap") as desk:
            desk.serve(index(("/s/1", "2026-11-24"), ("/s/2", "2026-11-25")))
            desk.serve(self._sitemap(desk, 1), "/s/1")
            desk.serve(self._sitemap(desk, 2), "/s/2")
            assert (await desk.poll()).result.new_items == 2
            desk.server.forget()
            desk.serve(index(("/s/1", "2026-11-24"), ("/s/2", "2026-11-26")))
            desk.serve(self._sitemap(desk, 2, 3), "/s/2")
            assert (await desk.poll()).result.new_items == 1
            assert [request.path for request in desk.server.requests] == ["/feed", "/s/2"]

    async def test_of_an_index_for_which_no_time_is_left_are_read_the_next_time(self, open_desk: OpenDesk) -> None:
        async with open_desk(kind="sitemap") as desk:
            rows = "".join(
                f"<sitemap><loc>{desk.server.url(f'/s/{number}')}</loc><lastmod>2026-11-2{number}</lastmod></sitemap>"
                for number in (1, 2)
            )
            desk.serve(
                f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</sitemapindex>".encode()
            )
            desk.serve(self._sitemap(desk, 1), "/s/1")
            desk.serve(self._sitemap(desk, 2), "/s/2")

            def hurrying() -> datetime:
                desk.clock.pass_time(minutes=6)
                return desk.clock.now

            desk.context.clock = hurrying
            found = [(await desk.poll()).result.new_items for _ in range(2)]
            assert found == [1, 1]

    async def test_without_titles_are_read_by_their_pages(self, open_desk: OpenDesk) -> None:
        def plain(*numbers: int) -> bytes:
            rows = "".join(
                f"<url><loc>{desk.server.url(f'/a/{number}')}</loc><lastmod>2026-11-{10 + number}</lastmod></url>"
                for number in numbers
            )
            return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode()

        async with open_desk(kind="sitemap", fetch={"pages_per_poll": 2}) as desk:
            for number in range(1, 9):
                page = PAGE.format(title=f"Story number {number}", text="It is told here, at length and in full.")
                desk.serve(page.encode(), f"/a/{number}", content_type="text/html")
            desk.serve(plain(1, 2, 3, 4))
            outcome = await desk.poll()
            assert desk.titles == ["Story number 3", "Story number 4"]
            assert "2 older pages were passed over" in "".join(outcome.warnings)
            desk.serve(plain(1, 2, 3, 4, 5, 6, 7))
            assert (await desk.poll()).result.new_items == 2
            assert (await desk.poll()).result.new_items == 1  # what was left, though nothing has changed
            assert (await desk.poll()).outcome == "unchanged"
            assert desk.titles == [f"Story number {number}" for number in range(3, 8)]


class TestPages:
    async def test_are_read_by_selectors(self, open_desk: OpenDesk) -> None:
        async with open_desk(kind="page", selectors={"item": "ul.news > li", "date": "span"}) as desk:
            rows = "".join(f"<li><a href='/a/{n}'>Story number {n}</a><span>2026-11-2{n}</span></li>" for n in (1, 2))
            desk.serve(f"<html><body><ul class='news'>{rows}</ul></body></html>".encode(), content_type="text/html")
            assert (await desk.poll()).result.new_items == 2
            assert desk.item("Story number 2").url == desk.server.url("/a/2")
            assert desk.item("Story number 2").published_at == datetime(2026, 11, 22, tzinfo=UTC)
            assert "text/html" in (desk.server.requests[-1].header("Accept") or "")


class TestAccess:
    async def test_is_asked_for_as_configured_and_by_nobody_else(self, open_desk: OpenDesk) -> None:
        access = {
            "headers": {"X-Api-Key": "k"},
            "cookies": {"session": "s"},
            "auth": {"username": "me", "password": "p"},
        }
        async with open_desk(**access) as desk:
            desk.serve(redirect(desk.server.url("/elsewhere", host="localhost")))
            desk.serve(rss(item(1)), "/elsewhere")
            assert (await desk.poll()).outcome == "new"
            asked, led = desk.server.requests
            names = ("X-Api-Key", "Cookie", "Authorization")
            assert [asked.header(name) for name in names] == ["k", "session=s", "Basic bWU6cA=="]
            assert [led.header(name) for name in names] == [None, None, None]

    async def test_keeps_no_secret_in_the_database(self, open_desk: OpenDesk, tmp_path: Path) -> None:
        async with open_desk(auth={"token": "very-secret-token"}, cookies={"c": "very-secret-cookie"}) as desk:
            desk.serve(rss(item(1)))
            await desk.poll()
            assert desk.server.requests[-1].header("Authorization") == "Bearer very-secret-token"
            with desk.store.read() as session:
                row = session.execute(sa.select(sa.inspect(tables.Source).local_table)).one()
            assert "very-secret" not in str(row)


class TestPushed:
    async def test_news_are_stored_as_a_visit_would_have(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            desk.serve(rss(item(2)), etag='"v1"')
            await desk.poll()
            before = _state(desk)
            outcome = await take_pushed(desk.context, 1, rss(item(1, title="Greater Bay Area grows")), None)
            assert (outcome.outcome, outcome.result.new_items, outcome.result.matches) == ("new", 1, 1)
            assert _state(desk) == before
            assert "Pushed by its hub" in desk.last_poll.warnings[0]
            desk.serve(rss(item(1, title="Greater Bay Area grows"), item(2)), etag='"v2"')
            assert (await desk.poll()).outcome == "unchanged"

    async def test_rubbish_is_told_and_does_no_harm(self, open_desk: OpenDesk) -> None:
        async with open_desk() as desk:
            outcome = await take_pushed(desk.context, 1, b"rubbish", None)
            assert outcome.error == "what its hub pushed cannot be read: Plain text, not a feed: “rubbish”"
            assert desk.source.last_poll_at is None
