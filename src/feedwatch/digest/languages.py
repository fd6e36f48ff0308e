"""What the languages of sources are called in the reader's language (CLDR's names), and which way they are written."""

from __future__ import annotations

from functools import lru_cache

from feedwatch.digest.words import cldr, reader_locale

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def foreign_language(tag: str, locale: str) -> str:
    """The name of a language, or "" where it is the reader's own or unknown.

    tag, locale: BCP 47, or a POSIX locale such as zh_CN; scripts and regions are not looked at. A language without a
    name shows its tag.
    """
    language = primary(tag)
    if language in ("", "und", primary(locale)):
        return ""
    return language_name(tag, locale)


@lru_cache(maxsize=2048)
def language_name(tag: str, locale: str = "en") -> str:
    """The name of a language (BCP 47) in the reader's; its tag where it has none."""
    return str(cldr(reader_locale(locale)).languages.get(primary(tag), tag))


def direction(tag: str) -> str:
    """`rtl` or `ltr`, as HTML's dir attribute wants it."""
    return "rtl" if primary(tag) in _RIGHT_TO_LEFT else "ltr"


def script(tag: str) -> str:
    """`tc` for Traditional Chinese, `sc` for Simplified, `ja` for Japanese, else "": the same character is drawn in
    another way in each, and wants another font."""
    language = primary(tag)
    if language == "ja":
        return "ja"
    if language not in ("zh", "yue", "cmn"):
        return ""
    return "tc" if reader_locale(tag) == "zh-Hant" else "sc"


@lru_cache(maxsize=2048)
def primary(tag: str) -> str:
    """The primary subtag in lower case (RFC 5646, 2.2.1)."""
    return tag.replace("_", "-").split("-", 1)[0].lower()
