"""The parser reads the language of query.lark: what both read gives one tree, and each refuses what the other does."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import Matcher
from feedwatch.match.explain import explain
from feedwatch.match.parse import parse_query
from feedwatch.match.phrase import has_letter_or_digit
from feedwatch.match.regexes import check_regex
from feedwatch.match.tree import And, Fact, FactName, Near, Node, Not, Or, Phrase, Regex
from feedwatch.model import Field, WatchlistDef

PIECES = [
    *("a", "b", "port", "大湾区", "GDP增长", "9:30", "C++", "#tag", "it's", "and", "ANDES", "x/y", "--", "_"),
    *("AND", "OR", "NOT", "NEAR/3", "ONEAR/2", "NEAR/0", "NEAR/1001", "NEAR", "ANDNOT", "near/3", "NEAR/", "w/5"),
    *("(", ")", "title:(", "text:(", "TITLE:", "text:", "titel:", "tag:(", "http://x"),
    *('"a b"', '"high qual*"', '"a* b"', '"Li Keqiang"~1', '"port"~', '"a"~2', '"a"*', '""', '"', '"& "', '"x:*"'),
    *('"exact:US"', '"exact: F* "', '"exact:US"~', '"exact:"', "exact:US"),
    *(
        "chip*",
        "chip~",
        "chip~1",
        "chip~2",
        "abc~",
        "a*b",
        "*a",
        "*",
        "wom?n",
        "why?",
        "-a",
        "+a",
        "!a",
        "&&",
        "|",
        ",",
    ),
    *("lang:en", "LANG:zh-Hant", "lang:", "lang:english", "source:rthk-*", 'tag:"a b"', 'tag:"a"~', "tag:--"),
    *("author:AND", "site:rthk.hk", "site:x/y", "title:AND", "title:lang:en"),
    *("/a b/", r"/a\/b (c|d)/", "/a(/", "/", "/a", "title:/x/", "'a b'", " ", "\n"),
]
texts = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", " ", " ", ""])).map("".join), min_size=1, max_size=9
).map("".join)


@st.composite
def well_formed(draw: st.DrawFn) -> str:
    """A query that is mostly right: longer ones are rare among random pieces."""
    leaves = [
        "a",
        "port",
        "大湾区",
        '"a b"',
        "chip*",
        "title:a",
        "text:port",
        "lang:en",
        "/a b/",
        '"exact:US"',
        "chip~",
    ]
    parts = st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(["(", "title:(", "text:("]), inner, st.just(")")).map("".join),
            st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " NOT ", " NEAR/3 ", " ONEAR/9 "]), inner).map(
                "".join
            ),
            inner.map("NOT {}".format),
        ),
        max_leaves=8,
    )
    return draw(parts)


@settings(max_examples=500, deadline=None)
@given(st.one_of(texts, well_formed()))
@example("a OR b c NEAR/2 d NEAR/3 NOT e")
@example("（title：（a OR 「b c」） ／x y／）")
def test_the_parser_and_the_grammar_agree(query: str) -> None:
    try:
        tree: Node | None = parse_query(query)
    except QuerySyntaxError:
        tree = None
    assert tree == _by_grammar(query)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(st.sampled_from('abAN大区 "“()（*~:/\\|.-+!?,_#\ud800\n\u3000é\u0301ß１'), max_size=20),
        st.text(),
        texts,
    )
)
def test_whatever_is_written_is_read_and_explained_or_refused_with_a_column_of_it(query: str) -> None:
    try:
        explanation = explain(query)
    except QuerySyntaxError as error:
        assert 0 <= error.column <= len(query)
    else:
        assert all(0 <= warning.column < len(query) for warning in explanation.warnings)
        assert Matcher([(WatchlistDef("w", queries=(query,)), 1)]).problems == ()


@pytest.mark.parametrize("query", ["a OR b", "title:(a NEAR/3 b) lang:en", '"exact:US" /x/', "NOT chip~"])
def test_the_grammar_reads_what_it_should(query: str) -> None:
    assert _by_grammar(query) is not None


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """What the grammar cannot say: see the list in query.lark."""


@cache
def _grammar() -> Lark:
    text = Path(__file__).with_name("query.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", start="query")


def _by_grammar(query: str) -> Node | None:
    plain = query.translate(str.maketrans("“”「」（）：＊～／", '""""():*~/'))
    try:
        return _node(_grammar().parse(plain), None)
    except (UnexpectedInput, _Refused):
        return None


