"""Subscribing by oneself: one question by mail, a yes, a subscription; nobody is flooded, and nobody is found out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sqlalchemy as sa

from feedwatch.jobs import signup as job
from feedwatch.jobs.housekeeping import keep_house
from feedwatch.jobs.poll import take_pushed
from feedwatch.jobs.provision import due_after, provision
from feedwatch.settings import SignupSettings, WebSettings
from feedwatch.store import tables
from feedwatch.store.subscriber_changes import subscriber_at
from feedwatch.web import make_app, serve
from tests.integration.web.conftest import LIN, MEI
from tests.integration.web.pages import Pages, open_pages, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from feedwatch.store import Store

FORM = {
    "email": "New@Example.org",
    "name": "New",
    "often": "weekly",
    "weekday": "tue",
    "at": "07:30",
    "locale": "zh-Hant",
    "timezone": "Asia/Hong_Kong",
    "watchlist": ["Chips", "Bridges"],
    "website": "",
}
SCHEDULE = "30 7 * * tue"


@pytest.fixture
async def open_house(sqlite_store: Store, tmp_path: Path) -> AsyncIterator[Pages]:
    """Lin and Mei are known; everybody may subscribe to everything."""
    async with open_pages(sqlite_store, tmp_path, LIN, MEI, signup=SignupSettings()) as opened:
        yield opened


async def sign_up(pages: Pages, headers: Mapping[str, str] | None = None, /, **fields: Any) -> httpx.Response:
    return await pages.post(f"{pages.url}/subscribe", FORM | fields, **(headers or {}))


def questions(pages: Pages) -> list[tuple[Any, ...]]:
    """Of each question in the outbox: the address, the subject, the HTML, the text."""
    query = (
        sa.select(tables.Delivery.address, tables.Body.subject, tables.Body.html, tables.Body.text)
        .join(tables.Body, tables.Body.id == tables.Delivery.body_id)
        .where(tables.Delivery.signup_id.is_not(None), tables.Delivery.edition_id.is_(None))
        .order_by(tables.Delivery.id)
    )
    with pages.store.read() as session:
        return [tuple(row) for row in session.execute(query)]


def subscriptions(pages: Pages, address: str) -> list[tuple[Any, ...]]:
    """Of each subscription of an address: name, schedule, watchlists, whether it goes on."""
    with pages.store.read() as session:
        state = subscriber_at(session, address)
    return [(o.name, o.schedule, o.watchlists, o.unsubscribed_at is None) for o in state.subscriptions] if state else []


class TestTheForm:
    async def test_offers_what_there_is(self, open_house: Pages) -> None:
        answer = await open_house.get(f"{open_house.url}/subscribe")
        assert answer.status_code == 200
        for name in ("Bay Area", "Bridges", "Chips"):
            assert f'value="{name}"' in answer.text

    async def test_offers_what_the_admin_offers_and_takes_no_more(self, open_house: Pages) -> None:
        open_house.set_web(signup=SignupSettings(watchlists=("Chips", "Bay Area")))
        answer = await open_house.get(f"{open_house.url}/subscribe")
        assert "Bridges" not in answer.text
        await sign_up(open_house)
        assert open_house.rows(tables.Signup, "watchlists") == [(["Chips"],)]

    async def test_is_found_only_where_it_is_wanted(self, open_house: Pages) -> None:
        assert "/subscribe" in (await open_house.get(open_house.url)).text
        open_house.set_web(signup=None)
        assert (await open_house.get(f"{open_house.url}/subscribe")).status_code == 404
        assert (await sign_up(open_house)).status_code == 404
        assert "/subscribe" not in (await open_house.get(open_house.url)).text

    async def test_needs_a_way_back(self, open_house: Pages) -> None:
        open_house.set_web(public_url=None)
        assert (await open_house.get(f"{open_house.url}/subscribe")).status_code == 404
        assert (await sign_up(open_house)).status_code == 404

    @pytest.mark.parametrize(
        "fields, said",
        [
            ({"email": ""}, "This is no mail address"),
            ({"email": "nobody"}, "This is no mail address: nobody"),
            ({"email": "a@b@c"}, "This is no mail address"),
            ({"email": "a@b.example, c@d.example"}, "This is no mail address"),
            ({"email": '"<script>"@x.example'}, "This is no mail address"),
            ({"email": "a\u202e@b.example"}, "This is no mail address"),
            ({"email": f"{'a' * 250}@b.example"}, "This is no mail address"),
            ({"name": "Win at https://casino.example"}, "plain name"),
            ({"name": "www.casino.example"}, "plain name"),
            ({"name": "n" * 61}, "plain name"),
            ({"often": "sometimes"}, "how often"),
            ({"often": "daily", "at": "late"}, "how often"),
            ({"often": "own"}, "how often"),
        ],
    )
    async def test_says_what_cannot_be_and_keeps_the_rest(
        self, open_house: Pages, fields: dict[str, str], said: str
    ) -> None:
        answer = await sign_up(open_house, **fields)
        assert answer.status_code == 422
        assert said in told(answer)
        assert 'value="Chips" checked' in answer.text
        assert "<script>" not in answer.text
        assert open_house.rows(tables.Signup, "id") == [] and questions(open_house) == []

    async def test_of_another_site_is_not_taken(self, open_house: Pages) -> None:
        assert (await sign_up(open_house, {"Sec-Fetch-Site": "cross-site"})).status_code == 403
        assert questions(open_house) == []

    async def test_filled_in_by_a_program_is_taken_and_dropped(self, open_house: Pages) -> None:
        honest = await sign_up(open_house)
        answer = await sign_up(open_house, email="other@example.org", website="https://spam.example")
        assert (answer.status_code, told(answer)) == (200, told(honest))
        assert [address for address, *_ in questions(open_house)] == ["New@Example.org"]


class TestTheQuestion:
    async def test_waits_in_the_outbox_in_the_language_that_was_chosen(self, open_house: Pages) -> None:
        answer = await sign_up(open_house)
        assert "請查收郵件" in told(answer)
        [(address, subject, html, text)] = questions(open_house)
        assert (address, subject) == ("New@Example.org", "請確認您的訂閱")
        for part in (html, text):
            assert "\uf0f0confirm_url\uf0f1" in part
            assert "Bridges、Chips" in part and "逢星期二 07:30" in part
        assert '<html lang="zh-Hant">' in html

    async def test_carries_nothing_that_its_asker_wrote(self, open_house: Pages) -> None:
        await sign_up(open_house, name="Buy our Coins", locale="en")
        [(_, *parts)] = questions(open_house)
        assert "Coins" not in "".join(parts)

    async def test_is_stored_once_for_all_who_ask_the_same(self, open_house: Pages) -> None:
        for number in range(3):
            await sign_up(open_house, email=f"reader{number}@example.org")
        assert len(questions(open_house)) == 3
        assert len(open_house.rows(tables.Body, "id")) == 1

    @pytest.mark.parametrize("address", ["lin@example.org", "LIN@example.org"])
    async def test_goes_to_a_known_address_too_and_the_page_is_the_same(self, open_house: Pages, address: str) -> None:
        unknown, known = await sign_up(open_house), await sign_up(open_house, email=address)
        assert (unknown.status_code, told(unknown)) == (known.status_code, told(known))
        assert [to for to, *_ in questions(open_house)] == ["New@Example.org", address]

    async def test_is_asked_once_a_day(self, open_house: Pages) -> None:
        first = await sign_up(open_house)
        for _ in range(2):
            again = await sign_up(open_house, email="new@EXAMPLE.org")
            assert (again.status_code, told(again)) == (first.status_code, told(first))
        assert len(questions(open_house)) == 1
        open_house.room.clock.pass_time(days=1)
        await sign_up(open_house)
        assert len(questions(open_house)) == 2

    async def test_is_asked_so_often_for_one_network_and_no_more(
        self, open_house: Pages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job, "PER_HOUR_AND_NETWORK", 2)
        statuses = [(await sign_up(open_house, email=f"r{n}@example.org")).status_code for n in range(3)]
        assert statuses == [200, 200, 429]
        elsewhere = {"X-Forwarded-For": "192.0.2.7"}  # by a proxy on this machine, which is trusted
        assert (await sign_up(open_house, elsewhere, email="r4@example.org")).status_code == 200
        assert (await sign_up(open_house, {"X-Forwarded-For": "198.51.100.1, 127.0.0.1"})).status_code == 200
        open_house.room.clock.pass_time(hours=1)
        answer = await sign_up(open_house, email="r2@example.org")
        assert answer.status_code == 200

    async def test_is_asked_so_often_in_all_and_no_more(
        self, open_house: Pages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job, "PER_HOUR", 2)
        answers = [await sign_up(open_house, email=f"r{n}@example.org") for n in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "Too many have asked just now" in told(await sign_up(open_house, email="r9@example.org"))
        assert answers[2].headers["Retry-After"] == "3600"


class TestTheYes:
    async def ask(self, pages: Pages, **fields: Any) -> str:
        """Sign up; returns the URL of the question's link."""
        await sign_up(pages, **fields)
        return pages.links.confirm(max(number for (number,) in pages.rows(tables.Signup, "id")))

    async def test_is_asked_for_once_more_and_by_a_button(self, open_house: Pages) -> None:
        url = await self.ask(open_house)
        before = open_house.everything()
        answer = await open_house.get(url)
        assert "確認訂閱？" in told(answer) and "Bridges、Chips" in told(answer)
        assert "example.org" not in answer.text.lower()
        assert open_house.everything() == before

    async def test_makes_a_subscriber_whose_first_edition_comes_on_schedule(self, open_house: Pages) -> None:
        answer = await open_house.post(await self.ask(open_house))
        assert "已訂閱「新聞摘要」" in told(answer)
        assert open_house.links.settings(3) in answer.text
        [new] = open_house.rows(tables.Subscriber, "name", "email", "timezone", "locale", "declared")[2:]
        assert new == ("New", "New@Example.org", "Asia/Hong_Kong", "zh-Hant", False)
        assert subscriptions(open_house, "new@example.org") == [("新聞摘要", SCHEDULE, ("Bridges", "Chips"), True)]
        [*_, (due,)] = open_house.rows(tables.Subscription, "next_due_at")
        assert due == due_after(SCHEDULE, "Asia/Hong_Kong", open_house.room.clock.now)

    async def test_said_twice_is_said_once(self, open_house: Pages) -> None:
        url = await self.ask(open_house)
        first, second = await open_house.post(url), await open_house.post(url)
        assert (first.status_code, second.status_code) == (200, 200)
        assert "已訂閱「新聞摘要」" in told(second)
        assert len(subscriptions(open_house, "new@example.org")) == 1
        assert (await open_house.get(url)).status_code == 200

    async def test_without_a_name_or_a_choice_is_to_all_that_is_offered(self, open_house: Pages) -> None:
        await open_house.post(await self.ask(open_house, name="", watchlist=[]))
        assert subscriptions(open_house, "new@example.org") == [("新聞摘要", SCHEDULE, (), True)]
        assert open_house.rows(tables.Subscriber, "name")[2:] == [("New",)]
        open_house.set_web(signup=SignupSettings(watchlists=("Chips",)))
        await open_house.post(await self.ask(open_house, email="two@example.org", watchlist=[]))
        assert subscriptions(open_house, "two@example.org") == [("新聞摘要", SCHEDULE, ("Chips",), True)]

    async def test_gives_no_more_than_is_offered_when_it_is_said(self, open_house: Pages) -> None:
        url = await self.ask(open_house)
        open_house.set_web(signup=SignupSettings(watchlists=("Chips", "Bay Area")))
        await open_house.post(url)
        assert subscriptions(open_house, "new@example.org") == [("新聞摘要", SCHEDULE, ("Chips",), True)]

    async def test_of_somebody_known_adds_to_what_they_have(self, open_house: Pages) -> None:
        await open_house.post(await self.ask(open_house, email="Lin@example.org", name="Mallory", locale="en"))
        assert subscriptions(open_house, "lin@example.org")[2:] == [("Digest", SCHEDULE, ("Bridges", "Chips"), True)]
        assert open_house.rows(tables.Subscriber, "name", "timezone")[0] == ("Lin", "Asia/Hong_Kong")
        provision(open_house.store, open_house.room.context.settings, open_house.room.clock.now)
        assert len(subscriptions(open_house, "lin@example.org")) == 3  # the file does not take it away

    async def test_of_somebody_who_has_it_adds_nothing_and_begins_it_again(self, open_house: Pages) -> None:
        await open_house.post(await self.ask(open_house))
        with open_house.store.begin() as session:
            session.execute(sa.update(tables.Subscription).values(unsubscribed_at=open_house.room.clock.now))
        open_house.room.clock.pass_time(days=2)
        await open_house.post(await self.ask(open_house))
        assert subscriptions(open_house, "new@example.org") == [("新聞摘要", SCHEDULE, ("Bridges", "Chips"), True)]
        open_house.room.clock.pass_time(days=2)
        await open_house.post(await self.ask(open_house, often="hourly"))
        assert [name for name, *_ in subscriptions(open_house, "new@example.org")] == ["新聞摘要", "新聞摘要 2"]

    async def test_of_somebody_whom_the_file_names_no_more_counts(self, open_house: Pages) -> None:
        open_house.room.execute("UPDATE subscribers SET enabled = false, blocked_at = added_at WHERE id = 1")
        await open_house.post(await self.ask(open_house, email="lin@example.org"))
        assert open_house.rows(tables.Subscriber, "enabled", "declared", "blocked_at")[0] == (True, False, None)

    async def test_can_be_said_for_seven_days(self, open_house: Pages) -> None:
        url = await self.ask(open_house)
        open_house.room.clock.pass_time(days=6, hours=23)
        assert (await open_house.get(url)).status_code == 200
        open_house.room.clock.pass_time(hours=1)
        assert (await open_house.get(url)).status_code == 404
        assert (await open_house.post(url)).status_code == 404
        assert subscriptions(open_house, "new@example.org") == []

    async def test_cannot_be_said_by_another_site_or_where_signups_have_ended(self, open_house: Pages) -> None:
        url = await self.ask(open_house)
        assert (await open_house.post(url, **{"Sec-Fetch-Site": "cross-site"})).status_code == 403
        open_house.set_web(signup=None)
        assert (await open_house.get(url)).status_code == 404
        assert (await open_house.post(url)).status_code == 404
        assert subscriptions(open_house, "new@example.org") == []


