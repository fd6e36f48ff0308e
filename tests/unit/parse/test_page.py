from __future__ import annotations

import time
from dataclasses import replace

import pytest

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry, Selectors
from feedwatch.parse.page import check_selector, read_page
from feedwatch.parse.page_guess import guess_selectors
from tests.unit.parse.pages import CARDS, GOVERNMENT, LIST_PAGES, ListPage

URL = "https://a.example/news/"


def read(html: str, item: str = "li", url: str = URL, **others: str) -> Document:
    return read_page(html.encode(), content_type=None, url=url, selectors=Selectors(item=item, **others))


def encoded(page: ListPage) -> bytes:
    return page.html.encode("gb18030" if "gb2312" in page.html else "utf-8")


@pytest.mark.parametrize("name", LIST_PAGES)
def test_list_pages(name: str) -> None:
    page = LIST_PAGES[name]
    document = read_page(encoded(page), content_type="text/html", url=page.url, selectors=page.selectors)
    assert tuple(entry.title for entry in document.entries) == page.titles
    first = document.entries[0]
    assert (first.url, first.published, first.guid) == (page.first_url, page.first_date, None)
    assert all(entry.published for entry in document.entries)
    assert all(entry.summary for entry in document.entries) == bool(page.selectors.summary)


@pytest.mark.parametrize("name", LIST_PAGES)
def test_the_first_guess_reads_the_page_as_a_person_would(name: str) -> None:
    page = LIST_PAGES[name]
    guess = guess_selectors(encoded(page), content_type=None, url=page.url)[0]
    document = read_page(encoded(page), content_type=None, url=page.url, selectors=guess.selectors)
    assert tuple(entry.title for entry in document.entries) == page.titles
    assert document.entries[0].url == page.first_url
    assert document.entries[0].published == page.first_date
    assert guess.count >= len(page.titles)
    assert guess.titles == page.titles[:3]
    for part in (guess.selectors.item, guess.selectors.link, guess.selectors.date):
        check_selector(part)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Nothing here</p>",
        "<nav><a href=/a>A</a><a href=/b>B</a></nav>",
        "<a href=/x>A single headline, no list</a>",
    ],
)
def test_no_guess_where_there_is_no_list(html: str) -> None:
    assert guess_selectors(html.encode(), content_type=None, url=URL) == []


def test_elements_that_no_selector_can_name_are_no_obstacle() -> None:
    rows = "".join(
        f"<dc:x><a href={n}>A headline that is long enough</a><dc:date>2024-02-19</dc:date></dc:x>" for n in "123"
    )
    guess = guess_selectors(f"<div class=news>{rows}</div>".encode(), content_type=None, url=URL)[0]
    assert guess.count == 3
    check_selector(guess.selectors.item)


def test_the_document_carries_title_and_language() -> None:
    document = read_page(encoded(CARDS), content_type=None, url=CARDS.url, selectors=CARDS.selectors)
    assert (document.title, document.language) == ("Latest | Harbour Daily", "en")
    assert document.entries[0].image == "https://harbour.example/pictures/0.jpg"


@pytest.mark.parametrize(
    "item, url",
    [
        ("<a href='/1'>T</a>", "https://a.example/1"),
        ("<a href=' ../1\n'>T</a>", "https://a.example/1"),
        ("<a href='?p=1'>T</a>", "https://a.example/news/?p=1"),
        ("<a href='//b.example/1'>T</a>", "https://b.example/1"),
        (
            "<a href='javascript:void(0)'>x</a><a href='#top'>x</a><a href=''>x</a><a href='/1'>T</a>",
            "https://a.example/1",
        ),
        ("<a name=x>x</a><a href='/1'>T</a>", "https://a.example/1"),
    ],
)
def test_links(item: str, url: str) -> None:
    assert read(f"<li>{item}</li>").entries == (Entry(url=url, title="T"),)


@pytest.mark.parametrize(
    "base, url",
    [
        ("<base href=/archive/>", "https://a.example/archive/1"),
        ("<base href=https://b.example/x>", "https://b.example/1"),
        ("<base target=_blank>", "https://a.example/news/1"),
        ("<base href='http://['>", "https://a.example/news/1"),
    ],
)
def test_base(base: str, url: str) -> None:
    assert read(f"<head>{base}</head><li><a href=1>T</a></li>").entries[0].url == url


@pytest.mark.parametrize(
    "item, title",
    [
        ("<a href=1> A\n <b>B</b>&amp;C </a>", "A B&amp;C"),
        ("<a href=1 title='The whole headline'>The whole…</a>", "The whole headline"),
        ("<a href=1 title='全市高质量发展大会召开'>全市高质量发展...</a>", "全市高质量发展大会召开"),
        ("<a href=1 title='Click to read'>A headline...</a>", "A headline..."),
        ("<a href=1 title='Other'>A headline</a>", "A headline"),
        ("<a href=1 title='From the attribute'><img src=x></a>", "From the attribute"),
        ("<a href=1><img src=x></a><a href=1>Below the picture</a><a href=2>Other</a>", "Below the picture"),
        ("<a href=1><img src=x alt='In the picture'></a>", "In the picture"),
        ("<a href=1><script>x()</script>Seen</a>", "Seen"),
        ("<a href=1></a>", ""),  # its page will tell
    ],
)
def test_titles(item: str, title: str) -> None:
    assert read(f"<li>{item}</li>").entries[0].title == title


