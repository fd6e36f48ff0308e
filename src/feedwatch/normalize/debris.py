"""Takes the debris of scraping and publishing off the edges of a text, and keeps what it tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedwatch.normalize.debris_rules import RULES, Rule

_HASHTAG = re.compile(r"[#＃]([^\s#＃,，、;；]+)")


@dataclass(frozen=True, slots=True)
class Cleaned:
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
        for rule in rules:
            match = _find(rule, text)
            if match is None:
                continue
            applied = True
            if rule.where == "head":
                front += _seen(match[0])
                text = text[match.end() :].lstrip()
                continue
            kept = text[: match.start()].rstrip()
            back += _seen(text[len(kept) :]) - len(ending)
            ending = rule.keeps
            text = kept + ending
            if rule.gives == "tags":
                tags = (*_HASHTAG.findall(match["tags"]), *tags)
            elif rule.gives == "time" and time is None:
                time = match["time"]
    return Cleaned(text, tags, time, front, back, ending)


def _find(rule: Rule, text: str) -> re.Match[str] | None:
    if rule.where == "head":
        return rule.pattern.match(text)
    start = max(0, len(text) - rule.reach)
    if rule.needs and not any(text.find(needed, start) >= 0 for needed in rule.needs):
        return None
    return rule.pattern.search(text, start)


def _seen(text: str) -> int:
    return sum(map(len, text.split()))
