"""Takes the debris of scraping and publishing off the edges of a text, and keeps what it tells."""

from __future__ import annotations

import re
from typing import NamedTuple

from feedwatch.normalize.debris_rules import CLOSING, RULES, Rule

_LONGEST_END = max(len(end) for rule in RULES for end in rule.ends)
_REACH = max(rule.reach for rule in RULES if rule.ends)
_HASHTAG = re.compile(r"[#＃]([^\s#＃,，、;；]+)")


class Cleaned(NamedTuple):
    """What is left of a text, and what was read from the rest.

    front and back count the characters, white space aside, that went from either end; ending is what was put in place
    of the latter.
    """

    text: str
    tags: tuple[str, ...] = ()
    """In the order of the text, without "#"."""
    time: str | None = None
    """As written; the text's last."""
    front: int = 0
    back: int = 0
    ending: str = ""


def clean(text: str, off: frozenset[str] = frozenset()) -> Cleaned:
    """The text without debris, by every rule of the table whose name is not in `off`.

    Rules are tried until none applies, so that a row of tags behind a time behind "Read more" all go, and cleaning
    twice changes nothing.
    """
    text = text.strip()
    tags: tuple[str, ...] = ()
    time: str | None = None
    front = back = 0
    ending = ""
    rules = [rule for rule in RULES if rule.name not in off] if off else RULES
    applied = True
    while applied and text:
        applied = False
        end = _end_of(text)
        for rule in rules:
            match = _find(rule, text, end)
            if match is None:
                continue
            applied = True
            if rule.where == "head":
                front += _seen(match[0])
                text = text[match.end() :].lstrip()
                end = _end_of(text)
                continue
            kept = text[: match.start()].rstrip()
            back += _seen(text[len(kept) :]) - len(ending)
            ending = rule.keeps
            text = kept + ending
            end = _end_of(text)
            if rule.gives == "tags":
                tags = (*_HASHTAG.findall(match["tags"]), *tags)
            elif rule.gives == "time" and time is None:
                time = match["time"]
    return Cleaned(text, tags, time, front, back, ending)


def _find(rule: Rule, text: str, end: str | None = None) -> re.Match[str] | None:
    """Where the rule applies; `end` is `_end_of(text)`, for who asks for several rules."""
    if rule.where == "head":
        return rule.pattern.match(text) if not rule.starts or text[:1] in rule.starts else None
    if rule.ends and not (_end_of(text) if end is None else end).endswith(rule.ends):
        return None
    if rule.needs and not _has_any(text, rule.needs, max(0, len(text) - (rule.near or rule.reach))):
        return None
    return rule.pattern.search(text, max(0, len(text) - rule.reach))


def _end_of(text: str) -> str:
    end = text[-_REACH:]
    while (shorter := end.rstrip().rstrip(CLOSING)) != end:
        end = shorter
    return end[-_LONGEST_END:].casefold()


def _has_any(text: str, needed: tuple[str, ...], start: int) -> bool:
    for one in needed:  # noqa: SIM110 - any() takes longer, and this is asked for every item and rule
        if text.find(one, start) >= 0:
            return True
    return False


def _seen(text: str) -> int:
    return sum(map(len, text.split()))
