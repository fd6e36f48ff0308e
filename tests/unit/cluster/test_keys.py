from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cluster import drop_shared_addresses, story_keys, text_hash
from feedwatch.cluster.address import story_address
from feedwatch.cluster.fold import fold, fold_by_the_book, weight
from feedwatch.model import Item, MatchedItem

LONG = "The district held a meeting on Monday to promote development and to encourage its industries."


def item(url: str = "", title: str = "", text: str = "") -> Item:
    return Item(
        guid="g",
        url=url,
        title=title,
        text=text,
        html="",
        authors=(),
        tags=(),
        language="en",
        published_at=datetime(2024, 2, 20, tzinfo=UTC),
        published_from="published",
    )


@pytest.mark.parametrize(
    "copies",
    [
        ["https://example.com/a", "http://example.com/a", "https://www.example.com/a", "https://example.com/a/"],
        ["https://example.com/a", "https://m.example.com/a", "https://mobile.example.com/a", "https://wap.example.com/a"],
        ["https://example.com/a", "https://amp.example.com/a", "https://example.com/a/amp/", "https://example.com/amp/a",
         "https://example.com/a?amp=1", "https://example.com/a?outputType=amp",
         "https://www.google.com/amp/s/www.example.com/a",
         "https://example-com.cdn.ampproject.org/c/s/www.example.com/a"],
        ["https://example.com/a.html", "https://example.com/a.amp.html", "https://example.com/a_amp.html"],
        ["https://example.com/?a=1&b=2", "https://example.com/?b=2&a=1"],
        ["https://en.wikipedia.org/wiki/Macau", "https://en.m.wikipedia.org/wiki/Macau"],
    ],
)  # fmt: skip
def test_copies_of_a_page_share_an_address(copies: list[str]) -> None:
    assert len({story_address(url) for url in copies}) == 1


@pytest.mark.parametrize(
    "one, other",
    [
        ("https://example.com/a", "https://example.com/b"),
        ("https://example.com/a", "https://example.org/a"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/#/a", "https://example.com/#/b"),
        ("https://example.com/example", "https://example.com/ex"),
        ("https://example.com/camp", "https://example.com/c"),
        ("https://m.com/a", "https://www.com/a"),
        ("https://example.com:8080/a", "https://example.com/a"),
    ],
)
def test_different_pages_do_not(one: str, other: str) -> None:
    assert story_address(one) != story_address(other)


@pytest.mark.parametrize("url", ["", "https://example.com/", "https://www.example.com/", "https://m.example.com/"])
def test_front_page_is_no_story(url: str) -> None:
    assert story_address(url) == ""


@pytest.mark.parametrize(
    "text, folded",
    [
        ("High-Quality Development!", "highqualitydevelopment"),
        ("Ｈｉｇｈ　ｑｕａｌｉｔｙ", "highquality"),
        ("“Straße” №\u00a01_0", "strasseno10"),
        ("高质量 发展。", "高质量发展"),
        ("\n \t", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text).decode() == folded


@given(st.text(max_size=80))
def test_fold_keeps_letters_and_digits_alone(text: str) -> None:
    folded = fold(text)
    assert all(character.isalnum() for character in folded.decode())
    assert fold(f" {text} -") == folded


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=80))
def test_fold_is_one_for_ascii_and_for_the_rest(text: str) -> None:
    assert fold(text) == fold(text + "é").removesuffix("é".encode())


@given(
    st.text(max_size=40)
    | st.text(st.sampled_from("aA é’—…大。Яя한국ßİΣ\u0301\u0308ﬁ½ｶﾞ\u3099か\u1112\u1161\u11ab\u09c7\u09be\ufe0f❤\ud800"))
)
def test_fold_is_what_the_book_says(text: str) -> None:
    assert fold(text) == fold_by_the_book(text)


def test_every_character_folds_in_a_text_as_alone() -> None:
    codes = [*range(0x3400), *range(0x3400, 0xD800, 97), *range(0xE000, 0x30000, 7)]
    assert [c for c in map(chr, codes) if fold(f"é {c} é") != "é".encode() + fold_by_the_book(c) + "é".encode()] == []


def test_weight_counts_an_ideograph_twice() -> None:
    assert (weight("abc"), weight("高质量"), weight("高a")) == (3, 6, 3)


@pytest.mark.parametrize(
    "one, other, is_shared",
    [
        (item(title="Meeting", text=LONG), item(title="MEETING", text=LONG.replace(" ", "\n")), True),
        (item(title="Meeting", text=LONG), item(title="Another", text=LONG), False),
        (item(title="Photo of the day"), item(title="Photo of the day"), False),  # too little to tell
        (item(text=""), item(text=""), False),
        (item(title="高" * 39), item(title="高" * 39), False),
        (item(title="高" * 40), item(title="高" * 40), True),
        (item(title="蓬江区召开高质量发展促进大会", text="为重建现代化新江门作出更大贡献的会议今日召开了各界人士参加"),)
        * 2
        + (True,),
        (item("https://example.com/a", "One"), item("http://www.example.com/a/", "Other"), True),
        (item("https://example.com/", "One"), item("https://example.com/", "Other"), False),
    ],
)
def test_items_share_a_story_key(one: Item, other: Item, is_shared: bool) -> None:
    assert bool(set(story_keys(one)) & set(story_keys(other))) is is_shared


def test_shape_of_keys() -> None:
    address, text = story_keys(item("https://example.com/a", "Meeting", LONG))
    assert address.startswith("url:") and len(address) == len("url:") + 16
    assert text.startswith("text:") and len(text) == len("text:") + 32
    int(address.removeprefix("url:") + text.removeprefix("text:"), 16)


def test_text_hash_tells_a_revision_from_a_repetition() -> None:
    first = item("https://example.com/a", "Meeting", LONG)
    assert text_hash(first) == text_hash(replace(first, url="https://example.org/b", text=LONG + " "))
    assert text_hash(first) != text_hash(replace(first, text=LONG + " More."))
    assert len(text_hash(item())) == 32


def matched(read: Item) -> MatchedItem:
    return MatchedItem(read, story_keys(read), text_hash(read))


def test_address_shared_by_different_items_of_a_document_is_no_story() -> None:
    page = "https://example.com/changelog"
    one, other = matched(item(page, "One", LONG)), matched(item(page, "Other", LONG))
    alone = matched(item("https://example.com/a", "Third", LONG))
    kept = drop_shared_addresses([one, other, alone])
    assert [len(entry.story_keys) for entry in kept] == [1, 1, 2]
    assert not set(kept[0].story_keys) & set(kept[1].story_keys)


def test_address_of_one_item_printed_twice_stays() -> None:
    twice = [matched(item("https://example.com/a", "One", LONG))] * 2
    assert drop_shared_addresses(twice) == tuple(twice)
