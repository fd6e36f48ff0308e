"""config.yaml -> typed settings. Every problem is found in one reading, with its file, line and key."""

from __future__ import annotations

import difflib
import os
import re
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from feedwatch import yamlfile
from feedwatch.declared import MAIL, OPTIONS, TEXT, SubscriptionSettings
from feedwatch.digest.schedule import parse_schedule
from feedwatch.errors import ConfigError, FeedwatchError, QuerySyntaxError
from feedwatch.kinds import FORMS
from feedwatch.match import check_query, check_term
from feedwatch.match.stem import languages
from feedwatch.normalize.debris_rules import check_rule
from feedwatch.parse.page import check_selector
from feedwatch.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pydantic_core import ErrorDetails

_EXPECTED = {
    "literal_error": "one of {expected}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "some text",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "finite_number": "a whole number",
    "float_parsing": "a number",
    "string_type": "text (put it in quotes)",
    "tuple_type": "a list (lines that begin with '- ')",
    "list_type": "a list (lines that begin with '- ')",
    "dict_type": "a mapping (lines of 'key: value')",
    "model_type": "a mapping (lines of 'key: value')",
    "model_attributes_type": "a mapping (lines of 'key: value')",
    "byte_size": "a size such as 500KB or 10MB",
    "byte_size_unit": "a size such as 500KB or 10MB",
    "path_type": "the path of a file or folder",
}
"""What pydantic's errors ask for, in words; in braces what their context holds."""
_SECRET = frozenset({"password", "database", "token", "headers", "cookies", "proxy", "hook_token", "secret", "apprise"})
"""Keys whose values no message shows, nor what stands under them."""
_NOT_IN_FILE = "a password must not stand in this file"
_PASSWORD = re.compile(r"://(?:\$\{[^}]*\}|[^:/@$])*:(?P<login>[^@]*)@|[?&]password=(?P<option>[^&]*)")
"""The passwords of a database URL."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force, and the file that they came from."""

    path: Path
    settings: Settings
    lines: Mapping[yamlfile.Path, int] = field(default_factory=dict)
    """The line of each key and list entry of the file."""

    def place(self, at: yamlfile.Path) -> str:
        """`config.yaml:12: watchlists[0].sources`: where a key stands, for a sentence about it."""
        above = at
        while above and above not in self.lines:
            above = above[:-1]
        return f"{self.path}:{self.lines.get(above, 1)}: {show_key(at)}"


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read and check `path`.

    Relative paths in the file are taken from its folder. Raises ConfigError with one line a problem, each as
    `file:line: key: what was found, what is allowed`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        hint = "write one with 'feedwatch init', or name another with --config"
        raise ConfigError([f"{path}: there is no such file; {hint}"]) from None
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: not UTF-8 text; save the file in UTF-8"]) from None
    file = yamlfile.read_yaml(text, os.environ if environment is None else environment)
    problems = list(file.problems)
    settings: Settings | None = None
    if file.values is None and not problems:
        problems.append(((), "the file is empty; 'feedwatch init' writes an example"))
    elif not isinstance(file.values, dict):
        problems = problems or [((), "expected a mapping (lines of 'key: value') at the top")]
    else:
        known = {at for at, _ in file.problems}
        try:
            settings = Settings.model_validate(file.values, context=_checks(path))
        except ValidationError as error:
            found = [_explain(detail, file) for detail in error.errors(include_url=False)]
            problems += [(at, sentence) for at, sentence in found if at not in known]
        problems += _check_names(file.values)
        problems += _check_secrets(file)
    if problems or settings is None:
        lines = sorted({(file.line(at), _sentence(at, problem)) for at, problem in problems})
        raise ConfigError([f"{path}:{line}: {sentence}" for line, sentence in lines])
    return Config(path, settings, file.lines)


def _sentence(at: yamlfile.Path, problem: str) -> str:
    key = show_key(at)
    return f"{key}: {problem}" if key else problem


def show_key(at: yamlfile.Path) -> str:
    """`watchlists[0].terms[1]`."""
    shown = ""
    for part in at:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def _checks(path: Path) -> dict[str, Any]:
    return {"base": path.resolve().parent, **CHECKS}


def _as_value_error(check: Callable[[str], object]) -> Callable[[str], None]:
    """pydantic collects ValueError alone; ours carry their sentence over."""

    def checked(value: str) -> None:
        try:
            check(value)
        except QuerySyntaxError as error:  # drawn with its caret, where there is something to draw
            raise ValueError(str(error) if value.strip() else error.problem) from error
        except FeedwatchError as error:
            raise ValueError(str(error)) from error

    return checked