@pytest.mark.parametrize(
    "date, published",
    [
        ("<time datetime='2024-02-19T08:00Z'>yesterday</time>", "2024-02-19T08:00Z"),
        ("<span class=t><time datetime='2024-02-19'>x</time></span>", "2024-02-19"),
        ("<span class=t>[2024-02-19]</span>", "2024-02-19"),
        ("<span class=t>（2024年02月19日）</span>", "2024年02月19日"),
        ("<span class=t>发布时间：2024-02-19 10:30</span>", "2024-02-19 10:30"),
        ("<span class=t>10:30:05</span>", "10:30:05"),
        ("<span class=t>Mon, 19 Feb 2024 10:30:00 GMT</span>", "Mon, 19 Feb 2024 10:30:00 GMT"),
        ("<div class=t><b>19</b><i>2024-02</i></div>", "2024-02-19"),
        ("<div class=t><b>9</b><br>2024年2月</div>", "2024-02-09"),
        ("<span class=t></span>", None),
        ("", None),
    ],
)
def test_dates_stand_as_written(date: str, published: str | None) -> None:
    assert read(f"<li><a href=1>T</a>{date}</li>", date="time, .t").entries[0].published == published


def test_an_item_can_be_the_link_itself() -> None:
    (entry,) = read("<a class=c href=1><h3>T</h3><p>S</p></a>", "a.c", title="h3", summary="p").entries
    assert (entry.url, entry.title, entry.summary) == ("https://a.example/news/1", "T", "S")


def test_a_link_selector_may_name_what_holds_the_link() -> None:
    (entry,) = read("<li><a href=/tag>Tag</a><h3><a href=1>T</a></h3></li>", link="h3").entries
    assert (entry.url, entry.title) == ("https://a.example/news/1", "T")


def test_each_url_once() -> None:
    document = read("<li><a href=1></a></li><li><a href=2>B</a></li><li><a href=1>A</a></li><li><a href=2>C</a></li>")
    assert [entry.title for entry in document.entries] == ["A", "B"]


@pytest.mark.parametrize(
    "html, others, warning",
    [
        ("<li>x</li><li><a href=1>T</a></li><li><a href=#>y</a></li>", {}, "2 items without a link; left out."),
        (
            "<li><a href=1>T</a></li>",
            {"title": "h3"},
            "The selector for the title finds nothing in 1 of 1 items; there the link's text is taken.",
        ),
        (
            "<li>x</li><li><a href=1>T</a></li><li><a href=2>U</a><i>2024</i></li>",
            {"date": "i"},
            "The selector for the date finds nothing in 1 of 2 items; there no date is taken.",
        ),
        ("".join(f"<li><a href={n}>T</a></li>" for n in range(1001)), {}, "1,001 items; read the first 1,000."),
    ],
)
def test_what_was_not_found_is_told(html: str, others: dict[str, str], warning: str) -> None:
    assert warning in read(html, **others).warnings


@pytest.mark.parametrize(
    "html, sentence",
    [
        (
            "<title>Log in</title><p>Please log in to go on.</p>",
            "the selector 'ul.news li' finds nothing in this page (title “Log in”); "
            "try: feedwatch sources try https://a.example/news/ --item ...",
        ),
        (
            "<div id=app></div><script src=app.js></script>",
            "the selector 'ul.news li' finds nothing in this page without a title; it has hardly any text: its "
            "news may come by script, which is not run; try: feedwatch sources try https://a.example/news/ --item ...",
        ),
        (
            "<title>News</title><ul class=news><li>A<li>B</ul>",
            "the selector 'ul.news li' finds 2 elements in this page (title “News”), but 'a[href]' finds no link to an "
            "article in any; try: feedwatch sources try https://a.example/news/ --item ...",
        ),
        (
            "",
            "the selector 'ul.news li' finds nothing in this page without a title; "
            "try: feedwatch sources try https://a.example/news/ --item ...",
        ),
    ],
)
def test_a_selector_that_finds_nothing_says_what_to_do(html: str, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(html, "ul.news li")
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "selector", ["ul.news > li", "li:has(> a)", "tr:nth-child(2n+1)", "a[href^='/']", "h2, h3", "*"]
)
def test_selectors_that_are_known(selector: str) -> None:
    check_selector(selector)


@pytest.mark.parametrize(
    "selector, problem",
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("li[", "'li[' is none that is known"),
        ("//li", "'//li' is none that is known"),  # XPath
        ("a::text", "'a::text' is none that is known"),  # scrapy's
        ("li:contains(x)", "'li:contains(x)' is none that is known"),  # jQuery's
    ],
)
def test_selectors_that_are_not(selector: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^expected a CSS selector, such as `ul\.news > li`; ") as caught:
        check_selector(selector)
    assert str(caught.value).endswith(problem)


@pytest.mark.parametrize(
    "html",
    [
        "<li><a href=1>T</a>" * 50_000,
        "<li>" + "<a href=1>T</a>" * 50_000,
        "<table>" + "<tr><td>" * 50_000 + "<a href=1>T",
        "<ul><li>" * 400 + "<a href=1>T</a>",
    ],
)
def test_large_and_deep_pages_end_soon(html: str) -> None:
    begun = time.process_time()
    assert read(html, "li, tr:last-child").entries
    guess_selectors(html.encode(), content_type=None, url=URL)
    assert time.process_time() - begun < 5


def test_reading_is_repeatable() -> None:
    once, again = (
        read_page(encoded(GOVERNMENT), content_type=None, url=GOVERNMENT.url, selectors=GOVERNMENT.selectors)
        for _ in range(2)
    )
    assert once == again == replace(once)
