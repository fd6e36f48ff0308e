"""Every command explains itself, and a wrong call says what was wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedwatch import __version__
from tests.unit.cli.conftest import Call

COMMANDS = [
    "init",
    "check",
    "run",
    "poll",
    "health",
    "items",
    "stories",
    "match",
    "query explain",
    "query check",
    "sources list",
    "sources show",
    "sources try",
    "sources add",
    "sources pause",
    "sources resume",
    "sources remove",
    "sources import",
    "sources export",
    "watchlists list",
    "watchlists show",
    "watchlists add",
    "watchlists export",
    "watchlists import",
    "watchlists disable",
    "watchlists enable",
    "watchlists remove",
    "watchlists change",
    "watchlists test",
    "watchlists suggest",
    "watchlists backfill",
    "watchlists feed",
    "subscribers list",
    "subscribers show",
    "subscribers add",
    "subscribers change",
    "subscribers pause",
    "subscribers resume",
    "subscribers unsubscribe",
    "subscribers remove",
    "digest preview",
    "digest send",
    "digest list",
    "digest show",
    "deliveries list",
    "deliveries retry",
    "channels list",
    "channels test",
    "bounces list",
    "bounces read",
    "bounces try",
    "keys list",
    "keys rotate",
    "keys drop",
    "templates list",
    "templates check",
    "templates preview",
    "db upgrade",
]
GROUPS = [
    "", "query", "sources", "watchlists", "subscribers", "digest", "deliveries", "channels", "bounces", "keys",
    "templates", "db",
]  # fmt: skip


@pytest.mark.parametrize("command", [*GROUPS, *COMMANDS])
def test_help(command: str, feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch(*command.split(), "--help")
    assert answer.code == 0
    assert f"Usage: feedwatch {command}".strip() in answer.out
    assert list(nowhere.iterdir()) == []


def test_the_table_above_names_every_command(feedwatch: Call) -> None:
    from feedwatch.cli.app import app

    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    for group in app.registered_groups:
        commands = group.typer_instance.registered_commands if group.typer_instance else []
        names += [f"{group.name} {command.name or getattr(command.callback, '__name__', '')}" for command in commands]
    assert sorted(names) == sorted(COMMANDS)


def test_version(feedwatch: Call) -> None:
    assert feedwatch("--version").out == f"feedwatch {__version__}\n"


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_by_itself_shows_its_help(group: str, feedwatch: Call) -> None:
    answer = feedwatch(*group.split())
    assert answer.code == 2
    assert "Usage: feedwatch" in answer.out + answer.err


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("polll", "No such command 'polll'"),
        ("sources lst", "No such command 'lst'"),
        ("items --sauce x", "No such option: --sauce"),
        ("items three", "Invalid value for 'item'"),
        ("items --limit 0", "should be greater than or equal to 1"),
        ("match", "Missing argument 'QUERY'"),
        ("sources add", "Missing argument 'URL'"),
        ("sources import nowhere.opml", "'nowhere.opml' does not exist"),
    ],
)
def test_a_wrong_call(call: str, said: str, feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch(*call.split())
    assert answer.code == 2
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "command",
    [command for command in COMMANDS if command not in {"init", "sources try", "query explain", "query check"}],
)
def test_without_a_configuration_the_way_to_one_is_shown(command: str, feedwatch: Call, nowhere: Path) -> None:
    arguments = {
        "match": ["bridge"],
        "watchlists test": ["a"],
        "watchlists suggest": ["a"],
        "watchlists backfill": ["a"],
        "watchlists feed": ["a"],
        "channels test": ["a"],
        "sources show": ["a"],
        "sources add": ["https://example.org/feed"],
        "sources pause": ["a"],
        "sources resume": ["a"],
        "sources remove": ["a"],
        "sources import": [__file__],
        "watchlists show": ["a"],
        "watchlists add": ["a", "--term", "b"],
        "watchlists change": ["a", "--term", "b"],
        "watchlists remove": ["a"],
        "watchlists enable": ["a"],
        "watchlists disable": ["a"],
        "watchlists import": [__file__],
        "subscribers show": ["a@example.org"],
        "subscribers add": ["a@example.org"],
        "subscribers change": ["a@example.org", "--schedule", "weekly"],
        "subscribers pause": ["a@example.org"],
        "subscribers resume": ["a@example.org"],
        "subscribers unsubscribe": ["a@example.org"],
        "subscribers remove": ["a@example.org"],
        "deliveries retry": ["--all"],
        "bounces try": [__file__],
        "keys drop": ["--before", "1d"],
    }
    answer = feedwatch(*command.split(), *arguments.get(command, []))
    assert answer.code == 1
    assert "config.yaml: there is no such file; write one with 'feedwatch init'" in answer.err
    assert list(nowhere.iterdir()) == []
