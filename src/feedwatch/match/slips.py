"""What is said of a mark that cannot be read: what it looks like, and what to write instead.

Each sentence is for somebody who knows another monitor's way of writing, and no programming.
"""

from __future__ import annotations

import re

from .field_slips import OF_OTHERS, no_such_field

OPERATORS = {
    "NEAR": "NEAR has to say how near: write NEAR/8 (no blank) for at most 8 words from one to the other",
    "ONEAR": "ONEAR has to say how near: write ONEAR/8 (no blank) for at most 8 words from one to the other, in order",
    "ANDNOT": "ANDNOT is written as two words: AND NOT",
}
"""Upper-case words that are no operators, and not meant as words."""

UNENDED = "this quotation mark has no partner: expected a closing one after the phrase"
INNER_STAR = "* stands for the rest of the last word alone: write the other forms out with OR"

_SIGNS = {
    "&": "& is no operator: write AND",
    "&&": "&& is no operator: write AND",
    "+": "+ is no operator: write AND",
    "|": "| is no operator: write OR",
    "||": "|| is no operator: write OR",
    "!": "! is no operator: write NOT",
    "*": "* has no word before it: it stands for the rest of a word, as in semiconductor*",
} | {
    sign: f"{sign} has no meaning between words: write OR where any of them will do, AND where all are needed"
    for sign in ",;，；、"
}
_SIGN_BEFORE = [
    (re.compile(r"[-\u2010-\u2015\u2212](?=[^-])"), "a minus sign does not exclude; write NOT before the word"),
    (re.compile(r"\+(?=[^\W\d])"), "a plus sign is not needed: words side by side all have to be found; leave it out"),
    (re.compile(r"!(?=\w)"), "an exclamation mark does not exclude; write NOT before the word"),
]
_NEARLY_NEAR = re.compile(r"(o?near)(?:/([0-9]*).*|[~=]([0-9]+))|(?:within|w)/([0-9]+)", re.IGNORECASE | re.DOTALL)
_WORDS_LIKE_FIELDS = re.compile(r"([^\W\d_]+):")
_STAR = re.compile(r"\*")
_INNER_STAR = re.compile(r"(?<=\w)\*(?=\s)")
_LETTER_LEFT_OPEN = re.compile(r"(?<=\w)\?(?=\w)")
_SINGLE_QUOTED = re.compile(r"['‘`][^'’`\"()]{0,200}['’`](?=[\s()]|\Z)")
_QUOTES = "or quotes around it"


def in_word(text: str) -> tuple[int, str] | None:
    """The first slip in a bare word with a mark: where in it, and what to say. None where it has none."""
    if text in _SIGNS:
        return 0, _SIGNS[text]
    for sign, problem in _SIGN_BEFORE:
        if sign.match(text):
            return 0, f"{problem}, {_QUOTES}"
    near = _NEARLY_NEAR.fullmatch(text)
    if near:
        operator = "ONEAR" if (near[1] or "").lower() == "onear" else "NEAR"
        operator += f"/{near[2] or near[3] or near[4] or 8}"
        return 0, f"{text} is no operator: write {operator}, in upper case; {_QUOTES} if meant"
    like_field = _WORDS_LIKE_FIELDS.match(text)
    if like_field and like_field[1] in OF_OTHERS:
        return 0, no_such_field(like_field[1], text)
    return _in_stars(text) or _in_tildes(text)


def _in_stars(text: str) -> tuple[int, str] | None:
    star = _STAR.search(text)
    if star and star.start() == 0:
        return 0, f"{text}: the beginning of a word cannot be left open, its end alone: expected letters before the *"
    if star and star.end() < len(text):
        if text[star.end()] == "~":
            return star.start(), f"{text} has both * and ~: one of them alone can be asked of a word"
        return star.start(), f'{text}: * stands for the rest of a word, at its end alone; if meant, write "{text}"'
    mark = _LETTER_LEFT_OPEN.search(text)
    if mark:
        return mark.start(), f'{text}: ? does not stand for a letter; write the words out with OR, or "{text}" if meant'
    return None


def _in_tildes(text: str) -> tuple[int, str] | None:
    at = text.find("~")
    if at < 0 or (at and re.fullmatch(r"[0-9]*", text[at + 1 :])):
        return None
    return at, f'{text}: ~ stands after a word of which a letter may differ, as in name~1; if meant, write "{text}"'


def single_quoted(plain: str, column: int) -> tuple[int, str] | None:
    """The slip of a phrase between single quotes: as `in_word`, where one begins at `column`."""
    found = _SINGLE_QUOTED.match(plain, column)
    if found is None:
        return None
    return 0, f'single quotes make no phrase: write "{found[0][1:-1]}" in double quotes'


def is_prefix(phrase: str) -> bool:
    """Whether a quoted phrase ends with a word that may go on."""
    return len(phrase) > 1 and phrase[-1] == "*" and (phrase[-2].isalnum() and phrase.find("*") == len(phrase) - 1)


def inner_star(phrase: str) -> int | None:
    """Where a quoted phrase has a word, not its last, that is meant to go on; other stars are taken as they stand."""
    found = _INNER_STAR.search(phrase)
    return found.start() if found else None


def after_quote(after: str, *, is_exact: bool) -> str:
    """What is wrong with the mark after a quoted phrase; nothing with ~ and ~1."""
    if after[0] == "*":
        return 'the * stands inside the quotes, after the last word, as in "high qual*"'
    if not re.fullmatch(r"~[0-9]*", after):
        return f"{after} cannot stand here: expected ~1, a blank or a parenthesis after the phrase"
    if is_exact:
        return f"{after} lets a letter differ, and exact: none: leave one of them out"
    return ""


def in_fuzzy(text: str, edits: str, fewest_letters: int) -> str:
    """What is wrong with `text~edits`; nothing where a letter may differ of enough."""
    if edits not in ("", "1"):
        words = text.split()
        other = "if the sign is meant, put it in quotes"
        if len(words) > 1:
            other = f"for words near each other write {words[0]} NEAR/{edits} {words[-1]}"
        return f"~{edits}: one letter may differ, and no more: write ~1; {other}"
    if sum(character.isalnum() for character in text) < fewest_letters:
        return f"~ is for words of {fewest_letters} letters or more: a letter off, {text.strip()} would be many others"
    return ""


def distance(near: str, farthest: int) -> str:
    """NEAR/n with an n that is none."""
    return f"{near}: the number is how many words lie from one to the other: expected 1 to {farthest:,}"


def unended_regex(text: str) -> str:
    """A slash that begins what does not end."""
    meant = f'write "{text}"' if text != "/" else "put it in double quotes"
    return f"this slash begins a regular expression, /.../, that does not end; if the sign is meant, {meant}"


def nothing_in(text: str, what: str) -> str:
    """A word or phrase that no text can be searched for."""
    if not text:
        return f"{what} is empty: expected words to find"
    return f"{what} {text} has no letter or digit: expected words to find"
