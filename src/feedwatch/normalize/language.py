"""The language of an item: what was declared, unless the text's script says that it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

UNKNOWN = "und"

_TAG = re.compile(
    r"([a-z]{2,3})"  # language
    r"(?:[-_][a-z]{3}(?![a-z0-9]))?"  # extended language: `zh-cmn` is `zh`
    r"(?:[-_]([a-z]{4})(?![a-z0-9]))?"  # script
    r"(?:[-_]([a-z]{2}|[0-9]{3})(?![a-z0-9]))?"  # region
    r"(?:[-_.@].*)?",
    re.IGNORECASE,
)
_MAX_TAG = 40
# Three letters where BCP 47 wants two, and countries written for their language.
_ALIASES = {
    "ara": "ar", "chi": "zh", "cmn": "zh", "cn": "zh", "deu": "de", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de",
    "ita": "it", "jp": "ja", "jpn": "ja", "kor": "ko", "por": "pt", "rus": "ru", "spa": "es", "vie": "vi", "zho": "zh",
}  # fmt: skip
# What may be written in a script: Chinese ideographs alone can be a Japanese headline.
_FITS = {
    "zh": frozenset({"zh", "yue", "wuu", "nan", "hak", "gan", "lzh", "ja"}),
    "ja": frozenset({"ja"}),
    "ko": frozenset({"ko"}),
}
_SAMPLE = 1500
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_EAST = re.compile(f"{_HAN.pattern}|{_KANA.pattern}|{_HANGUL.pattern}".replace("]|[", ""))
_NO_ASCII_LETTER = bytes(code for code in range(256) if not (chr(code).isascii() and chr(code).isalpha()))
_LETTER = re.compile(r"[^\W\d_]")
_MIN_SHARE_OF_KANA = 0.05


def choose_language(declared: Iterable[str | None], title: str, text: str) -> str:
    """The first declared language (nearest first) that the script allows; else what the script tells; else "und"."""
    evidence = language_of_script(f"{title}\n{text[:_SAMPLE]}")
    for tag in declared:
        language = normal_tag(tag or "")
        if language != UNKNOWN and (evidence is None or language.partition("-")[0] in _FITS[evidence]):
            return language
    return evidence or UNKNOWN


@lru_cache(maxsize=1024)
def normal_tag(tag: str) -> str:
    """A language tag in the case of RFC 5646, 2.1.1: language, script and region; "und" where it is none."""
    match = _TAG.fullmatch(tag.strip()) if len(tag) <= _MAX_TAG else None
    if match is None:
        return UNKNOWN
    language = match[1].lower()
    parts = [_ALIASES.get(language, language)]
    if match[2]:
        parts.append(match[2].title())
    if match[3]:
        parts.append(match[3].upper())
    return "-".join(parts)


def language_of_script(text: str) -> str | None:
    """ "zh", "ja" or "ko" where most of the text is in that language's script, else None.

    A Chinese character weighs two Latin letters, as it says as much.
    """
    if text.isascii():
        return None
    raw = text.encode(errors="replace")
    # None of the three scripts has a character of less than three bytes.
    if len(raw) - len(text) <= len(raw.translate(None, _NO_ASCII_LETTER)) or not _EAST.search(text):
        return None
    han, kana, hangul = (len(script.findall(text)) for script in (_HAN, _KANA, _HANGUL))
    east = han + kana + hangul
    if not east or east * 2 <= len(_LETTER.findall(text)) - east:
        return None
    if hangul * 2 > east:
        return "ko"
    return "ja" if kana > east * _MIN_SHARE_OF_KANA else "zh"
