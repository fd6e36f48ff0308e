"""Bounces without a part for programs, in the two forms that are common and sure: qmail's, and Exim's of old."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QMAIL = "Hi. This is the "
"""How every bounce in the qmail-send bounce message format (QSBMF) begins."""
_QMAIL_RECIPIENT = re.compile(r"<([^>\n]+)>:[ \t]*\n?(.*)", re.DOTALL)
_EXIM_COPY = re.compile(r"^-{3,} This is a copy of .*$", re.MULTILINE)
_MOST = 100
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """Whom the mail did not reach, why, and what follows of the mail itself."""

    address: str
    words: str
    original: str
    """Begins with the header of the mail that failed; empty where it is left out."""


def read_qmail(text: str) -> list[FailedRecipient]:
    """Paragraphs: a greeting, one for each recipient, a line of dashes, then the mail as it was."""
    begin = text.lstrip()
    if not begin.startswith(_QMAIL):
        return []
    told, original = _cut(begin, re.compile(r"^---.*$", re.MULTILINE))
    paragraphs = re.split(r"\n[ \t]*\n", told)[:_MOST]
    found = (_QMAIL_RECIPIENT.fullmatch(paragraph.strip()) for paragraph in paragraphs)
    return [FailedRecipient(recipient[1], recipient[2], original) for recipient in found if recipient is not None]


def read_exim(failed: str, text: str) -> list[FailedRecipient]:
    """The header names the addresses; the text has a line for each, and under it, further in, what happened."""
    told, original = _cut(text, _EXIM_COPY)
    lines = told.split("\n")
    places = {line.strip().rstrip(":"): i for i, line in reversed(list(enumerate(lines)))}
    found = []
    for address in [named.strip() for named in failed.split(",") if named.strip()][:_MOST]:
        words: list[str] = []
        at = places.get(address, len(lines))
        for line in lines[at + 1 : at + 1 + _MOST_LINES]:
            if _indent(line) <= _indent(lines[at]):
                break
            words.append(line.strip())
        found.append(FailedRecipient(address, " ".join(words), original))
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _cut(text: str, line: re.Pattern[str]) -> tuple[str, str]:
    """What stands before a line, and what after it without the empty lines between."""
    found = line.search(text)
    return (text, "") if found is None else (text[: found.start()], text[found.end() :].lstrip("\n"))
