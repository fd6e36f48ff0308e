"""Miniflux's block and keep rules: `EntryTitle=(?i)regex`, or a regex alone (miniflux.app/docs/rules.html)."""

from __future__ import annotations

import re

from feedwatch.errors import QuerySyntaxError

_FIELDS = {"entrytitle": "title:", "entrycontent": "text:"}
_RULE = re.compile(r"(Entry\w+)\s*=\s*(.+)", re.IGNORECASE | re.DOTALL)


def translate_rule(rule: str) -> tuple[str, tuple[str, ...]]:
    """The query that finds what the rule does, and what is different about it. Raises QuerySyntaxError."""
    found = _RULE.fullmatch(rule.strip())
    changes: list[str] = []
    if found is None:
        pattern = rule.strip()
        prefix = "title:"
        changes.append("a rule without a field looks at titles here; Miniflux looks at URLs, tags and authors too")
    else:
        name, pattern = found[1], found[2].strip()
        if name.lower() in ("entryauthor", "entrytag"):
            return _literal(rule, name, pattern)
        if name.lower() not in _FIELDS:
            said = f"{name} asks for what feedwatch does not look at: leave the rule out"
            raise QuerySyntaxError(rule, 0, said)
        prefix = _FIELDS[name.lower()]
        changes.append(f"{name}= is {prefix}/.../")
    flags = re.match(r"\(\?i\)", pattern)
    ours = pattern[flags.end() :] if flags else f"(?-i){pattern}"
    if not flags:
        changes.append("(?-i) keeps capitals and small letters apart, as Miniflux does")
    return f"{prefix}/{_slashed(ours)}/", tuple(changes)


def _literal(rule: str, name: str, pattern: str) -> tuple[str, tuple[str, ...]]:
    plain = pattern.removeprefix("(?i)").strip("^$")
    if re.search(r"[\\^$.|?*+()\[\]{}\"]", plain):
        said = f'{name} with a regular expression cannot be said here: write author:"..." or tag:... by hand'
        raise QuerySyntaxError(rule, rule.index("=") + 1, said)
    query = f'author:"{plain}"' if name.lower() == "entryauthor" else f'tag:"*{plain}*"'
    return query, (f"{name}= is {query.partition(':')[0]}:, of which the case does not matter",)


def _slashed(pattern: str) -> str:
    return re.sub(r"(?<!\\)((?:\\\\)*)/", r"\1\\/", pattern)
