"""Queries, watchlists and items at random that have much to do with each other, for the laws of the engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase, Regex, phrases
from feedwatch.model import Field, Query, QueryDef, WatchlistDef
from tests.unit.match.oracle import Asked
from tests.unit.match.test_facts import ITEM

LATIN = [
    "a",
    "b",
    "A",
    "B",
    "é",
    "ab",
    "Ab",
    "aB",
    "ﬀ",
    "1",
    "2",
    "-",
    "‑",
    "—",
    " ",
    " ",
    "_",
    "\n",
    "#",
    "&",
    ".",
    "\u00ad",
]
HAN = ["大", "湾", "灣", "区", "大湾", "湾区", "網", " ", "\n", "-", "&"]
WORDS = ["policy", "policies", "Policing", "run", "running", "the", "China", "China's", " ", " ", "-", ", "]
FEWEST_FUZZY = 4
SEPARATORS = "-‑— \n_"
REGEXES = [
    "a.b", "(?-i)A[ab]", "[ab]{2}", "大.", r"\d+", "a|b", r"\bab\b", "湾(区|b)", "b +1?", "(ab|大湾)1?", "ab[^b]",
    r"\p{Han}{2}b", r"polic(y|ies)", r"(?-i)policy",
]  # fmt: skip
FACTS = [
    Fact("lang", "en"), Fact("lang", "zh"), Fact("source", "rt*"), Fact("source", "*b"), Fact("tag", "a b"),
    Fact("tag", "大*"), Fact("author", "ab"), Fact("author", "a*"), Fact("site", "b.example"),
]  # fmt: skip


def _joined(parts: Sequence[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), min_size=1, max_size=most).map("".join)


def has_letter(text: str) -> bool:
    """Whether there is something in a text to find."""
    return re.search(r"[^\W_]", text) is not None


texts_of_phrases = st.one_of(_joined(LATIN, 5), _joined(HAN, 5), _joined(LATIN + HAN, 5), _joined(WORDS, 4)).filter(
    has_letter
)
little_noise = st.sampled_from(["", " ", " ", "; ", " a ", " b a\n", "大", "湾区", ", c-d "])
noise = st.one_of(st.just(""), _joined(LATIN, 12), _joined(HAN, 12), _joined(LATIN + HAN, 12), _joined(WORDS, 6))
forms_of_words = _joined([*WORDS, "#", "policy's", "run"], 9)
few_words = st.lists(st.sampled_from(["policy", "policies", "running", "China's"]), min_size=1, max_size=2).map(
    " ".join
)
scopes: st.SearchStrategy[Field | None] = st.sampled_from([None, None, None, "title", "text"])


FORMS = ["plain"] * 5 + ["prefix", "prefix", "exact", "exact prefix", "fuzzy", "fuzzy", "fuzzy"]


@st.composite
def one_phrase(draw: st.DrawFn, forms: Sequence[str] = FORMS) -> Phrase:
    """A phrase as a query may have it."""
    text = draw(texts_of_phrases)
    scope = draw(scopes)
    form = draw(st.sampled_from(forms))
    if form == "exact":
        return Phrase(text.strip(), scope=scope, exact=True)
    if "prefix" in form and text.strip()[-1].isalnum():
        is_exact = form == "exact prefix"
        return Phrase(text.strip() if is_exact else text.rstrip(), scope=scope, is_prefix=True, exact=is_exact)
    if form == "fuzzy":
        text += draw(st.sampled_from(["", "abba", "大湾区的", "b12a b"]))
        return Phrase(text, scope=scope, edits=int(sum(map(str.isalnum, text)) >= FEWEST_FUZZY))
    return Phrase(text, scope=scope)


regexes = st.builds(Regex, st.sampled_from(REGEXES), scope=scopes)


def _joined_by_near(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Near]:
    side = st.one_of(nodes, nodes, st.lists(nodes, min_size=2, max_size=2).map(tuple).map(Or))
    return st.builds(Near, side, side, st.integers(1, 5), st.booleans())


placed: st.SearchStrategy[Node] = st.one_of(one_phrase(), one_phrase(), regexes)
nears = st.one_of(_joined_by_near(placed), _joined_by_near(st.one_of(placed, _joined_by_near(placed))))
placed = st.one_of(placed, placed, nears)


def _joined_by_and_or(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        parts.map(And), parts.map(Or), parts.map(lambda some: And((some[0], Not(some[1])))), nodes.map(Not)
    )


trees = st.recursive(st.one_of(*[placed] * 6, st.sampled_from(FACTS)), _joined_by_and_or, max_leaves=4)


def written(node: Node) -> str:
    """A tree as a query."""
    match node:
        case Phrase():
            scope = f"{node.scope}:" if node.scope else ""
            inside = ("exact:" if node.exact else "") + node.text + ("*" if node.is_prefix else "")
            return f'{scope}"{inside}"' + ("~1" if node.edits else "")
        case Regex(pattern=pattern, scope=scope):
            return f"{scope}:/{pattern}/" if scope else f"/{pattern}/"
        case Fact(name=name, pattern=pattern):
            return f'{name}:"{pattern}"'
        case Near(left=left, right=right):
            return f"({written(left)} {'O' if node.ordered else ''}NEAR/{node.distance} {written(right)})"
        case And(parts=parts):
            return "(" + " ".join(map(written, parts)) + ")"
        case Or(parts=parts):
            return "(" + " OR ".join(map(written, parts)) + ")"
        case Not(part=part):
            return f"NOT {written(part)}"


@st.composite
def text_near(draw: st.DrawFn, sought: Sequence[str], noise: st.SearchStrategy[str] = noise) -> str:
    """A text that has the sought phrases in other spellings, with noise around them."""
    text: str = draw(noise)
    for phrase in sought:
        text += draw(st.sampled_from(["", "", "", "#"]))
        wrong = draw(st.integers(0, 12))
        for at, character in enumerate(phrase):
            if character in SEPARATORS:
                text += draw(st.sampled_from(["", " ", character, character, "-", "_", "\n ", " - ", "#"]))
            elif at == wrong:
                text += draw(st.sampled_from(["", "x", character * 2, "湾", "2"]))
            else:
                forms = [
                    character,
                    character,
                    character,
                    character.swapcase(),
                    character + "\u00ad",
                    character.replace("湾", "灣"),
                ]
                text += draw(st.sampled_from(forms))
                text += draw(st.sampled_from(["", "", "", "", "", "-", " "]))
        text += draw(noise)
    return text


@st.composite
def asked_near(draw: st.DrawFn, sought: Sequence[str]) -> Asked:
    """An item that has some of the sought phrases."""
    some = [phrase for phrase in sought if draw(st.booleans())][:4]
    half = draw(st.integers(0, len(some)))
    item = replace(
        ITEM,
        title=draw(text_near(some[:half])),
        text=draw(text_near(some[half:])),
        language=draw(st.sampled_from(["en", "en-HK", "de", "zh-Hant", "und"])),
        tags=tuple(draw(st.lists(st.sampled_from(["A-B", "大灣", "c"]), max_size=2))),
        authors=tuple(draw(st.lists(st.sampled_from(["Ab C", "abc", "B"]), max_size=1))),
        url=draw(st.sampled_from(["", "https://b.example/1", "https://a.b.example/", "https://ab.example/"])),
    )
    return Asked(item, draw(st.sampled_from(["rthk", "b", ""])), draw(st.sampled_from([(), ("a b",), ("大湾区",)])))


@st.composite
def watchlists(draw: st.DrawFn, name: str) -> tuple[WatchlistDef, list[str]]:
    """A watchlist that uses everything, and the phrases that it has."""
    parts = draw(st.sampled_from([trees, placed, one_phrase()]))
    drawn = draw(st.lists(parts, min_size=1, max_size=2))
    excluded = draw(st.lists(parts, max_size=2))
    terms = draw(st.lists(texts_of_phrases, max_size=2))
    sought = [*terms, *(phrase.text for tree in [*drawn, *excluded] for phrase in phrases(tree))]
    others = draw(st.lists(texts_of_phrases, min_size=1, max_size=2))
    sets: tuple[tuple[str, ...], ...] = ()
    has_synonyms = draw(st.booleans())
    if sought and has_synonyms:
        sets = ((draw(st.sampled_from(sought)), *others),)
        sought += others
    options = [draw(st.sampled_from(["", "", "", "stem", "exact"])) for _ in drawn]
    is_narrow = [draw(st.integers(0, 5)) == 0 for _ in range(3)]
    definition = WatchlistDef(
        name,
        tuple(terms),
        tuple(map(_query, map(written, drawn), options)),
        tuple(map(written, excluded)),
        mode=draw(st.sampled_from(["any", "any", "all"])),
        languages=("en", "zh-hant") if is_narrow[0] else (),
        sources=("rthk", "b*") if is_narrow[1] else (),
        tags=("a b", "c") if is_narrow[2] else (),
        synonyms=sets,
    )
    return definition, sought


def _query(text: str, option: str) -> Query:
    return QueryDef(text, exact=option == "exact", stem="en" if option == "stem" else "") if option else text
