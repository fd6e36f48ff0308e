"""Watchlists as YAML that can be pasted into config.yaml, and that `read_watchlists` reads back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from feedwatch.model import WatchlistDef


def write_yaml(
    watchlists: Iterable[tuple[WatchlistDef, bool]],
    stored: Iterable[Mapping[str, Any]],
    sets: Mapping[str, tuple[str, ...]],
) -> str:
    """The definitions, each with whether it is enabled, and their `stored` values in the same order.

    `sets` are the configuration's synonyms, whose names are used; a set that is none of them gets its first phrase for
    its name. The `synonyms` used stand above the `watchlists`.
    """
    named = {phrases: name for name, phrases in sets.items()}
    used: dict[str, tuple[str, ...]] = {}
    lines: list[str] = []
    for (definition, is_enabled), values in zip(watchlists, stored, strict=True):
        names = []
        for phrases in definition.synonyms:
            name = named.setdefault(phrases, _free(phrases[0], named.values()))
            used[name] = phrases
            names.append(name)
        written = dict(values) | ({"synonyms": names} if names else {}) | ({} if is_enabled else {"enabled": False})
        lines += _watchlist(written)
    above = ["synonyms:", *(f"  {_text(name)}: {_flow(phrases)}" for name, phrases in used.items()), ""] if used else []
    return "\n".join([*above, "watchlists:" if lines else "watchlists: []", *lines, ""])


def _free(wanted: str, taken: Iterable[str]) -> str:
    name = " ".join(wanted.split())[:100].strip() or "set"
    names, count = set(taken), 1
    while (called := name if count == 1 else f"{name} {count}") in names:
        count += 1
    return called


def _watchlist(values: Mapping[str, Any]) -> Iterator[str]:
    sign = "- "
    for key, value in values.items():
        if isinstance(value, list) and key in ("terms", "queries", "exclude"):
            yield f"  {sign}{key}:"
            yield from (f"      - {_entry(entry)}" for entry in value)
        else:
            yield f"  {sign}{key}: {_flow(value) if isinstance(value, list) else _scalar(value)}"
        sign = "  "


def _entry(entry: Any) -> str:
    if isinstance(entry, dict):
        return "{" + ", ".join(f"{key}: {_scalar(value, flow=True)}" for key, value in entry.items()) + "}"
    return _scalar(entry)


def _flow(entries: Iterable[str]) -> str:
    return "[" + ", ".join(_scalar(entry, flow=True) for entry in entries) + "]"


def _scalar(value: object, *, flow: bool = False) -> str:
    """A value on one line: plain where that reads back as the same text, else in quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    return _text(value.replace("${", "${DOLLAR:-$}{"), flow=flow)  # else it would be filled in from the environment


def _text(value: str, *, flow: bool = False) -> str:
    if _reads_as(value, f"[{value}]" if flow else f"- {value}"):
        return value
    single = "'" + value.replace("'", "''") + "'"
    if _reads_as(value, f"[{single}]"):
        return single
    return yaml.dump(value, default_style='"', allow_unicode=True, width=2**31).strip()


def _reads_as(value: str, text: str) -> bool:
    if "\n" in text or "\r" in text:
        return False
    try:
        return bool(yaml.safe_load(text) == [value])
    except (yaml.YAMLError, ValueError):
        return False
