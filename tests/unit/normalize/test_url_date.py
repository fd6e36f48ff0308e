from __future__ import annotations

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.errors import DocumentError
from feedwatch.normalize.date_forms import read_date
from feedwatch.normalize.url_date import URL_DATES, UrlDate, day_of_url
from feedwatch.parse import parse
from tests.corpus import corpus_dir

DAY = date(2024, 2, 20)


@pytest.mark.parametrize("row", URL_DATES, ids=lambda row: row.name)
def test_each_way_of_writing_a_day(row: UrlDate) -> None:
    assert day_of_url(row.example) == DAY


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/2024/02/20/",
        "https://example.com/2024/02/20",
        "https://example.com/2024/2/20/bridge",
        "https://example.com/20240220/",
        "https://example.com/2024-02/20/content_123.html",
        "https://example.com/202402/20/123.html",
        "https://example.com/content_20240220.html",
        "https://example.com/n/20240220_1.html",
        "https://example.com/2024-02-20-bridge",
        "https://example.com/2024/02/20/anniversary-of-1999-12-20.html",
        "https://example.com/2024/02/31/20240220.html",  # the first that is a day
    ],
)
def test_these_name_20_february(url: str) -> None:
    assert day_of_url(url) == DAY


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/post/162623201550",  # ids
        "https://example.com/a-75920632",
        "https://example.com/20240220123",
        "https://example.com/item20240220",
        "https://example.com/12024022012",
        "https://example.com/20249920",
        "https://example.com/2024/02/20-bridges-of-asia",  # the twenty bridges of February
        "https://example.com/2024/02/bridge",
        "https://example.com/advent-of-code-2018-25-days-25-languages",
        "https://example.com/2023/02/29/",
        "https://example.com/1970/01/01/",
        "https://20240220.example/a",
        "https://example.com/a?id=20240220",
        "https://example.com/a#2024-02-20",
        "https://[2024/02/20/",
        "",
    ],
)
def test_these_name_no_day(url: str) -> None:
    assert day_of_url(url) is None


@given(st.text(max_size=40) | st.from_regex(r"https://a/([-/_.a-z]?[0-9]{1,8}){1,4}", fullmatch=True))
def test_never_raises(url: str) -> None:
    day = day_of_url(url)
    assert day is None or day.year >= 1990


@pytest.mark.skipif(corpus_dir() is None, reason="needs the corpus")
def test_the_days_of_real_urls_are_those_of_their_entries() -> None:
    folder = corpus_dir()
    assert folder is not None
    apart: list[int] = []
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        try:
            entries = parse(path.read_bytes(), content_type=None, url="https://example.com/feed").entries
        except DocumentError:
            continue
        for entry in entries:
            at = read_date(entry.published or "", UTC)
            day = day_of_url(entry.url or "")
            if at and day:
                apart.append(abs((at.date() - day).days))
    assert len(apart) > 600
    assert sum(days <= 1 for days in apart) >= 0.99 * len(apart)
