"""Which entries are new to us: fingerprints, and guids that are no identity."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.jobs.entries import FINGERPRINT_BYTES, fingerprint, identified, join, split
from feedwatch.model import Enclosure, Entry

WHOLE = Entry(
    guid="g", url="https://a.example/1", title="t", summary="s", content="c", authors=("Ada",), tags=("x",),
    language="en", published="today", updated="now", comments="https://a.example/c", image="https://a.example/i",
    origin="Paper", origin_url="https://paper.example/", canonical="https://paper.example/1",
    enclosures=(Enclosure("https://a.example/e", "audio/mpeg", 1),),
)  # fmt: skip
SALT = b"salt"


@pytest.mark.parametrize("name", [field.name for field in fields(Entry)])
def test_a_fingerprint_changes_with_each_field(name: str) -> None:
    empty = getattr(Entry(), name)
    assert fingerprint(replace(WHOLE, **{name: empty}), SALT) != fingerprint(WHOLE, SALT)


@pytest.mark.parametrize(
    "one, other",
    [
        (Entry(title="ab", summary="c"), Entry(title="a", summary="bc")),
        (Entry(authors=("a", "b")), Entry(authors=("a",), tags=("b",))),
        (Entry(guid="x"), Entry(url="x")),
        (Entry(enclosures=(Enclosure("https://a.example/", None, 1),)), Entry(enclosures=(Enclosure("https://a.example/"),))),
    ],
)  # fmt: skip
def test_a_fingerprint_knows_where_words_stand(one: Entry, other: Entry) -> None:
    assert fingerprint(one, SALT) != fingerprint(other, SALT)


def test_a_fingerprint_is_another_with_another_salt_and_the_same_in_another_process() -> None:
    assert fingerprint(WHOLE, b"other") != fingerprint(WHOLE, SALT)
    assert fingerprint(Entry(title="Bay"), SALT).hex() == "db51254a7be04568"


def test_a_lone_surrogate_does_not_stop_it() -> None:
    assert len(fingerprint(Entry(title="\ud800"), SALT)) == FINGERPRINT_BYTES


@given(st.lists(st.binary(min_size=FINGERPRINT_BYTES, max_size=FINGERPRINT_BYTES)))
def test_joined_fingerprints_come_apart_again(marks: list[bytes]) -> None:
    assert split(join(marks)) == frozenset(marks)


def entry(guid: str | None, url: str = "", title: str = "") -> Entry:
    return Entry(guid=guid, url=url or None, title=title)


@pytest.mark.parametrize(
    "entries, guids",
    [
        ([entry("a", "1"), entry("b", "2")], ["a", "b"]),
        ([entry(None, "1"), entry("", "2")], [None, ""]),
        ([entry("a", "1"), entry("a", "2")], [None, None]),  # one guid for all
        ([entry("a", title="x"), entry("a", title="y")], [None, None]),
        ([entry("a", "1"), entry("a", "2"), entry("b", "3")], [None, None, "b"]),
        ([entry("a", "1"), entry("a", "1")], ["a"]),  # doubled in earnest
        ([entry("a", "1", "first"), entry("a", "1", "changed")], ["a"]),
        ([], []),
    ],
)
def test_a_guid_that_several_share_is_no_identity(entries: list[Entry], guids: list[str | None]) -> None:
    assert [kept.guid for kept in identified(entries)] == guids
