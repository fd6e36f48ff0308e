"""Files of other monitors, and our own there and back."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cli.watchlist_options import checked_watchlist
from feedwatch.model import QueryDef, WatchlistDef
from feedwatch.store.definitions import as_stored
from feedwatch.watchlists import DIALECTS, ReadFile, read_watchlists, write_csv, write_yaml
from feedwatch.watchlists.cells import joined, parted


def read(text: str | bytes, name: str = "news.csv", **options: Any) -> ReadFile:
    return read_watchlists(dedent(text).encode() if isinstance(text, str) else text, name, **options)


def values(text: str | bytes, name: str = "news.csv", **options: Any) -> dict[str, dict[str, Any]]:
    found = read(text, name, **options)
    assert found.problems == []
    return {draft.name: draft.values for draft in found.drafts}


CHIPS = {"Chips": {"terms": ["chip", "export ban"]}}
HAN = {"湾区": {"terms": ["大湾区", "深圳"]}}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("name,keywords\nChips,chip; export ban\n", CHIPS),
        ("Name,Keyword(s)\nChips,chip\nChips,export ban\n", CHIPS),
        ("Topic;Keywords\nChips;chip, export ban\n", CHIPS),
        ("topic\tkeyword\nChips\tchip\n\texport ban\n", CHIPS),  # merged cells
        ("sep=;\nname;terms\nChips;chip|export ban\n", CHIPS),
        ('name,terms\nChips,"chip\nexport ban"\n', CHIPS),
        ('name,terms\nChips,"""smith, jones""; x1"\n', {"Chips": {"terms": ["smith, jones", "x1"]}}),
        ("keywords\nchip\nexport ban\n", {"news": {"terms": ["chip", "export ban"]}}),
        ("name,terms\nChips,chip\nCHIPS,chip\n", {"Chips": {"terms": ["chip"]}}),
        ("主题,关键词\n湾区,大湾区、深圳\n", HAN),
        ('search name,boolean\nA,"chip, ban"\n', {"A": {"queries": ["chip, ban"]}}),
        ("name,keywords\nA,chip AND ban\n", {"A": {"queries": ["chip AND ban"]}}),  # more than a phrase
        ("name,query,exact,stem\nA,Chip,yes,\nA,ban,,en\n",
         {"A": {"queries": [{"query": "Chip", "exact": True}, {"query": "ban", "stem": "en"}]}}),
        ("name,terms,not\nA,chip,toy; San Francisco\n",
         {"A": {"terms": ["chip"], "exclude": ["toy", '"San Francisco"']}}),
        ("name,terms,exclude\nA,chip,toy AND (game)\n", {"A": {"terms": ["chip"], "exclude": ["toy AND (game)"]}}),
        ("name,terms,language,tags,owner,priority,description\nA,chip,English; zh,Hong Kong,Ann,2,\"x, y\"\n",
         {"A": {"terms": ["chip"], "languages": ["en", "zh"], "tags": ["Hong Kong"], "owner": "Ann", "priority": 2,
                "description": "x, y"}}),
        ("name,terms,enabled,min score\nA,chip,no,\"0,5\"\n",
         {"A": {"terms": ["chip"], "enabled": False, "min_score": 0.5}}),
    ],
)  # fmt: skip
def test_csv(text: str, expected: dict[str, dict[str, Any]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Chips: [chip, export ban]", CHIPS),
        ("Chips:\n  keywords: [chip, export ban]", CHIPS),
        ("Chips: {query: chip AND ban}", {"Chips": {"queries": ["chip AND ban"]}}),
        ("Chips: chip AND ban", {"Chips": {"queries": ["chip AND ban"]}}),
        ("- name: Chips\n  keywords: [chip, export ban]", CHIPS),
        ("- topic: Chips\n  terms: [chip]\n  phrases: export ban", CHIPS),
        ("alerts:\n  - name: Chips\n    keywords: [chip, export ban]", CHIPS),
        ('{"topics": [{"name": "Chips", "keywords": ["chip", "export ban"]}]}', CHIPS),
        ("[chip, export ban]", {"news": CHIPS["Chips"]}),
        ("name: Chips\nkeywords: [chip, export ban]", CHIPS),
        ("name: Chips\nqueries: [chip ANDNOT ban]", {"Chips": {"queries": ["chip AND NOT ban"]}}),
        ("A: [yes, no, 2026]", {"A": {"terms": ["yes", "no", "2026"]}}),  # as written
        ("A: [chip AND (ban)]", {"A": {"queries": ["chip AND (ban)"]}}),
        ("watchlists: [{name: A, terms: [chip AND ban]}]", {"A": {"terms": ["chip AND ban"]}}),  # ours: a phrase
        ("- {name: A, keywords: [x1], synonyms: [Macao = Macau, [GBA, 大湾区], HK]}",
         {"A": {"terms": ["x1"], "synonyms": ["Macao = Macau", "GBA = 大湾区", "HK"]}}),
        ("watchlists: [{name: A, queries: [{query: Ban, exact: true}]}]",
         {"A": {"queries": [{"query": "Ban", "exact": True}]}}),
    ],
)  # fmt: skip
def test_yaml(text: str, expected: dict[str, dict[str, Any]]) -> None:
    assert values(text, "news.yaml") == expected


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"],
)
def test_encodings(encoding: str) -> None:
    text = "主题;关键词\n湾区;大湾区、深圳\n"
    assert values(text.encode(encoding)) == HAN