def _check_stem(language: str) -> None:
    if language.partition("-")[0].lower() not in languages():
        raise ValueError(f"expected a language whose word forms are known: {', '.join(languages())}")


def _check_key(path: Path) -> Path:
    from feedwatch.deliver.dkim import check_key  # noqa: PLC0415 - the room is loaded where mails are signed alone

    return check_key(path)


CHECKS: Mapping[str, Any] = {
    "check_query": _as_value_error(check_query),
    "check_term": _as_value_error(check_term),
    "check_stem": _check_stem,
    "check_schedule": _as_value_error(parse_schedule),
    "check_selector": check_selector,
    "check_key": _check_key,
    "check_rule": check_rule,
}
"""What the validators of the settings ask other rooms: the validation context, but for the file's folder."""


def _explain(detail: ErrorDetails, file: yamlfile.YamlFile) -> tuple[yamlfile.Path, str]:
    """A pydantic error as (path, sentence)."""
    at = tuple(part for part in detail["loc"] if part not in (TEXT, OPTIONS))
    kind = detail["type"]
    if kind == "extra_forbidden":
        allowed = _allowed_keys(at[:-1])
        near = difflib.get_close_matches(str(at[-1]), allowed, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        return at, f"unknown key; {guess}allowed here: {', '.join(allowed)}"
    if kind == "missing":
        return at, "missing; this key must be given"
    if at[-1] == "[key]":  # a mapping's key itself, not its value
        at = at[:-1]
        return at, f"this key is not allowed: {detail['ctx']['error']}" if kind == "value_error" else detail["msg"]
    sentence = str(detail["ctx"]["error"]) if kind == "value_error" else f"expected {expected_words(detail)}"
    found = _value_at(file.values, at)
    if "\n" in sentence or (isinstance(found, dict) and kind == "value_error"):
        return at, sentence  # a query's error draws the query itself; an entry's speaks of several keys
    return at, f"found {_show(found, at, file)}, {sentence}"


def _show(found: object, at: yamlfile.Path, file: yamlfile.YamlFile) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, dict | list):
        return "a mapping" if isinstance(found, dict) else "a list"
    if not _SECRET.isdisjoint(at):
        return "something else"
    text = yamlfile.shorten(str(found))
    return repr(text) if isinstance(found, str) else yamlfile.shorten(file.written.get(at, text))


def expected_words(detail: ErrorDetails) -> str:
    """What a pydantic error asks for: `at most 100`."""
    context = detail.get("ctx", {})
    words = _EXPECTED.get(detail["type"], "")
    if detail["type"] == "string_pattern_mismatch":
        words = FORMS.get(context["pattern"], f"text of the form {context['pattern']}")
    limits = {key: f"{value:g}" if isinstance(value, float) else value for key, value in context.items()}
    return words.format(**limits) or detail["msg"].removeprefix("Input should be ")


def _value_at(values: object, at: yamlfile.Path) -> object:
    for part in at:
        try:
            values = values[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _allowed_keys(at: yamlfile.Path) -> list[str]:
    model: type[BaseModel] | None = Settings
    for part in at:
        if isinstance(part, str) and model is not None and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), None)
    return list(model.model_fields) if model is not None else []


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)


def _check_names(values: dict[Any, Any]) -> list[tuple[yamlfile.Path, str]]:
    """Names given twice, and subscriptions to watchlists that the file does not declare."""
    problems: list[tuple[yamlfile.Path, str]] = []
    for kind, key in (("sources", "name"), ("watchlists", "name"), ("subscribers", "email")):
        problems += _given_twice(values.get(kind), (kind,), key)
    known = [str(entry.get("name")) for entry in _mappings(values.get("watchlists"))]
    sets = values.get("synonyms")
    others = values.get("channels")
    channels = [MAIL, *(map(str, others) if isinstance(others, dict) else ())]
    problems += [
        (("channels", name), "this name is taken: it stands for mail itself")
        for name in (others if isinstance(others, dict) else ())
        if str(name).casefold() == MAIL
    ]
    for i, watchlist in _numbered(values.get("watchlists")):
        at = ("watchlists", i, "synonyms")
        problems += _check_known(watchlist.get("synonyms"), at, sets if isinstance(sets, dict) else (), "synonyms set")
    for i, subscriber in _numbered(values.get("subscribers")):
        at = ("subscribers", i, "subscriptions")
        unnamed = SubscriptionSettings.model_fields["name"].default
        problems += _given_twice(subscriber.get("subscriptions"), at, "name", unnamed)
        for j, subscription in _numbered(subscriber.get("subscriptions")):
            problems += _check_known(subscription.get("watchlists"), (*at, j, "watchlists"), known, "watchlist")
            problems += _check_known(subscription.get("channels"), (*at, j, "channels"), channels, "channel")
    web = values.get("web")
    signup = web.get("signup") if isinstance(web, dict) else None
    if isinstance(signup, dict):
        problems += _check_known(signup.get("watchlists"), ("web", "signup", "watchlists"), known, "watchlist")
    return problems


