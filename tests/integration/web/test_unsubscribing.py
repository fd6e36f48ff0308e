"""Ending a subscription: one click in a mail program, or a page that asks; never by following a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwatch.jobs.deliver import send_due
from feedwatch.jobs.provision import provision
from feedwatch.store import tables
from tests.integration.web.pages import ONE_CLICK, Pages, told

if TYPE_CHECKING:
    from collections.abc import Iterator

MULTIPART = (
    b'--b4ff\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b4ff--\r\n',
    {"Content-Type": "multipart/form-data; boundary=b4ff"},
)
URLENCODED = (b"List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})


def ended(pages: Pages) -> list[bool]:
    """Of each subscription, whether it has ended."""
    return [at is not None for (at,) in pages.rows(tables.Subscription, "unsubscribed_at")]


@pytest.fixture(params=[URLENCODED, MULTIPART], ids=["urlencoded", "multipart"])
def one_click(request: pytest.FixtureRequest) -> Iterator[tuple[bytes, dict[str, str]]]:
    """As RFC 8058, 3.1, lets a mail service send it."""
    return request.param  # type: ignore[no-any-return]


class TestOneClick:
    async def test_ends_the_subscription(self, pages: Pages, one_click: tuple[bytes, dict[str, str]]) -> None:
        body, headers = one_click
        answer = await pages.client.post(pages.links.unsubscribe(1), content=body, headers=headers)
        assert (answer.status_code, answer.text) == (200, "unsubscribed")
        assert answer.history == [] and not answer.cookies and "location" not in answer.headers
        assert ended(pages) == [True, False, False]

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
    async def test_is_taken_from_wherever_it_comes(self, pages: Pages, site: str) -> None:
        said = {"Sec-Fetch-Site": site, "Origin": "https://mail.example"}
        answer = await pages.client.post(pages.links.unsubscribe(1), data=ONE_CLICK, headers=said)
        assert answer.status_code == 200
        assert ended(pages) == [True, False, False]

    async def test_may_come_twice(self, pages: Pages) -> None:
        for _ in range(2):
            assert (await pages.client.post(pages.links.unsubscribe(1), data=ONE_CLICK)).status_code == 200
            pages.room.clock.pass_time(hours=1)
        [at] = {at for (at,) in pages.rows(tables.Subscription, "unsubscribed_at")} - {None}
        assert at < pages.room.clock.now.replace(minute=0)

    async def test_ends_what_waits_and_what_would_come(self, told_pages: Pages) -> None:
        await told_pages.client.post(told_pages.links.unsubscribe(1), data=ONE_CLICK)
        assert [address for address, _ in (await send_due(told_pages.room.context)).receipts] == ["mei@example.org"]
        told_pages.room.publish("cc", "Greater Bay Area again", "A bridge again")
        told_pages.room.clock.pass_time(days=1)
        assert [edition.subscription for edition in await told_pages.room.tick()] == ["早报"]

    async def test_needs_a_token(self, pages: Pages) -> None:
        answer = await pages.client.post(f"{pages.links.unsubscribe(1)}x", data=ONE_CLICK)
        assert answer.status_code == 404
        assert ended(pages) == [False] * 3


class TestThePage:
    async def test_asks_first(self, pages: Pages) -> None:
        answer = await pages.get(pages.links.unsubscribe(1))
        assert "Unsubscribe from “Morning brief”?" in told(answer)
        assert '<form method="post"><button' in answer.text
        assert ended(pages) == [False] * 3

    async def test_speaks_the_subscribers_language(self, pages: Pages) -> None:
        answer = await pages.get(pages.links.unsubscribe(3), **{"Accept-Language": "en"})
        assert "要退订“早报”吗？" in told(answer)
        assert '<html lang="zh-Hans">' in answer.text

    async def test_ends_it_by_its_button_and_begins_it_again(self, pages: Pages) -> None:
        url = pages.links.unsubscribe(1)
        answer = await pages.post(url, {"answer": "yes"})
        assert answer.status_code == 200
        assert "You get no more of “Morning brief”" in told(answer)
        assert f'action="{url.rpartition("/")[2]}/undo"' in answer.text
        assert ended(pages) == [True, False, False]
        assert "You get no more of" in told(await pages.get(url))

        again = await pages.post(f"{url}/undo")
        assert "You get “Morning brief” again" in told(again)
        assert ended(pages) == [False] * 3
        assert (await pages.post(f"{url}/undo")).status_code == 200
        pages.room.publish("cc", "Greater Bay Area again")
        pages.room.clock.pass_time(days=1)
        assert [edition.subscription for edition in await pages.room.tick()] == ["Morning brief"]

    async def test_outlasts_the_configuration(self, pages: Pages) -> None:
        await pages.post(pages.links.unsubscribe(1))
        provision(pages.store, pages.room.context.settings, pages.room.clock.now)
        assert ended(pages) == [True, False, False]

    @pytest.mark.parametrize("path", ["", "/undo"])
    async def test_takes_no_form_of_another_site(self, pages: Pages, path: str) -> None:
        answer = await pages.post(f"{pages.links.unsubscribe(1)}{path}", **{"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert "This came from another site" in told(answer)
        assert ended(pages) == [False] * 3

    async def test_shows_no_address(self, pages: Pages) -> None:
        url = pages.links.unsubscribe(1)
        for answer in (await pages.get(url), await pages.post(url), await pages.post(f"{url}/undo")):
            assert "lin@" not in answer.text and "example.org" not in answer.text
