from __future__ import annotations

import pytest

from feedwatch.errors import FetchError
from feedwatch.fetch.redirects import Step, first_step, next_step

HOME = "https://news.example/feed"


def follow(url: str, *hops: tuple[int, str], most: int = 10) -> Step:
    step = first_step(url)
    for status, location in hops:
        step = next_step(step, status, location, None, most)
    return step


@pytest.mark.parametrize(
    "location, url",
    [
        ("/b", "https://news.example/b"),
        ("b", "https://news.example/b"),
        ("?page=2", "https://news.example/feed?page=2"),
        ("//other.example/b", "https://other.example/b"),
        ("http://other.example:8080/b", "http://other.example:8080/b"),
        ("HTTPS://OTHER.example/B", "https://other.example/B"),
        (" /b ", "https://news.example/b"),
        ("/b#part", "https://news.example/b"),
        ("https://user:secret@other.example/b", "https://other.example/b"),
        ("/a b", "https://news.example/a%20b"),
        ("/é".encode().decode("latin-1"), "https://news.example/%C3%A9"),  # UTF-8 without escapes
        ("/\xe9", "https://news.example/%C3%A9"),  # latin-1 without escapes
        ("/%e9%2F", "https://news.example/%e9%2F"),
        ("https://bücher.example/".encode().decode("latin-1"), "https://xn--bcher-kva.example/"),
    ],
)
def test_location_is_read_as_it_is_meant(location: str, url: str) -> None:
    assert str(follow(HOME, (302, location)).url) == url


@pytest.mark.parametrize(
    "location, sentence",
    [
        ("file:///etc/passwd", "leads to a URL that is neither http:// nor https://"),
        ("gopher://127.0.0.1:70/x", "leads to a URL that is neither http:// nor https://"),
        ("ftp://other.example/", "leads to a URL that is neither http:// nor https://"),
        ("javascript:alert(1)", "leads to a URL that is neither http:// nor https://"),
        ("data:text/xml,<rss/>", "leads to a URL that is neither http:// nor https://"),
        ("http://[::1", "redirects to what is no URL: 'http://[::1' (Invalid port: ':1')"),
        ("http://a.example:99999/", "leads to a port that does not exist: http://a.example:99999/"),
        ("http://a.example/\x00", "redirects to what is no URL: "),
        ("http://0177.0.0.1/", "redirects to what is no URL: "),
        (HOME, f"redirects in a circle, back to {HOME}"),
        ("#top", f"redirects in a circle, back to {HOME}"),
    ],
)
def test_location_that_leads_nowhere(location: str, sentence: str) -> None:
    with pytest.raises(FetchError) as caught:
        follow(HOME, (302, location))
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "hops, moved_to",
    [
        ([], None),
        ([(301, "/b")], "https://news.example/b"),
        ([(308, "/b")], "https://news.example/b"),
        ([(302, "/b")], None),
        ([(303, "/b")], None),
        ([(307, "/b")], None),
        ([(301, "/b"), (308, "/c")], "https://news.example/c"),
        ([(301, "/b"), (302, "/c")], "https://news.example/b"),
        ([(301, "/b"), (302, "/c"), (301, "/d")], "https://news.example/b"),  # the chain is broken
        ([(302, "/b"), (301, "/c")], None),
        ([(301, "http://news.example/feed")], None),  # a step down to plain http is no move
        ([(301, "/b"), (301, "http://news.example/c"), (301, "https://news.example/d")], "https://news.example/b"),
    ],
)
def test_only_an_unbroken_chain_of_permanent_redirects_is_a_move(
    hops: list[tuple[int, str]], moved_to: str | None
) -> None:
    assert follow(HOME, *hops).moved_to == moved_to


@pytest.mark.parametrize(
    "home, url, is_home",
    [
        ("https://news.example/a", "https://news.example/b", True),
        ("https://news.example/a", "https://NEWS.example:443/b", True),
        ("https://news.example/a", "https://www.news.example/a", False),
        ("https://news.example/a", "https://news.example:8443/a", False),
        ("https://news.example/a", "http://news.example/a", False),
        ("http://news.example/a", "https://news.example/a", True),  # the same server, out of others' sight
        ("http://news.example:8080/a", "https://news.example/a", False),
        ("http://news.example/a", "https://news.example:8443/a", False),
        ("http://news.example/a", "http://news.example.evil.example/a", False),
    ],
)
def test_what_is_secret_goes_to_one_origin(home: str, url: str, is_home: bool) -> None:
    step = follow(home, (302, url))
    assert step.is_home is is_home
    away = follow(home, (302, "https://away.example/"))
    assert not away.is_home
    assert next_step(away, 302, url, None, 5).is_home is is_home  # and back again


def test_a_circle_of_several_is_seen() -> None:
    with pytest.raises(FetchError, match=r"^redirects in a circle, back to https://news\.example/b$"):
        follow(HOME, (302, "/b"), (302, "/c"), (302, "/d"), (302, "/b"))


def test_the_same_url_with_another_cookie_is_no_circle() -> None:
    step = next_step(first_step(HOME), 302, HOME, "a cookie", 5)
    assert str(step.url) == HOME
    with pytest.raises(FetchError, match="in a circle"):
        next_step(step, 302, HOME, "a cookie", 5)


@pytest.mark.parametrize("most", [0, 1, 3])
def test_no_more_than_the_limit_are_followed(most: int) -> None:
    hops = [(302, f"/{number}") for number in range(most + 1)]
    assert str(follow(HOME, *hops[:most], most=most).url) == (f"https://news.example/{most - 1}" if most else HOME)
    with pytest.raises(FetchError, match=f"^redirects more than {most} times$"):
        follow(HOME, *hops, most=most)


def test_a_login_in_the_url_is_kept_apart_and_shown_nowhere() -> None:
    step = follow("https://user:secret@news.example/feed", (301, "/b"))
    assert (str(step.url), step.login, step.moved_to) == (
        "https://news.example/b",
        "user:secret",
        "https://news.example/b",
    )
    assert "secret" not in repr(step)
