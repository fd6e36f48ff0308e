"""Reports written for this set: invented, and lifelike. Their texts stand in files beside this one."""

from __future__ import annotations

from pathlib import Path

Written = tuple[str, str]
"""Headline and text, a paragraph a line."""


def chinese_reports() -> list[Written]:
    """In simplified Chinese: the corpus has next to none."""
    return _read("chinese.txt")


def pairs_on_one_event() -> list[tuple[Written, Written]]:
    """Two newsrooms' own reports on one event, in English and in Chinese: the same event, not the same text."""
    reports = _read("same_event.txt")
    return list(zip(reports[::2], reports[1::2], strict=True))


def _read(name: str) -> list[Written]:
    """Reports of a file: a headline, then paragraphs; a blank line between reports."""
    parts = Path(__file__).with_name(name).read_text(encoding="utf-8").strip().split("\n\n")
    return [(title, text) for title, _, text in (part.partition("\n") for part in parts)]
