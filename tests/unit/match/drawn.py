"""Queries and texts at random that have much to do with each other: what the archive's laws are tested with."""

from __future__ import annotations

import re

from hypothesis import strategies as st

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
    "12",
    "-",
    "\u2011",
    " ",
    " ",
    "_",
    "#",
    "&",
    ".",
    "\u00ad",
]
HAN = ["大", "湾", "区", "灣", "大湾", "湾区", "ガ", "국", " ", "\n", "-", "&"]
SEPARATORS = "-\u2011\u2014_ \n"

_pieces = [LATIN, HAN, LATIN + HAN]
phrases = st.one_of(
    *(st.lists(st.sampled_from(parts), min_size=1, max_size=5).map("".join) for parts in _pieces)
).filter(lambda phrase: re.search(r"[^\W_]", phrase) is not None)
_paired = st.lists(st.sampled_from(["abab", "baab", "ab"]), min_size=2, max_size=3).map(" ".join)
_long = st.lists(st.sampled_from(["a", "b", "ab", "1", "abab", "baab"]), min_size=5, max_size=9).map(" ".join)
_other = ["x", "y", "X", "Yx", "7", "-", " ", " ", "_", "#", "\n", ".", "山", "水"]
_noise = st.one_of(
    st.just(""),
    st.lists(st.sampled_from(_other), max_size=6).map("".join),  # or all that is sought would stand there by chance
    st.lists(st.sampled_from(_other), max_size=6).map("".join),
    *(st.lists(st.sampled_from(parts), max_size=8).map("".join) for parts in _pieces),
)


@st.composite
def texts(draw: st.DrawFn, sought: list[str]) -> str:
    """A text that has the sought phrases in other spellings, with noise around them."""
    text: str = draw(_noise)
    for phrase in sought:
        for character in phrase:
            if character in SEPARATORS:
                text += draw(st.sampled_from(["", " ", "-", "_", "\n ", " - ", "#", "\u2011"]))
            else:
                text += draw(st.sampled_from([character, character, character.upper(), character + "\u00ad"]))
                text += draw(st.sampled_from(["", "", "", "", "-", " "]))
        text += draw(_noise)
    return text


@st.composite
def queries(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A query of the whole language, and the phrases that it has."""
    sought: list[str] = []

    def phrase() -> str:
        one = draw(st.one_of(phrases, phrases, _paired, _long))
        sought.append(one)
        form = draw(st.sampled_from(['"{}"'] * 6 + ['title:"{}"', '"exact:{}"', '"{}*"', '"{}"~1']))
        return form.format(one)

    def part(depth: int) -> str:
        kind = draw(st.sampled_from(["phrase", "phrase", "and", "or", "not", "near", "fact"] if depth else ["phrase"]))
        match kind:
            case "and" | "or":
                return f"({part(depth - 1)} {kind.upper()} {part(depth - 1)})"
            case "not":
                return f"NOT {part(depth - 1)}"
            case "near":
                return f"({phrase()} NEAR/3 {phrase()})"
            case "fact":
                return draw(
                    st.sampled_from(
                        [
                            "lang:en",
                            "lang:zh",
                            "source:rt*",
                            "source:R*",
                            "tag:policy",
                            "author:ada",
                            "site:news.example",
                        ]
                    )
                )
        return phrase()

    return part(2), sought