@pytest.mark.parametrize(
    "encoding, word", [("big5", "粵港澳大灣區"), ("cp1252", "Crédit Agricole"), ("cp1252", "Münchner Rück – GmbH")]
)
def test_other_encodings(encoding: str, word: str) -> None:
    assert values(f"name,keywords\nA,{word}\n".encode(encoding)) == {"A": {"terms": [word]}}


def test_lines_of_phrases_and_of_rules() -> None:
    assert values("# ours\nchip\n\nchip NEAR5 ban\n", "Chips.txt") == {
        "Chips": {"terms": ["chip"], "queries": ["chip NEAR/5 ban"]}
    }
    rules = values("EntryTitle=(?i)chip\nEntryContent=Ban\n", "rules.txt", dialect=DIALECTS["miniflux"])
    assert rules == {"rules": {"queries": ["title:/chip/", "text:/(?-i)Ban/"]}}


@pytest.mark.parametrize(
    "name, text, problems",
    [
        ("a.csv", "", [(1, "", "the file is empty")]),
        ("a.csv", "colour,size\nred,1\n", [(1, "", "no column is called keywords or query")]),
        ("a.csv", "name,query\nA,chip AND\nB,ban\n", [(2, "A", "AND has nothing after it")]),
        ("a.csv", 'name,query\nA,"x1\ny1"\nA,(ban\n', [(4, "A", "this parenthesis is not closed")]),  # by line, not row
        ("a.csv", "name,terms\nA,!\nB,x1\n", [(2, "A", "has no letter or digit")]),
        ("a.csv", "name,terms\n,chip\n", [(2, "", "the row names no watchlist")]),
        ("a.csv", "name,terms,priority\nA,chip,high\n", [(2, "A", "priority 'high' is left out: expected a number")]),
        ("a.csv", "name,terms,owner\nA,x1,Ann\nA,y1,Ben\n", [(3, "A", "owner 'Ben' is left out: line 2 has 'Ann'")]),
        ("a.yaml", "A:\n - chip\n - (ban\n", [(3, "A", "this parenthesis is not closed")]),
        ("a.yaml", "A: [chip", [(1, "", "not valid YAML")]),
        ("a.yaml", "- {keywords: [chip]}\n- {name: B, keywords: [x1]}", [(1, "", "this watchlist has no name")]),
        ("a.yaml", "just text", [(1, "", "expected a mapping of names, or a list of watchlists")]),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(name: str, text: str, problems: list[tuple[int, str, str]]) -> None:
    found = read(text, name).problems
    assert [(problem.line, problem.watchlist) for problem in found] == [(line, of) for line, of, _ in problems]
    assert all(said in problem.sentence for problem, (_, _, said) in zip(found, problems, strict=True))


def test_one_bad_entry_stops_no_other() -> None:
    found = read("name,query\nA,chip AND\nA,ban\nB,title:x1\n")
    assert {draft.name: draft.values for draft in found.drafts} == {
        "A": {"queries": ["ban"]},
        "B": {"queries": ["title:x1"]},
    }


def test_what_was_changed_and_what_was_not_known_is_told() -> None:
    found = read("name,query,colour\nA,chip ANDNOT ban,red\n")
    assert [(change.line, change.watchlist, change.sentence) for change in found.changes] == [
        (1, "", "the column 'colour' is not known and left out"),
        (2, "A", "ANDNOT is AND NOT"),
    ]


@given(st.binary(max_size=80), st.sampled_from(["a.csv", "a.yaml", "a.txt"]))
def test_no_bytes_raise_anything(body: bytes, name: str) -> None:
    read_watchlists(body, name)


@given(st.lists(st.text(min_size=1).filter(str.strip)))
def test_a_list_in_a_cell_comes_back(entries: list[str]) -> None:
    assert parted(joined(entries)) == entries


SIGNS = "ab大湾 \"'();,|=:-&!~*/#{}[]$%\\é\n\t\u2028"
LINE = st.text(SIGNS, max_size=9)
TERMS = st.tuples(LINE, st.sampled_from(["a1", "大湾"]), LINE).map("".join)
PHRASES = TERMS.map(lambda term: f'"{term.replace(chr(34), "")}"').filter(lambda phrase: "*" not in phrase)
QUERIES = PHRASES | st.sampled_from(
    ['"a b" OR c1', "a1 NEAR/3 b1", "title:(x1 OR y1)", "chip, ban; toy", "“a b” 大湾", "/a;b|c/", "a1\nOR b1", "(a1)"]
)
WRITTEN = QUERIES | st.builds(QueryDef, QUERIES, exact=st.just(True)) | st.builds(QueryDef, QUERIES, stem=st.just("en"))
WORDS = st.text("ab大湾;,=|\"'-:#{", min_size=1, max_size=4)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
ABOUT = LINE.map(str.strip)


def some(entries: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(entries, min_size=least, max_size=3, unique=True).map(tuple)


DEFINITIONS = st.builds(
    WatchlistDef, NAMES, some(TERMS, 1), some(WRITTEN), some(WRITTEN), ABOUT, ABOUT, st.sampled_from(["any", "all"]),
    some(st.sampled_from(["en", "zh-Hant"])), some(st.sampled_from(["rthk-*", "scmp"])), some(NAMES),
    st.floats(0, 10), st.integers(-9, 9), some(some(TERMS, 2)),
)  # fmt: skip
LISTS = st.lists(st.tuples(DEFINITIONS, st.booleans()), max_size=3, unique_by=lambda pair: pair[0].name.casefold())
Pairs = list[tuple[WatchlistDef, bool]]


def there_and_back(body: str, name: str) -> Pairs:
    found = read_watchlists(body.encode(), name)
    assert (found.problems, found.changes) == ([], [])
    pairs = []
    for draft in found.drafts:
        held = {"name": draft.name, **draft.values}
        is_enabled = held.pop("enabled", True)
        pairs.append((checked_watchlist(held, found.sets), is_enabled))
    return pairs


@given(LISTS)
def test_csv_there_and_back(pairs: Pairs) -> None:
    assert there_and_back(write_csv(pairs), "out.csv") == pairs


@given(LISTS)
def test_yaml_there_and_back(pairs: Pairs) -> None:
    text = write_yaml(pairs, [as_stored(definition) for definition, _ in pairs], {})
    assert there_and_back(text, "out.yaml") == pairs
    assert isinstance(yaml.safe_load(text)["watchlists"], list)


def test_what_looks_like_a_variable_is_text_there_and_back() -> None:
    pairs = [(WatchlistDef("a", ("${HOME} sweet",), synonyms=(("${HOME}", "home"),)), True)]
    text = write_yaml(pairs, [as_stored(definition) for definition, _ in pairs], {})
    assert there_and_back(text, "out.yaml") == pairs


def test_yaml_reads_like_a_configuration() -> None:
    definition = WatchlistDef(
        "Greater Bay Area",
        ("Greater Bay Area", "no", "a: b"),
        ('GBA AND "Hong Kong"', QueryDef("bay area", stem="en")),
        languages=("en", "zh"),
        priority=2,
        synonyms=(("GBA", "大湾区"),),
    )
    text = write_yaml([(definition, False)], [as_stored(definition)], {"GBA": ("GBA", "大湾区")})
    assert text == dedent(
        """\
        synonyms:
          GBA: [GBA, 大湾区]

        watchlists:
          - name: Greater Bay Area
            terms:
              - Greater Bay Area
              - 'no'
              - 'a: b'
            queries:
              - GBA AND "Hong Kong"
              - {query: bay area, stem: en}
            languages: [en, zh]
            priority: 2
            synonyms: [GBA]
            enabled: false
        """
    )
