"""The language of an item: what was declared, unless its text surely says another.

The script tells most of what can be told (Chinese, Japanese, Korean, Thai, ...); a model tells the languages of one
script apart, with what was declared and what the reader expects as its prior. docs/decisions/0016.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from feedwatch import han
from feedwatch.normalize.language_model import likelihoods
from feedwatch.normalize.script import NOT_LATIN, languages_of_script
from feedwatch.normalize.script import SAMPLE as SCRIPT_SAMPLE

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
# Three letters where BCP 47 wants two, countries written for their language, and codes of old.
_ALIASES = {
    "ara": "ar", "chi": "zh", "cmn": "zh", "cn": "zh", "deu": "de", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de",
    "in": "id", "ita": "it", "iw": "he", "jp": "ja", "jpn": "ja", "kor": "ko", "por": "pt", "rus": "ru", "spa": "es",
    "vie": "vi", "zho": "zh",
}  # fmt: skip
# What the model can hardly tell apart, or calls by one name: whichever of them is declared is believed.
_KIN = {
    language: kin
    for kin in ({"no", "nb", "nn", "da"}, {"hr", "sr", "bs", "sh"}, {"id", "ms"}, {"tl", "fil"}, {"hi", "mr", "ne"})
    for language in kin
}
# Taken from the model without any prior. It knows more, and takes short texts of these for one of those.
_WORLD = frozenset({
    "af", "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "gu", "he",
    "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lo", "lt", "lv", "mk", "ml",
    "mn", "mr", "ms", "my", "ne", "nl", "no", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv",
    "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "uz", "vi", "zh",
})  # fmt: skip
# Scripts, by their first language, whose languages the model tells apart.
_MODEL_TELLS = frozenset({"ru", "ar", "hi", "bn", "he"})
_SCRIPT_OF_REGION = {"CN": "Hans", "SG": "Hans", "HK": "Hant", "MO": "Hant", "TW": "Hant"}

# What the model's shares of declared and, without any, of expected languages are multiplied by.
_DECLARED, _EXPECTED = 4.0, 3.0
_FEW, _SHORT = 15, 80
_SURE_IN_SHORT, _SURE, _LIKELIEST = 0.65, 0.55, 0.5
"""Shares from which the model is believed: against what was declared, in a short text and in a longer one; without."""


def choose_language(declared: Iterable[str | None], title: str, text: str, likely: tuple[str, ...] = ()) -> str:
    """The language of a text, as BCP 47 in its normal form; "und" rather than a guess.

    declared stands nearest first; the first is believed unless the text is long enough and surely in another
    language. Without any, `likely` languages outweigh others. Chinese gets the script that the characters tell, else
    that of its region: zh-Hans, zh-Hant-HK. Looks at some 200 characters, at 1500 of another script.
    """
    tags = [tag for raw in declared if raw and (tag := normal_tag(raw)) != UNKNOWN]
    head = f"{title}\n{text[:SCRIPT_SAMPLE]}"
    allowed = languages_of_script(head)
    if allowed and allowed[0] not in _MODEL_TELLS:
        language = _of_script(allowed, tags, likely)
    else:
        language = _of_model(head, allowed, tags, likely)
    return _with_script(language, head) if primary(language) == "zh" else language


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


def primary(tag: str) -> str:
    """The language of a tag, without script and region."""
    return tag.partition("-")[0]


def _of_script(allowed: Sequence[str], tags: Sequence[str], likely: Sequence[str]) -> str:
    """What the script tells: the declared language where it can be, else the script's own, as `likely` writes it."""
    for tag in tags:
        if primary(tag) in allowed:
            return tag
    expected = [tag for tag in map(normal_tag, likely) if primary(tag) in allowed]
    return next((tag for tag in expected if primary(tag) == allowed[0]), expected[0] if expected else allowed[0])


def _of_model(head: str, allowed: Sequence[str], tags: Sequence[str], likely: Sequence[str]) -> str:
    """The first declared language that the script allows, unless the model is surer of another one."""
    tags = [tag for tag in tags if primary(tag) in allowed] if allowed else tags
    first = tags[0] if tags else UNKNOWN
    if len(head) < _FEW or not (allowed or _has_letters(head)):
        return first
    told = likelihoods(head)
    if tags and next(iter(told), UNKNOWN) == primary(first):  # the likeliest stands first
        return first
    expected = {primary(tag): tag for tag in map(normal_tag, reversed(likely))}
    declared = {primary(tag): tag for tag in reversed(tags)}
    shares = {
        language: share
        for language, share in told.items()
        if language in _WORLD or language in expected or language in declared
    }
    if shares.keys() & declared.keys():
        _weigh(shares, declared, _DECLARED)
    else:  # such as Chinese declared for a text in Latin letters
        _weigh(shares, expected, _EXPECTED)
    # Those of another script are not chosen, but speak against those of this one: the text may be of two.
    fitting = [language for language in shares if (language in allowed if allowed else language not in NOT_LATIN)]
    best = max(fitting, key=shares.__getitem__, default=UNKNOWN)
    if best in _KIN.get(primary(first), (primary(first),)):
        return first
    needed = _LIKELIEST if not tags else _SURE_IN_SHORT if len(head) < _SHORT else _SURE
    is_sure = best in shares and shares[best] >= needed * sum(shares.values())
    return {**expected, **declared}.get(best, best) if is_sure else first


def _weigh(shares: dict[str, float], prior: Iterable[str], weight: float) -> None:
    """Multiply the shares of some languages, and of those that the model takes for them."""
    for language in {kin for one in prior for kin in _KIN.get(one, (one,))}:
        if language in shares:
            shares[language] *= weight


def _has_letters(text: str) -> bool:
    return text.lower() != text.upper()


def _with_script(tag: str, text: str) -> str:
    """A tag of Chinese with the script of the text: its characters tell, else the tag itself, else its region.

    The region stays: it tells who publishes, and a Hong Kong paper has a simplified edition.
    """
    language, *parts = tag.split("-")
    region = parts.pop() if parts and len(parts[-1]) != len("Hans") else ""
    script = han.variant(text) or (parts[0] if parts else _SCRIPT_OF_REGION.get(region, ""))
    return "-".join(filter(None, (language, script, region)))
