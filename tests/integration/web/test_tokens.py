"""Who gets in: a token for its own purpose, by a key that is believed; who stays out learns nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from feedwatch.settings import SignupSettings
from feedwatch.store.signing_keys import add_signing_key, drop_signing_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedwatch.deliver.tokens import Purpose
    from feedwatch.jobs.links import Links
    from tests.integration.web.pages import Pages

MADE: dict[str, Callable[[Links, int], str]] = {
    "edition": lambda links, number: links.edition(number),
    "archive": lambda links, number: links.archive(number),
    "shared": lambda links, number: links.shared(number),
    "shared archive": lambda links, number: links.shared_archive(number),
    "settings": lambda links, number: links.settings(number),
    "unsubscribe": lambda links, number: links.unsubscribe(number),
    "undo": lambda links, number: f"{links.unsubscribe(number)}/undo",
}
PURPOSES: tuple[Purpose, ...] = ("edition", "shared", "settings", "unsubscribe", "confirm")
OPENED_BY: dict[str, tuple[Purpose, ...]] = {
    **dict.fromkeys(("edition", "archive", "shared", "shared archive"), ("edition", "shared")),
    "settings": ("settings",),
    **dict.fromkeys(("unsubscribe", "undo"), ("unsubscribe",)),
}


def token_of(url: str) -> str:
    found = re.search(r"/[esu]/([^/]+)", url)
    assert found is not None
    return found[1]


async def test_each_page_opens_for_its_token(told_pages: Pages) -> None:
    statuses = {route: (await told_pages.get(url(told_pages.links, 1))).status_code for route, url in MADE.items()}
    assert statuses == dict.fromkeys(MADE, 200)


async def test_nothing_is_there_of_what_does_not_exist(told_pages: Pages) -> None:
    links = told_pages.links
    found = {
        (route, number): (await told_pages.get(url(links, number))).status_code
        for route, url in MADE.items()
        for number in (0, 99, 2**40)
    }
    assert set(found.values()) == {404}


@pytest.mark.parametrize("route", MADE)
async def test_every_wrong_token_is_answered_alike(told_pages: Pages, route: str) -> None:
    good = MADE[route](told_pages.links, 1)
    token = token_of(good)
    number, _, signature = token.partition(".")
    others = [told_pages.links.tokens.make(purpose, 1) for purpose in PURPOSES if purpose not in OPENED_BY[route]]
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    wrong = [f"2.{signature}", f"{number}.{flipped}", number, f"{number}.", f".{signature}", f"{token}.{signature}"]
    odd = ["x", "%00", "é", "9" * 4000, f"+1.{signature}", f"１.{signature}", f"01.{signature}"]
    answers = {}
    for each in [*others, *wrong, *odd]:
        url = good.replace(token, each)
        for answer in (await told_pages.get(url), await told_pages.post(url, {"do": "pause"})):
            if answer.status_code != 405:  # an edition takes no POST, whosever it is
                answers[each] = answer.status_code, re.sub(r'nonce="[^"]*"', "", answer.text)
    assert len(set(answers.values())) == 1
    assert answers["x"][0] == 404


async def test_tokens_outlast_a_new_key_and_not_the_end_of_their_own(told_pages: Pages) -> None:
    now, old = told_pages.room.clock.now, {route: url(told_pages.links, 1) for route, url in MADE.items()}
    with told_pages.store.begin() as session:
        add_signing_key(session, now + timedelta(days=1))
    new = {route: url(told_pages.links, 1) for route, url in MADE.items()}
    assert {token_of(url) for url in old.values()}.isdisjoint(token_of(url) for url in new.values())
    assert {(await told_pages.get(url)).status_code for url in [*old.values(), *new.values()]} == {200}
    with told_pages.store.begin() as session:
        assert drop_signing_keys(session, now + timedelta(hours=1)) == 1
    assert {(await told_pages.get(url)).status_code for url in old.values()} == {404}
    assert {(await told_pages.get(url)).status_code for url in new.values()} == {200}


async def test_what_is_followed_changes_nothing(told_pages: Pages) -> None:
    told_pages.set_web(signup=SignupSettings())
    links = [MADE[route](told_pages.links, number) for route in MADE for number in (1, 2)]
    before = told_pages.everything()
    for url in [*links, told_pages.url + "/", told_pages.url + "/subscribe", told_pages.links.confirm(1)]:
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            await told_pages.client.request(method, url)
    assert told_pages.everything() == before


async def test_no_token_and_no_address_is_logged(told_pages: Pages, capsys: pytest.CaptureFixture[str]) -> None:
    urls = [MADE[route](told_pages.links, 1) for route in MADE]
    capsys.readouterr()
    for url in urls:
        await told_pages.get(url)
        await told_pages.post(url, {"List-Unsubscribe": "One-Click", "do": "pause"})
    told_pages.room.execute("DROP TABLE edition_stories")
    assert (await told_pages.get(told_pages.links.archive(1))).status_code == 503
    said = "".join(capsys.readouterr())
    assert "unsubscribed" in said
    assert "request failed" in said
    assert "lin@example.org" not in said
    assert [url for url in urls if token_of(url) in said] == []