async def test_what_nobody_said_yes_to_is_forgotten(store: Store, tmp_path: Path) -> None:
    async with open_pages(store, tmp_path, signup=SignupSettings()) as pages:
        await sign_up(pages, email="no@example.org")
        await sign_up(pages, email="yes@example.org")
        await pages.post(pages.links.confirm(2))
        pages.room.clock.pass_time(days=6)
        await sign_up(pages, email="late@example.org")
        assert (await keep_house(pages.room.context)).signups == 0
        pages.room.clock.now += timedelta(days=1, seconds=1)
        assert (await keep_house(pages.room.context)).signups == 1
        assert [email for (email,) in pages.rows(tables.Signup, "email")] == ["yes@example.org", "late@example.org"]
        assert [address for address, *_ in questions(pages)] == ["yes@example.org", "late@example.org"]
        assert subscriptions(pages, "yes@example.org") != []
        assert (await pages.get(pages.links.confirm(1))).status_code == 404


def test_signups_are_off_unless_they_are_asked_for() -> None:
    assert WebSettings().signup is None


async def test_what_an_untrusted_client_says_of_itself_is_not_believed(
    open_house: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PER_HOUR_AND_NETWORK", 1)
    settings = WebSettings(listen="127.0.0.1:0", trusted_proxies=("192.0.2.0/24",))
    listening = await serve(make_app(open_house.room.context, take_pushed), settings)
    assert listening is not None
    url = f"http://127.0.0.1:{listening.ports[0]}/subscribe"
    try:
        statuses = [
            (
                await open_house.post(url, FORM | {"email": f"r{n}@example.org"}, **{"X-Forwarded-For": f"192.0.2.{n}"})
            ).status_code
            for n in range(2)
        ]
        assert statuses == [200, 429]
    finally:
        await listening.stop()


async def test_no_id_of_another_signup_can_be_guessed(open_house: Pages) -> None:
    for number in range(2):
        await sign_up(open_house, email=f"r{number}@example.org")
    url = open_house.links.confirm(1)
    assert (await open_house.get(re.sub(r"/confirm/1\.", "/confirm/2.", url))).status_code == 404