def _check_known(
    wanted: object, at: yamlfile.Path, known: Collection[str], what: str
) -> Iterator[tuple[yamlfile.Path, str]]:
    for k, name in enumerate(wanted if isinstance(wanted, list) else []):
        if str(name) not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            guess = f"; did you mean {near[0]!r}?" if near else f"; declared are: {', '.join(known) or 'none'}"
            yield (*at, k), f"found {name!r}, but no {what} has this name{guess}"


def _given_twice(
    entries: object, at: yamlfile.Path, key: str, default: str | None = None
) -> Iterator[tuple[yamlfile.Path, str]]:
    first: dict[str, int] = {}
    for i, entry in _numbered(entries):
        name = entry.get(key, default)
        if isinstance(name, str) and first.setdefault(name.casefold(), i) != i:
            earlier = show_key((*at, first[name.casefold()]))
            found = f"found {name!r} a second time" if key in entry else f"missing, and so {name!r} a second time"
            yield (*at, i, key), f"{found}; {earlier} has it already, and it must be unique"


def _numbered(entries: object) -> list[tuple[int, dict[Any, Any]]]:
    listed = entries if isinstance(entries, list) else []
    return [(i, entry) for i, entry in enumerate(listed) if isinstance(entry, dict)]


def _mappings(entries: object) -> list[dict[Any, Any]]:
    return [entry for _, entry in _numbered(entries)]


def _check_secrets(file: yamlfile.YamlFile) -> Iterator[tuple[yamlfile.Path, str]]:
    """Passwords written into the file itself, which ends in backups and repositories."""
    channels = file.values.get("channels") if isinstance(file.values, dict) else None
    written_out: dict[yamlfile.Path, str] = {
        ("mail", "smtp", "password"): f"{_NOT_IN_FILE}; write ${{SMTP_PASSWORD}}, or use password_file",
        ("mail", "bounces", "imap", "password"): f"{_NOT_IN_FILE}; write ${{IMAP_PASSWORD}}, or use password_file",
        ("mail", "bounces", "hook_token"): "a token must not stand in this file; write ${BOUNCE_TOKEN}",
        **{
            ("channels", name, "secret"): "a secret must not stand in this file; write ${WEBHOOK_SECRET}"
            for name in (channels if isinstance(channels, dict) else ())
        },
    }
    yield from ((at, problem) for at, problem in written_out.items() if _is_written_out(_as_written(file, at)))
    for name in channels if isinstance(channels, dict) else ():
        written = _as_written(file, ("channels", name, "apprise"))
        if written and "${" not in written:
            problem = "a URL must not stand in this file whole: write what is secret in it as ${VARIABLE}"
            yield ("channels", name, "apprise"), problem
    for i, source in _numbered(file.values.get("sources") if isinstance(file.values, dict) else None):
        for key in ("password", "token") if isinstance(source.get("auth"), dict) else ():
            if _is_written_out(_as_written(file, ("sources", i, "auth", key))):
                yield ("sources", i, "auth", key), f"a {key} must not stand in this file; write ${{{key.upper()}}}"
        yield from _check_proxy(file, ("sources", i, "proxy"))
    yield from _check_proxy(file, ("fetch", "proxy"))
    at: yamlfile.Path = ("database",)
    found = _PASSWORD.finditer(_as_written(file, at))
    if any(_is_written_out(password["login"] or password["option"] or "") for password in found):
        yield at, "a password must not stand in this file; write ${DATABASE_URL} or ...:${PASSWORD}@..."


def _check_proxy(file: yamlfile.YamlFile, at: yamlfile.Path) -> Iterator[tuple[yamlfile.Path, str]]:
    found = _PASSWORD.finditer(_as_written(file, at))
    if any(_is_written_out(password["login"] or "") for password in found):
        yield at, "a password must not stand in this file; write http://...:${PASSWORD}@..."


def _as_written(file: yamlfile.YamlFile, at: yamlfile.Path) -> str:
    value = _value_at(file.values, at)
    return file.written.get(at, "" if value is None else str(value))


def _is_written_out(password: str) -> bool:
    return re.fullmatch(r"(\$\{\w+(:-)?\})*", password) is None
