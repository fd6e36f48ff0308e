"""The engine agrees with the slow oracle over watchlists and items in Latin, Han and both, and its spans are exact."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.match import Matcher
from feedwatch.match.fold import fold
from feedwatch.match.parse import parse_query
from feedwatch.match.tree import Near, Node, Phrase, phrases
from feedwatch.model import Match, QueryDef, WatchlistDef
from tests.unit.match import asking, oracle
from tests.unit.match.oracle_phrases import spans_of_phrase
from tests.unit.match.test_facts import ITEM

EXAMPLES = int(os.environ.get("FEEDWATCH_EXAMPLES", "150"))
"""How many are drawn for a law: more by hand, as they take a second for ten."""

Expected = dict[str, tuple[tuple[str, ...], list[tuple[str, int, int]]]]


def engine_says(matches: tuple[Match, ...]) -> Expected:
    """By watchlist: the queries that were met, and where."""
    return {
        match.watchlist: (match.queries, [(span.field, span.start, span.end) for span in match.spans])
        for match in matches
    }


def oracle_says(watchlists: list[WatchlistDef], asked: oracle.Asked) -> Expected:
    """The same, told slowly."""
    found = {watchlist.name: oracle.match(watchlist, asked) for watchlist in watchlists}
    return {
        name: (match[0], [(oracle.FIELDS[field], start, end) for field, start, end in match[1]])
        for name, match in found.items()
        if match is not None
    }


def agree(watchlists: list[WatchlistDef], asked: oracle.Asked) -> None:
    """Hold the one against the other."""
    matcher = Matcher([(watchlist, 1) for watchlist in watchlists])
    assert matcher.problems == ()
    assert engine_says(matcher.match(asked.item, asked.source, asked.source_tags)) == oracle_says(watchlists, asked)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_terms(data: st.DataObject) -> None:
    terms = data.draw(st.lists(asking.texts_of_phrases, min_size=1, max_size=4))
    text = data.draw(asking.text_near(terms))
    matcher = Matcher([(WatchlistDef(str(number), (term,)), 1) for number, term in enumerate(terms)])
    engine = {
        int(match.watchlist): [(1, span.start, span.end) for span in match.spans] for match in matcher.find("", text)
    }
    expected = {
        number: oracle.merged((1, *place) for place in spans_of_phrase(term, text)) for number, term in enumerate(terms)
    }
    assert engine == {number: places for number, places in expected.items() if places}


@pytest.mark.parametrize("form", ["prefix", "exact", "exact prefix", "fuzzy"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_marked_phrases(form: str, data: st.DataObject) -> None:
    phrase = data.draw(asking.one_phrase([form]))
    text = data.draw(asking.text_near([phrase.text, phrase.text], asking.little_noise))
    agree([WatchlistDef("w", queries=(asking.written(phrase),))], oracle.Asked(replace(ITEM, title=text, text=text)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    asking.forms_of_words,
    asking.few_words | asking.forms_of_words.filter(asking.has_letter),
    st.sampled_from(["en-HK", "de", "und"]),
)
def test_forms_of_words(text: str, phrase: str, language: str) -> None:
    watchlist = WatchlistDef("w", queries=(QueryDef(f'"{phrase}"', stem="en"), QueryDef(f'"{phrase[:9]}1"', stem="de")))
    agree([watchlist], oracle.Asked(replace(ITEM, text=text, language=language)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(asking.one_phrase(), asking.one_phrase(), st.data())
def test_synonyms(phrase: Phrase, other: Phrase, data: st.DataObject) -> None:
    text = data.draw(asking.text_near([other.text], asking.little_noise))
    query = asking.written(phrase)
    watchlist = WatchlistDef("w", queries=(query,), synonyms=((phrase.text, other.text),))
    agree([watchlist], oracle.Asked(replace(ITEM, title=text, text=text)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(asking.trees)
def test_a_tree_is_written_and_read(tree: Node) -> None:
    assert parse_query(asking.written(tree)) == tree


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_queries(data: st.DataObject) -> None:
    trees = data.draw(st.lists(asking.trees, min_size=1, max_size=3))
    asked = data.draw(asking.asked_near([phrase.text for tree in trees for phrase in phrases(tree)]))
    watchlists = [WatchlistDef(str(number), queries=(asking.written(tree),)) for number, tree in enumerate(trees)]
    agree(watchlists, asked)


@settings(max_examples=EXAMPLES, deadline=None)
@given(asking.nears, st.data())
def test_near(tree: Near, data: st.DataObject) -> None:
    text = data.draw(asking.text_near([phrase.text for phrase in phrases(tree)], asking.little_noise))
    agree([WatchlistDef("w", queries=(asking.written(tree),))], oracle.Asked(replace(ITEM, title=text, text=text)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_watchlists(data: st.DataObject) -> None:
    drawn = [data.draw(asking.watchlists(name)) for name in ("x", "Y")]
    asked = data.draw(asking.asked_near([phrase for _, sought in drawn for phrase in sought]))
    agree([watchlist for watchlist, _ in drawn], asked)


@settings(max_examples=EXAMPLES // 5, deadline=None)
@given(st.data())
def test_what_was_changed_step_by_step_is_what_is_made_anew(data: st.DataObject) -> None:
    known: dict[str, tuple[WatchlistDef, int]] = {}
    matcher = Matcher(())
    sought: list[str] = []
    for version in range(1, data.draw(st.integers(2, 8))):
        names = data.draw(st.lists(st.sampled_from("aBcDe"), max_size=3, unique=True))
        dropped = data.draw(st.lists(st.sampled_from("aBcDe"), max_size=2, unique=True))
        changed = []
        for name in names:
            watchlist, phrases_of_it = data.draw(asking.watchlists(name))
            changed.append((watchlist, version))
            sought += phrases_of_it
        dropped = [name for name in dropped if name not in names]
        before = matcher
        matcher = before.changed(changed, dropped)
        known = {name: entry for name, entry in known.items() if name not in dropped}
        known |= {watchlist.name: (watchlist, version) for watchlist, version in changed}
    asked = data.draw(asking.asked_near(sought[-6:]))
    anew = Matcher(known.values())
    assert matcher.problems == anew.problems
    assert matcher.match(asked.item, asked.source) == anew.match(asked.item, asked.source)


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(st.data(), st.floats(0, 5))
def test_a_minimum_score_leaves_out_what_is_rated_lower(data: st.DataObject, least: float) -> None:
    definition, sought = data.draw(asking.watchlists("w"))
    asked = data.draw(asking.asked_near(sought))
    found = Matcher([(definition, 1)]).match(asked.item, asked.source)
    strict = WatchlistDef(**{name: getattr(definition, name) for name in definition.__slots__} | {"min_score": least})
    kept = Matcher([(strict, 1)]).match(asked.item, asked.source)
    assert kept == tuple(match for match in found if match.score >= least)


@settings(max_examples=EXAMPLES, deadline=None)
@given(asking.texts_of_phrases.filter(lambda phrase: "#" not in phrase), st.data())
def test_what_stands_at_a_span_is_the_phrase(phrase: str, data: st.DataObject) -> None:
    text = data.draw(asking.text_near([phrase]))
    for match in Matcher([(WatchlistDef("w", (phrase,)), 1)]).find(text, text):
        for span in match.spans:
            assert 0 <= span.start < span.end <= len(text)
            found = fold(text[span.start : span.end]).folded.replace(" ", "")
            # A span ends with the whole of a character such as ﬀ, and is several places where these overlap.
            assert fold(phrase).folded.replace(" ", "") in found
