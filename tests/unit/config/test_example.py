"""The shipped config.yaml: it works, and it is the reference of every setting."""

from __future__ import annotations

import re
import typing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from feedwatch.config import load
from feedwatch.declared import QuerySettings
from feedwatch.errors import ConfigError
from feedwatch.kinds import parse_duration
from feedwatch.settings import Settings, SmtpSettings

EXAMPLE = Path(__file__).parents[3] / "config.yaml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
SECTIONS = ("log", "fetch", "poll", "items", "stories", "digest", "mail", "web", "retention")


def model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(model_in, typing.get_args(annotation))), None)


def every_setting(model: type[BaseModel], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """(path, field) of every key of the models; those of a query with options once."""
    found = []
    for name, field in model.model_fields.items():
        found.append(((*above, name), field))
        below = model_in(field.annotation)
        if below is not None and (below is not QuerySettings or name == "queries"):
            found += every_setting(below, (*above, name))
    return found


def is_a_value(field: Any) -> bool:
    return model_in(field.annotation) in (None, QuerySettings)


def uncommented() -> Any:
    """The example with its commented-out keys in force (of a key shown twice, the first)."""
    lines: list[str] = []
    for written in TEXT[TEXT.index("data_dir:") :].splitlines():
        line = re.sub(r"^( *)# ( *[a-z_]+:)(?= |$)", r"\1\2", written)
        if not (line.startswith("database:") and any(earlier.startswith("database:") for earlier in lines)):
            lines.append(line)
    return yaml.safe_load("\n".join(lines))


def written_at(values: Any, path: tuple[str, ...]) -> list[Any]:
    """The values of a key in the example: one, or in a list or under names one for each entry that has it."""
    if not path:
        return [values]
    if isinstance(values, list):
        return [found for entry in values for found in written_at(entry, path)]
    if path[0] == "channels" and len(path) > 1:  # by names of the admin's own
        return [found for entry in values["channels"].values() for found in written_at(entry, path[1:])]
    return written_at(values[path[0]], path[1:]) if isinstance(values, dict) and path[0] in values else []


SETTINGS = every_setting(Settings)


def test_it_is_in_force_as_it_stands() -> None:
    config = load(EXAMPLE, {})
    assert len(config.settings.sources) > 20
    assert config.settings.watchlists
    assert config.settings.subscribers


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_shows_the_defaults(section: str) -> None:
    shown = load(EXAMPLE, {}).settings
    assert getattr(shown, section) == Settings.model_fields[section].default


def test_every_top_level_key_is_known_to_these_tests() -> None:
    assert {*Settings.model_fields} == {
        *SECTIONS,
        "data_dir",
        "database",
        "channels",
        "synonyms",
        "sources",
        "watchlists",
        "subscribers",
    }


@pytest.mark.parametrize("path", [path for path, _ in SETTINGS], ids=".".join)
def test_every_setting_is_shown(path: tuple[str, ...]) -> None:
    assert written_at(uncommented(), path), f"config.yaml does not show {'.'.join(path)}"


@pytest.mark.parametrize("path", [path for path, field in SETTINGS if is_a_value(field)], ids=".".join)
def test_every_setting_is_explained(path: tuple[str, ...]) -> None:
    lines = re.findall(rf"^[ #-]*\b{path[-1]}:.*$", TEXT, re.MULTILINE)
    explained = any(re.search(r"\S +# \S", line) for line in lines)
    assert explained or path[-1] in ("name", "description", "terms", "email", "url")  # these speak for themselves


def test_nothing_is_shown_that_is_no_setting() -> None:
    values = uncommented()
    for server in (values["mail"]["smtp"], values["mail"]["bounces"]["imap"]):
        del server["password_file"]  # one of two ways, and the file is the reader's own
    values["mail"]["dkim"]["key_file"] = EXAMPLE  # any file that is there
    values["mail"]["bounces"]["hook_token"] = "of-sixteen-or-more"  # ${BOUNCE_TOKEN} is none before it is replaced
    for source in values["sources"]:
        source.pop("path", None)
        if "selectors" in source:  # shown beside a feed, where no selectors belong
            source["kind"] = "page"
            del source["auth"]["token"]  # one of two ways
        source.setdefault("url", "https://example.org/feed")
    Settings.model_validate(values)


@pytest.mark.parametrize("key, default", [("port", 587), ("security", "starttls"), ("timeout", timedelta(seconds=30))])
def test_the_commented_out_server_shows_the_defaults(key: str, default: object) -> None:
    (shown,) = written_at(uncommented(), ("mail", "smtp", key))
    assert (parse_duration(shown) if key == "timeout" else shown) == default
    assert SmtpSettings.model_fields[key].default == default


PIECES = [
    "\t",
    "  ",
    "\n",
    "- ",
    ": ",
    "#",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a ",
    "<<: *a",
    "!x ",
    "|",
    ">",
    "? ",
    "%",
    "@",
]
PIECES += [
    "---\n",
    "...\n",
    "${X}",
    "${X:-}",
    "0x",
    "1e999",
    "9" * 400,
    ".nan",
    "null",
    "~",
    "yes",
    "2026-13-45",
    "1:99",
    "\x00",
]
PIECES += [
    "\ufeff",
    "\u2028",
    "新",
    "\U0001f600",
    "\\ud800",
    "sources",
    "name: x",
    "a" * 300,
    "\r",
    "(",
    "AND",
    "=",
    "0 8 30 2 *",
]
SHORT = "\n".join(TEXT.splitlines()[: next(i for i, line in enumerate(TEXT.splitlines()) if "rthk-china-en" in line)])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that may be damaged."""
    path = tmp_path_factory.mktemp("damaged") / "config.yaml"
    (path.parent / "samples").symlink_to(EXAMPLE.parent / "samples")
    path.write_text(SHORT, encoding="utf-8")
    load(path, {})
    return path


@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(SHORT)), st.integers(0, 30), st.sampled_from(["", *PIECES]) | st.text(max_size=4)),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=80, deadline=None)
def test_damage_gives_problems_with_their_lines_and_nothing_else(path: Path, cuts: list[tuple[int, int, str]]) -> None:
    text = SHORT
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    path.write_bytes(text.encode())
    try:
        load(path, {})
    except ConfigError as error:
        assert error.problems
        for problem in error.problems:
            line = re.match(re.escape(f"{path}:") + r"(\d+): \S", problem)
            assert line, problem
            assert 1 <= int(line[1]) <= len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text))


@given(content=st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_problems(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"config\.yaml:\d+: \S"):
        load(path, {})
