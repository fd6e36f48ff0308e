"""Write the tables of docs/configuration.md from the settings' own models; what stands above the mark is kept.

python docs/make_config_reference.py            write it
python docs/make_config_reference.py --check    exit with 1 if it is not what would be written
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ByteSize, SecretStr
from pydantic.fields import FieldInfo

from feedwatch import kinds
from feedwatch.declared import WrittenQuery
from feedwatch.kinds import show_duration
from feedwatch.settings import Settings, SynonymSet

TARGET = Path(__file__).with_name("configuration.md")
MARK = "<!-- Written by make_config_reference.py from settings.py: do not edit from here on. -->\n"

_WORDS: dict[object, str] = {
    kinds.Duration: "duration",
    kinds.Age: "duration or forever",
    kinds.Rule: "rule's name",
    kinds.Zone: "time zone",
    kinds.QuietHours: "two times of day",
    kinds.Address: "mail address",
    kinds.Mailbox: "mailbox",
    kinds.WebUrl: "URL",
    kinds.Query: "query",
    kinds.Term: "phrase",
    kinds.Stem: "language",
    kinds.Language: "language",
    kinds.SourceNames: "source name",
    WrittenQuery: "query",
    SynonymSet: "list of phrases",
    kinds.Cron: "schedule",
    kinds.ConfigPath: "path",
    kinds.ExistingFile: "file",
    kinds.KeyFile: "file",
    kinds.Slug: "short name",
    kinds.Name: "name",
    kinds.Selector: "CSS selector",
    kinds.ProxyUrl: "proxy URL",
    kinds.Listen: "address and port",
    SecretStr: "secret",
    ByteSize: "size",
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
}
"""What a reader calls a type; the head says how each is written."""


def write_reference() -> str:
    """The whole document."""
    head, _, _ = TARGET.read_text(encoding="utf-8").partition(MARK)
    return head + MARK + "".join(_sections(Settings, ""))


def _sections(model: type[BaseModel], path: str) -> Iterator[str]:
    """A table of the model's own keys, then a section for each key that holds keys of its own."""
    hints = typing.get_type_hints(model, include_extras=True)
    nested = {name: found for name in model.model_fields if (found := _model_in(hints[name])) is not None}
    plain = [name for name in model.model_fields if name not in nested or _is_query(hints[name])]
    if plain:
        yield "\n| key | type | default | meaning |\n| --- | --- | --- | --- |\n"
        for name in plain:
            field = model.model_fields[name]
            cells = (f"`{name}`", _type(hints[name], field), _default(field), field.description or "")
            row = " | ".join(cell.replace("|", r"\|") for cell in cells)
            yield f"| {row} |\n"
    for name, found in nested.items():
        if _is_query(hints[name]) and name != "queries":  # told once
            continue
        is_list = typing.get_origin(hints[name]) is tuple
        is_named = typing.get_origin(hints[name]) is dict
        key = f"{path}.{name}" if path else name
        told = model.model_fields[name].description or ""
        if _is_query(hints[name]):
            told = "A query with options, here or in `exclude`, has these keys."
        elif is_list:
            told += " A list; each entry has these keys."
        elif is_named:
            told += " A mapping; each name has these keys."
        elif model.model_fields[name].default is None:
            told += " May be left out."
        yield f"\n{'#' * (2 + key.count('.'))} `{key}`\n\n{told}\n"
        yield from _sections(found, key)


def _is_query(hint: object) -> bool:
    """Whether it is a list of queries: of which each may be text."""
    return typing.get_args(hint)[:1] == (WrittenQuery,)


def _model_in(hint: object) -> type[BaseModel] | None:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint
    return next(filter(None, map(_model_in, typing.get_args(hint))), None)


def _type(hint: object, field: FieldInfo) -> str:
    """`duration`, `list of phrases`, `one of a, b`; with the bounds of a number."""
    if hint in _WORDS:
        return _WORDS[hint] + _bounds(field)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:  # a type of one key alone
        return _type(arguments[0], field)
    if origin is typing.Literal:
        return "one of " + ", ".join(f"`{word}`" for word in arguments)
    if origin is dict:
        named = _plural(_type(arguments[1], field))
        return f"mapping of names to {named if arguments[1] in _WORDS else 'values'}"
    if origin is tuple:
        return f"list of {_plural(_type(arguments[0], field))}"
    if origin in {types.UnionType, typing.Union}:  # with None: a key that may be left out
        return " or ".join(_type(argument, field) for argument in arguments if argument is not type(None))
    raise TypeError(f"no word for the type {hint!r}: add one to _WORDS")


def _bounds(field: FieldInfo) -> str:
    bounds = {type(limit).__name__: limit for limit in field.metadata}
    low, high = (getattr(bounds.get(name), name.lower(), None) for name in ("Ge", "Le"))
    return "" if low is None or high is None else f", {low} to {high}"


def _plural(word: str) -> str:
    if word == "text":
        return "texts"
    if word.startswith("list "):
        return word.replace("list ", "lists ", 1)
    return f"{word[:-1]}ies" if word.endswith("ry") else f"{word}s"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    value = field.default
    if value is None or value in ((), "", {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{value:g}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(value)}]`"
    if isinstance(value, timedelta):
        is_days = value != kinds.FOREVER and value == timedelta(days=value.days)
        return f"`{value.days}d`" if is_days else f"`{show_duration(value)}`"
    if isinstance(value, ByteSize):
        return f"`{value.human_readable(decimal=True, separator='').replace('.0', '')}`"
    return f"`{value}`"


def main() -> int:
    """Write or check; the exit code."""
    wanted = write_reference()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{TARGET} is stale; run: make docs", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
