from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize.page_address import place_of_page
from feedwatch.normalize.url import canonical_url

PAGE = "https://news.example.com/2024/02/20/bridge-economy.html"


@pytest.mark.parametrize(
    "url, said, address",
    [
        # On the same site the page knows best.
        (PAGE, "https://www.example.com/2024/02/20/bridge-economy.html?utm_source=x",
         "https://www.example.com/2024/02/20/bridge-economy.html"),
        (PAGE, "/2024/02/20/a-bridge-and-its-economy", "https://news.example.com/2024/02/20/a-bridge-and-its-economy"),
        ("https://m.example.com/a", "https://example.com/a", "https://example.com/a"),
        ("https://example.com/story/bridge/amp", "https://example.com/story/bridge", "https://example.com/story/bridge"),
        ("https://example.com/news/12345/bridge", "https://example.com/news/12345", "https://example.com/news/12345"),
        ("https://example.com/?p=12345", "https://example.com/bridge-economy-grows/",
         "https://example.com/bridge-economy-grows/"),
        ("https://example.com/a", "https://example.com/?p=12345", "https://example.com/?p=12345"),
        # Careless templates
        (PAGE, "https://news.example.com/", PAGE),
        (PAGE, "/", PAGE),
        (PAGE, "https://news.example.com/news/", PAGE),  # a section
        (PAGE, "https://news.example.com/2024/", PAGE),
        (PAGE, "https://news.example.com/?lang=zh", PAGE),
        (PAGE, "https://news.example.com/404.html", PAGE),
        ("https://example.com/news/bridge", "https://example.com/news/", "https://example.com/news/bridge"),
        ("https://example.com/story.php?id=5", "https://example.com/story.php", "https://example.com/story.php?id=5"),
        (PAGE, "javascript:alert(1)", PAGE),
        (PAGE, "", PAGE),
        (PAGE, None, PAGE),
        ("", "https://example.com/a-b-c", ""),
    ],
)  # fmt: skip
def test_on_the_same_site_the_page_says_where_it_lives(url: str, said: str | None, address: str) -> None:
    assert place_of_page(url, said) == (address, "")


@pytest.mark.parametrize(
    "url, said",
    [
        (PAGE, "https://agency.example.org/2024/02/20/bridge-economy"),
        ("https://a.gov.cn/art/2024/2/20/art_1_2.html", "https://www.jiangmen.gov.cn/zwgk/content_123456.html"),
        ("https://a.blogspot.com/2024/02/x.html", "https://b.blogspot.com/2024/02/x.html"),  # two people's blogs
    ],
)
def test_another_site_is_where_the_text_comes_from(url: str, said: str) -> None:
    assert place_of_page(url, said) == (url, said)


def test_the_front_page_of_another_site_tells_nothing() -> None:
    assert place_of_page(PAGE, "https://agency.example.org/") == (PAGE, "")


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.]{1,9}/[-a-z0-9/.?=#%]{0,20}", fullmatch=True))
def test_never_raises_and_gives_canonical_urls(said: str) -> None:
    for url in place_of_page(PAGE, said):
        assert url == "" or canonical_url(url) == url