def _node(tree: Tree[Token], scope: Field | None) -> Node:
    parts = [part for part in tree.children if isinstance(part, Tree)]
    tokens = [token for token in tree.children if isinstance(token, Token)]
    if tokens and tokens[0].type == "SCOPE":
        own = cast("Field", tokens.pop(0)[:-1].lower())
        _refuse_if(scope not in (None, own))
        scope = own
    inner = [_node(part, scope) for part in parts]
    match tree.data:
        case "alternatives":
            return Or(tuple(inner))
        case "needed":
            return And(tuple(inner))
        case "negation":
            return Not(inner[0])
        case "near":
            return _near(inner, tokens)
        case "parenthesis":
            return inner[0]
        case _:
            return _leaf(tree.data, str(tokens[0]), scope)


def _leaf(kind: str, written: str, scope: Field | None) -> Node:
    _refuse_if(kind == "refused")
    if kind == "regex":
        return _regex(written[1:-1], scope)
    if kind == "fact":
        return _fact(*written.split(":", 1))
    return _phrase(written, scope, is_quoted=kind == "quoted")


def _near(parts: list[Node], operators: list[Token]) -> Node:
    left = parts[0]
    for operator, right in zip(operators, parts[1:], strict=True):
        name, _, distance = operator.partition("/")
        _refuse_if(not 1 <= int(distance) <= 1000 or not (_has_place(left) and _has_place(right)))
        left = Near(left, right, int(distance), name == "ONEAR")
    return left


def _has_place(node: Node) -> bool:
    return all(map(_has_place, node.parts)) if isinstance(node, Or) else isinstance(node, Phrase | Regex | Near)


def _phrase(written: str, scope: Field | None, *, is_quoted: bool) -> Phrase:
    text, tilde, _ = written.rpartition("~") if re.search("~1?$", written) else (written, "", "")
    text = text[1:-1] if is_quoted else text
    is_exact = is_quoted and text.lower().startswith("exact:")
    text = text[6:].strip() if is_exact else text
    ends = text.rstrip() if is_quoted else text
    is_prefix = not tilde and ends.endswith("*") and (not is_quoted or (ends[-2:-1].isalnum() and ends.count("*") == 1))
    text = ends[:-1] if is_prefix else text
    _refuse_if(not has_letter_or_digit(text))
    _refuse_if(bool(tilde) and (is_exact or sum(map(str.isalnum, text)) < 4))
    _refuse_if(not is_exact and not tilde and bool(re.search(r"\w\*\s", text)))
    return Phrase(text, scope=scope, exact=is_exact, is_prefix=is_prefix, edits=bool(tilde))


def _regex(pattern: str, scope: Field | None) -> Regex:
    try:
        check_regex(pattern)
    except ValueError:
        raise _Refused from None
    return Regex(pattern, scope=scope)


def _fact(name: str, value: str) -> Fact:
    value = value.strip('"').strip()
    if name.lower() == "lang":
        _refuse_if(value == "english" or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value))
    if name.lower() == "site":
        _refuse_if(not re.fullmatch(r"[^\s/:*@]+", value))
    _refuse_if(not re.search(r"[^\W_]|\*", value))
    return Fact(cast("FactName", name.lower()), value)


def _refuse_if(is_wrong: bool) -> None:
    if is_wrong:
        raise _Refused
