"""The words of a mail in the reader's language: gettext catalogs, read from the .po files beside this module."""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup

CATALOGS = Path(__file__).with_name("locales")
"""One file for each locale but English, whose words are the templates' own. They are compiled as they are read: there
is no second file that could be stale, in a checkout as in a wheel."""
LOCALES = MappingProxyType({"en": "en_GB", "zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_HK"})
"""The locales of mails (BCP 47), and the CLDR locale whose dates, numbers and names each has."""
_TRADITIONAL = frozenset({"hant", "hk", "mo", "tw"})
_CHINESE = frozenset({"zh", "yue", "cmn"})


@lru_cache(maxsize=512)
def reader_locale(tag: str) -> str:
    """The one of LOCALES for a reader's (BCP 47, or POSIX such as zh_CN.UTF-8): Chinese by its script, or by what is
    written where they live; English for every other language."""
    language, *subtags = tag.split(".", maxsplit=1)[0].replace("_", "-").lower().split("-")
    if language not in _CHINESE:
        return "en"
    if "hans" in subtags:
        return "zh-Hans"
    return "zh-Hant" if language == "yue" or _TRADITIONAL.intersection(subtags) else "zh-Hans"


@lru_cache(maxsize=len(LOCALES))
def translations(locale: str) -> gettext.NullTranslations:
    """The catalog of one of LOCALES; what it lacks is said in English."""
    file = CATALOGS / f"{LOCALES[locale]}.po"
    if not file.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as po:
        write_mo(compiled, read_po(po))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=len(LOCALES))
def cldr(locale: str) -> Locale:
    """What CLDR knows of one of LOCALES."""
    return Locale.parse(LOCALES[locale])


@lru_cache(maxsize=4096)
def number(value: float, locale: str) -> str:
    """`1,204`, `0.5`: at most one decimal."""
    return format_decimal(value, format="#,##0.#", locale=cldr(locale))


def signed(value: int, locale: str) -> str:
    """`+4`, `−3` with a true minus sign, `±0`."""
    sign = "+" if value > 0 else "−" if value else "±"
    return sign + number(abs(value), locale)


def listed(parts: Sequence[str], locale: str) -> str:
    """`A`, `A and B`, `A, B and C` as the language joins them (CLDR's list patterns); Markup where the parts are."""
    patterns = cldr(locale).list_patterns["standard"]
    match list(parts):
        case [first, *between, last_but_one, last]:
            joined = _filled(patterns["end"], last_but_one, last)
            for part in reversed(between):
                joined = _filled(patterns["middle"], part, joined)
            return _filled(patterns["start"], first, joined)
        case [one, other]:
            return _filled(patterns["2"], one, other)
        case one:
            return one[0] if one else ""


def _filled(pattern: str, one: str, other: str) -> str:
    if isinstance(one, Markup) or isinstance(other, Markup):
        return Markup(pattern).format(one, other)  # noqa: S704 - CLDR's, and what is no Markup is escaped
    return pattern.format(one, other)
