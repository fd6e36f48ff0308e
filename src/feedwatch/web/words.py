"""The pages' own words in the languages of the mails, and which of them a reader gets.

The catalogs are gettext's .po files, read as they are: what is written in English in templates/pages, in
templates/confirm.* and here in web stands in each of them (a test holds it).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.messages.pofile import read_po

from feedwatch.digest.words import LOCALES, cldr, reader_locale

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

CATALOGS = Path(__file__).with_name("locales")
NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
"""What each language calls itself."""
_KNOWN = ("en", "zh", "yue", "cmn")
_LONGEST_HEADER = 500


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. Called with an English text, it says that text, with what stands in {braces} filled in."""

    locale: str
    """One of NAMES; BCP 47."""
    said: Mapping[str, str]

    def __call__(self, text: str, **values: object) -> str:
        """The text in this language; in English where the catalog has it not."""
        return self.said.get(text, text).format(**values)

    def time(self, at: datetime, zone: str) -> str:
        """A day and a time of day on the clock of a time zone."""
        return self._format(at, zone, "d MMM y, HH:mm" if self.locale == "en" else "y年M月d日 HH:mm")

    def short_time(self, at: datetime, zone: str) -> str:
        """The same without the year."""
        return self._format(at, zone, "d MMM, HH:mm" if self.locale == "en" else "M月d日 HH:mm")

    def _format(self, at: datetime, zone: str, pattern: str) -> str:
        return str(format_datetime(at, pattern, ZoneInfo(zone), cldr(self.locale)))


@cache
def words(locale: str) -> Words:
    """The words of one of NAMES."""
    path = CATALOGS / f"{LOCALES[locale]}.po"
    if not path.exists():
        return Words(locale, {})
    with path.open("rb") as file:
        catalog = read_po(file)
    return Words(locale, {str(message.id): str(message.string) for message in catalog if message.id and message.string})


def words_for(tag: str) -> Words:
    """The words for a subscriber's locale."""
    return words(reader_locale(tag))


def accepted(header: str) -> Words:
    """The words that an Accept-Language header prefers (RFC 9110, 12.5.4); English where it names none that we have."""
    best, weight = "en", 0.0
    for part in header[:_LONGEST_HEADER].split(","):
        tag, _, parameters = part.partition(";")
        tag = tag.strip()
        if tag.partition("-")[0].lower() in _KNOWN and (quality := _quality(parameters)) > weight:
            best, weight = reader_locale(tag), quality
    return words(best)


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
