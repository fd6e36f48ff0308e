"""How the slow oracle reads a text: one character after the other, by the names that Unicode gives them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from feedwatch.han import to_simplified

STROKES = {"đ": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i"}
QUOTES = dict.fromkeys("‘’‚‛′ʼ`´", "'") | dict.fromkeys("“”„‟″", '"')
CHINESE_OR_JAPANESE = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "IDEOGRAPHIC")
WITHOUT_SPACES = ("HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")


@lru_cache(maxsize=1 << 16)
def is_separator(character: str) -> bool:
    """Whether it parts words: whitespace, a dash, the underscore or a control character."""
    return is_hyphen(character) or character == "_" or is_blank(character) or unicodedata.category(character) == "Cc"


@lru_cache(maxsize=1 << 16)
def is_hyphen(character: str) -> bool:
    """Whether it is a dash or the minus sign."""
    return unicodedata.category(character) == "Pd" or character == "−"


def is_blank(character: str) -> bool:
    """Whether it is whitespace."""
    return character.isspace()


@lru_cache(maxsize=1 << 16)
def is_han(character: str) -> bool:
    """Whether it is a Chinese character or one that is written among them."""
    named = unicodedata.name(character, "").removeprefix("HALFWIDTH ").startswith(CHINESE_OR_JAPANESE)
    return named and unicodedata.category(character)[0] in "LMN"


@lru_cache(maxsize=1 << 16)
def is_unspaced(character: str) -> bool:
    """Whether it is of another script without spaces between words, or with particles that grow onto them."""
    return unicodedata.name(character, "").startswith(WITHOUT_SPACES) and unicodedata.category(character)[0] in "LMN"


@lru_cache(maxsize=1 << 16)
def is_word(character: str) -> bool:
    """Whether it is a letter or digit of a script with spaces."""
    in_words = character.isalnum() or unicodedata.category(character)[0] == "M"
    return in_words and not is_han(character) and not is_unspaced(character)


def is_sign(character: str) -> bool:
    """Whether it is neither a letter or digit of any script nor a separator."""
    return not (is_word(character) or is_han(character) or is_unspaced(character) or is_separator(character))


@dataclass(frozen=True, slots=True)
class Character:
    """A folded character, or a separator as it is written, and where it stands in the text."""

    plain: str
    start: int
    end: int


class Reading:
    """A text, read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.characters = list(_characters(text))
        """Without the invisible ones."""
        self.solid = [at for at, character in enumerate(self.characters) if not is_separator(character.plain)]
        """Which of them are no separators."""

    @cached_property
    def places_by_character(self) -> dict[str, list[int]]:
        """Where each character stands."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, character in enumerate(self.characters):
            places[character.plain].append(at)
        return places

    @cached_property
    def tags(self) -> list[tuple[int, int]]:
        """Where in the text the words of hashtags stand."""
        return [found.span(1) for found in re.finditer(r"(?<![\w])[#＃](\w+)", self.text)]

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Where in the text each run of letters and digits stands, and each character of a script without spaces."""
        found: list[tuple[int, int]] = []
        goes_on = False
        for character in self.characters:
            if goes_on and is_word(character.plain):
                found[-1] = (found[-1][0], character.end)
            elif is_word(character.plain) or is_han(character.plain) or is_unspaced(character.plain):
                found.append((character.start, character.end))
            goes_on = is_word(character.plain)
        return found

    def word_goes_on(self, at: int) -> bool:
        """Whether a word goes on over the border before a character; in a hashtag each of its words ends."""
        if not 0 < at < len(self.characters):
            return False
        before, here = self.characters[at - 1], self.characters[at]
        if not (is_word(before.plain) and is_word(here.plain)):
            return False
        return not (self.in_hashtag(here.start) and new_word(self.text, here.start))

    def in_hashtag(self, origin: int) -> bool:
        """Whether the text's character at `origin` and the one before it are in one hashtag."""
        return any(start < origin < end for start, end in self.tags)


def new_word(text: str, at: int) -> bool:
    """Whether a word shows by its writing at `at`."""
    before, here, after = text[at - 1], text[at], text[at + 1 : at + 2]
    if before.isdigit() != here.isdigit():
        return before.isalnum() and here.isalnum()
    return here.isupper() and (before.islower() or (before.isupper() and after.islower()))


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a text."""
    return Reading(text)


def folded(text: str) -> str:
    """A text as it is compared where its words' places do not matter: one space for any separators, none around."""
    plain = "".join(" " if is_separator(one.plain) else one.plain for one in read(text).characters)
    return " ".join(plain.split())


def _characters(text: str) -> list[Character]:
    found: list[Character] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if is_separator(text[at]):
            found.append(Character(text[at], at, at + 1))
            end = at + 1
        else:
            found += [Character(" " if is_separator(part) else part, at, end) for part in _plain(text[at:end])]
        at = end
    return found


@lru_cache(maxsize=1 << 16)
def _plain(cluster: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", cluster).casefold())
    bare = "".join(part for part in apart if not _is_accent(part) and unicodedata.category(part) != "Cf")
    joined = unicodedata.normalize("NFKC", bare)
    return "".join(STROKES.get(part, QUOTES.get(part, part)) for part in to_simplified(joined))


def _is_accent(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(("COMBINING", "VARIATION SELECTOR")) and not name.startswith("COMBINING KATAKANA")
