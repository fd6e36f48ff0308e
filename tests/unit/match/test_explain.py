"""How a query is explained: its tree, how each phrase is folded and spelled, and how items are picked for it."""

from __future__ import annotations

import pytest

from feedwatch.errors import QuerySyntaxError
from feedwatch.match.explain import Explained, explain
from feedwatch.model import Query, QueryDef
from tests.unit.match.finding import spans_of_query


def labels(part: Explained) -> list[object]:
    return [part.label, *map(labels, part.parts)]


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("port", ['"port"']),
        ('("Bay Area" OR 大湾区) NOT chip*', ["AND", ["OR", ['"Bay Area"'], ['"大湾区"']], ["NOT", ['"chip*"']]]),
        ("title:a ONEAR/3 b", ["ONEAR/3", ['title:"a"'], ['"b"']]),
        ("lang:en title:/a b/", ["AND", ["lang:en"], ["title:/a b/"]]),
        ('Keqiang~ "exact:US"', ["AND", ['"Keqiang"~1'], ['"exact:US"']]),
        (QueryDef("US", exact=True), ['"exact:US"']),
    ],
)
def test_the_tree(query: Query, tree: list[object]) -> None:
    assert labels(explain(query).tree) == tree


@pytest.mark.parametrize(
    ("phrase", "folded", "spellings"),
    [
        ("high-quality", "high quality", ["high quality", "highquality", "#HighQuality"]),
        ("high quality", "high quality", ["high-quality", "#HighQuality"]),
        ("#HighQuality", "high quality", ["high quality", "high-quality", "highquality"]),
        ("Café", "cafe", []),
        ("高質量發展", "高质量发展", []),
        ("GDP 增长", "gdp 增长", ["gdp 增长", "gdp-增长", "gdp增长"]),
        ("2024 25", "2024 25", ["2024-25"]),
        ("AT&T", "at&t", []),
    ],
)
def test_how_a_phrase_is_folded_and_spelled(phrase: str, folded: str, spellings: list[str]) -> None:
    explained = explain(f'"{phrase}"').tree
    assert (explained.folded, list(explained.spellings)) == (folded, spellings)


@pytest.mark.parametrize(
    "phrase", ["high-quality", "bay area port", "#GreaterBayArea", "GDP 增长", "2024 25", "COVID-19"]
)
def test_every_spelling_that_is_told_is_found(phrase: str) -> None:
    explained = explain(f'"{phrase}"').tree
    for spelling in (explained.folded, *explained.spellings):
        assert spans_of_query(f'"{phrase}"', f"The {spelling} goes on") != [], spelling


@pytest.mark.parametrize(
    ("query", "literals"),
    [
        ("high-quality", ("highquality",)),
        ("GBA OR 大灣區", ("gba", "大湾区")),
        ("port AND Shenzhen", ("shenzhen",)),
        ("NOT port", ()),
        ("lang:en", ()),
    ],
)
def test_what_new_items_are_asked_by(query: str, literals: tuple[str, ...]) -> None:
    assert explain(query).literals == literals


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        ("port", "port"),
        ("port (bridge OR chip*)", "port AND (bridge OR chip*)"),
        ("port lang:en source:rthk-*", "port AND lang:en AND source:rthk-*"),
        ("大湾区", "大湾 AND 湾区"),
        ("NOT port", "every item"),
    ],
)
def test_what_the_index_is_asked_for(query: str, plan: str) -> None:
    assert explain(query).plan == plan


def test_warnings_come_with_it_and_errors_go_before_it() -> None:
    assert [warning.column for warning in explain("port and bridge").warnings] == [5]
    with pytest.raises(QuerySyntaxError):
        explain("port AND")
