"""Which script a text is written in, and what that tells of its language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

SAMPLE = 1500
"""Characters of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the languages that are written in it."""

    letters: str
    """As the inside of a regular expression's character class."""
    languages: tuple[str, ...]
    """BCP 47, primary subtags. One alone: the script tells it."""
    example: str
    """The name of the first language in itself."""


SCRIPTS: tuple[Script, ...] = (
    Script("\u0400-\u052f", ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "ba", "ce", "cv", "os",
                             "sah", "bxr", "krc", "mhr", "myv", "rue", "tyv", "uz", "kv", "xal"), "русский"),
    Script("\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc", ("ar", "fa", "ur", "ps", "ckb", "ku", "sd", "ug",
                                                                   "arz", "pnb", "azb", "az", "ks", "mzn"), "العربية"),
    Script("\u0900-\u097f", ("hi", "mr", "ne", "sa", "mai", "bho", "bh", "new", "gom", "dty"), "हिन्दी"),
    Script("\u0980-\u09ff", ("bn", "as", "bpy"), "বাংলা"),
    Script("\u0590-\u05ff", ("he", "yi"), "עברית"),
    Script("\u0370-\u03ff\u1f00-\u1fff", ("el",), "ελληνικά"),
    Script("\u0530-\u058f", ("hy",), "հայերեն"),
    Script("\u10a0-\u10ff", ("ka", "xmf"), "ქართული"),
    Script("\u0e01-\u0e5b", ("th",), "ไทย"),
    Script("\u0e81-\u0edf", ("lo",), "ລາວ"),
    Script("\u1780-\u17ff", ("km",), "ខ្មែរ"),
    Script("\u1000-\u109f\uaa60-\uaa7f", ("my", "shn", "mnw"), "မြန်မာ"),
    Script("\u0f00-\u0fff", ("bo", "dz"), "བོད་སྐད"),
    Script("\u0a00-\u0a7f", ("pa",), "ਪੰਜਾਬੀ"),
    Script("\u0a80-\u0aff", ("gu",), "ગુજરાતી"),
    Script("\u0b00-\u0b7f", ("or",), "ଓଡ଼ିଆ"),
    Script("\u0b80-\u0bff", ("ta",), "தமிழ்"),
    Script("\u0c00-\u0c7f", ("te",), "తెలుగు"),
    Script("\u0c80-\u0cff", ("kn",), "ಕನ್ನಡ"),
    Script("\u0d00-\u0d7f", ("ml",), "മലയാളം"),
    Script("\u0d80-\u0dff", ("si",), "සිංහල"),
    Script("\u1200-\u137f", ("am", "ti"), "አማርኛ"),
    Script("\u0780-\u07bf", ("dv",), "ދިވެހި"),
)  # fmt: skip
# Written in Latin script as well.
_ALSO_LATIN = frozenset({"sr", "kk", "az", "ku", "uz", "tt", "mn", "tg", "ky", "sa"})
_EASTERN = {
    # Chinese ideographs alone can be a Japanese headline.
    "zh": ("zh", "yue", "wuu", "nan", "hak", "gan", "cdo", "hsn", "lzh", "ja"),
    "ja": ("ja",),
    "ko": ("ko",),
}
NOT_LATIN = frozenset(
    language for group in (*_EASTERN.values(), *(script.languages for script in SCRIPTS)) for language in group
).difference(_ALSO_LATIN)
"""Languages that are not written in Latin script."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_EAST = re.compile(f"{_HAN.pattern}|{_KANA.pattern}|{_HANGUL.pattern}".replace("]|[", ""))
_OTHER = re.compile("[" + "".join(script.letters for script in SCRIPTS) + "]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_NO_ASCII_LETTER = bytes(code for code in range(256) if not (chr(code).isascii() and chr(code).isalpha()))
_WEIGHT = 3
_MIN_SHARE_OF_KANA = 0.05
_MIN_SHARE_OF_JAPANESE = 0.1
_CHINESE_KANA = "の"


def languages_of_script(text: str) -> tuple[str, ...]:
    """The languages that the script of most of the text allows, the likeliest first; none where it is Latin or none.

    Looks at the first `SAMPLE` characters.
    """
    if text.isascii():
        return ()
    text = text[:SAMPLE]
    eastern = language_of_eastern_script(text)
    if eastern is not None:
        return _EASTERN[eastern]
    found = _OTHER.findall(text)
    if not found or len(found) <= len(_LATIN_LETTER.findall(text)):
        return ()
    counts: dict[Script, int] = {}
    for letter, count in Counter(found).items():
        script = _script_of(letter)
        counts[script] = counts.get(script, 0) + count
    return max(counts, key=counts.__getitem__).languages


def language_of_eastern_script(text: str) -> str | None:
    """ "zh", "ja" or "ko" where most of the text is in that language's script, else None.

    A Chinese character weighs three Latin letters, as it says as much. One の is at home in Chinese shop names.
    """
    if text.isascii():
        return None
    raw = text.encode(errors="replace")
    # None of the three scripts has a character of less than three bytes.
    most = (len(raw) - len(text)) * _WEIGHT
    if most <= len(raw.translate(None, _NO_ASCII_LETTER)) * 2 or not _EAST.search(text):
        return None
    chinese, kana, hangul = _HAN.findall(text), _KANA.findall(text), len(_HANGUL.findall(text))
    east = len(chinese) + len(kana) + hangul
    if not east or east * _WEIGHT <= len(_LETTER.findall(text)) - east:
        return None
    if hangul * 2 > east:
        return "ko"
    if len(kana) > east * _MIN_SHARE_OF_KANA and (not chinese or set(kana) != {_CHINESE_KANA}):
        return "ja"
    japanese = [character for character in chinese if character in _japanese()]
    return "ja" if len(set(japanese)) > 1 and len(japanese) > east * _MIN_SHARE_OF_JAPANESE else "zh"


@cache
def _japanese() -> frozenset[str]:
    """Characters of JIS X 0208 that neither GB 2312 nor Big5 has: 経, 発, 円. Found at the first use: 40 ms."""
    return frozenset(
        character
        for character in map(chr, range(0x4E00, 0xA000))
        if _is_in(character, "shift_jis") and not _is_in(character, "gb2312") and not _is_in(character, "big5")
    )


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> Script:
    """The script of a letter that `_OTHER` found."""
    return next(script for script in SCRIPTS if re.match(f"[{script.letters}]", letter))
