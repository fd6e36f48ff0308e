"""That the programs are asked the same: each query in each language, and what it finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedwatch.match import check_query
from feedwatch.match.parse import parse_query
from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase
from tests.bench.events.labelled import labelled
from tests.bench.match import fts5, naive, ours
from tests.bench.match.case import Case, Query, Sourced
from tests.bench.match.mine import Material, mine
from tests.bench.match.mix import KINDS, mix
from tests.bench.match.written import as_fts5, as_json, as_ours

BAY, GBA, BRIDGE = Phrase("Bay Area"), Phrase("GBA"), Phrase("bridge")


def item(title: str, text: str, language: str = "en", source: str = "rthk-hk", *tags: str) -> Sourced:
    one = labelled()[0].item()
    made = type(one)(
        guid="g", url="", title=title, text=text, html="", authors=(), tags=tags, language=language,
        published_at=one.published_at, published_from="published",
    )  # fmt: skip
    return Sourced(made, source)


ITEMS = [
    item("The Bay Area grows", "A bridge was opened on Monday by five ministers", "en-HK", "rthk-hk", "Policy"),
    item("Nothing new", "A GBA bridge, and semiconductors.", "en", "scmp-com"),
    item("粵港澳大灣區建設", "大灣區的高質量發展", "zh-Hant-HK", "gd-daily"),
]


@pytest.mark.parametrize(
    "tree, written, fts, found",
    [
        (BAY, '"Bay Area"', '{title text} : "Bay Area"', {0}),
        (Phrase("Bay Area", scope="title"), 'title:"Bay Area"', '{title} : "Bay Area"', {0}),
        (Phrase("semicond", is_prefix=True), "semicond*", '{title text} : "semicond" *', {1}),
        (Phrase("大湾区"), '"大湾区"', '{title text} : " 大  湾  区 "', {2}),
        (
            And((BRIDGE, Not(GBA))), '"bridge" AND NOT "GBA"',
            '(({title text} : "bridge") NOT {title text} : "GBA")', {0},
        ),
        (
            And((Or((BAY, GBA)), Fact("source", "scmp-*"))), '("Bay Area" OR "GBA") AND source:scmp-*',
            '((({title text} : "Bay Area" OR {title text} : "GBA") AND source : ^"scmp-"))', {1},
        ),
        (And((BRIDGE, Fact("tag", "policy"))), '"bridge" AND tag:policy',
         '(({title text} : "bridge" AND tag : "policy"))', {0}),
        (And((BRIDGE, Fact("lang", "en"))), '"bridge" AND lang:en',
         '(({title text} : "bridge" AND lang : ^"en"))', {0, 1}),
        (Near(BRIDGE, Phrase("monday"), 4), '"bridge" NEAR/4 "monday"',
         '({title text} : NEAR("bridge" "monday", 3))', {0}),
        (Near(BRIDGE, Phrase("monday"), 3), '"bridge" NEAR/3 "monday"',
         '({title text} : NEAR("bridge" "monday", 2))', set()),
        (Near(Or((GBA, BAY)), BRIDGE, 1), '("GBA" OR "Bay Area") NEAR/1 "bridge"',
         '({title text} : NEAR("GBA" "bridge", 0) OR {title text} : NEAR("Bay Area" "bridge", 0))', {1}),
    ],
)  # fmt: skip
def test_one_query_in_every_program(tree: Node, written: str, fts: str, found: set[int]) -> None:
    assert as_ours(tree) == written
    assert parse_query(written) == tree
    assert as_fts5(tree) == fts
    case = Case([Query("one", tree, written)], ITEMS)
    for measured in (ours.measure([written], ITEMS), naive.measure(case), fts5.measure(case), fts5.measure_batch(case)):
        assert {at for at, met in zip(measured.places, measured.found, strict=True) if met} == found, measured.program


def test_what_lucene_is_given() -> None:
    tree = And((Near(BAY, GBA, 3), Not(Phrase("port", is_prefix=True, scope="title")), Fact("tag", "Policy")))
    assert as_json(tree) == [
        "and",
        ["near", 3, ["phrase", "Bay Area", None, False], ["phrase", "GBA", None, False]],
        ["not", ["phrase", "port", "title", True]],
        ["fact", "tag", "policy"],
    ]


def material() -> Material:
    """Of few items, where no name is one that only few have."""
    mined = mine([Sourced(one.item(), one.site.replace(".", "-")) for one in labelled()])
    return replace(mined, telling=mined.names, tags=["News", "Sport"])


def test_mix_is_of_every_kind_and_the_same_at_every_run() -> None:
    queries = mix(material(), 2_000)
    assert {query.kind for query in queries} == set(KINDS)
    assert sum(kind.share for kind in KINDS.values()) == 100
    assert len({query.written for query in queries}) == 2_000
    for query in queries:
        check_query(query.written)
    assert mix(material(), 300) == queries[:300]
