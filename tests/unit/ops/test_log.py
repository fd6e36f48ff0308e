from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

SETTING_UP = """
import logging, warnings
import structlog
from feedwatch.ops import set_up_logging
set_up_logging("info", {style!r})
log = structlog.get_logger("feedwatch.test")
"""


def logged(code: str, style: str = "auto") -> str:
    """What a process writes to its standard error, a pipe."""
    program = SETTING_UP.format(style=style) + code
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout == ""
    return ran.stderr


EVENTS: list[tuple[str, str, str, dict[str, object]]] = [
    ("log.info('sent', to='a@example.org', count=2)", "info", "sent", {"to": "a@example.org", "count": 2}),
    ("log.error('文 \\n two lines')", "error", "文 \n two lines", {}),
    (
        "log.warning('late', at=__import__('datetime').timedelta(1))",
        "warning",
        "late",
        {"at": "datetime.timedelta(days=1)"},
    ),
    ("logging.getLogger('elsewhere').warning('%d left', 3)", "warning", "3 left", {}),
    ("logging.getLogger('elsewhere').error('x', extra={'host': 'h'})", "error", "x", {"host": "h"}),
    ("warnings.warn('too old', stacklevel=1)", "warning", "UserWarning: too old", {}),
]


@pytest.fixture(scope="module")
def events() -> list[str]:
    return logged("\n".join(code for code, *_ in EVENTS)).splitlines()


@pytest.mark.parametrize(("number", "level", "event", "more"), [(at, *row[1:]) for at, row in enumerate(EVENTS)])
def test_off_a_terminal_every_event_is_one_line_of_json(
    events: list[str], number: int, level: str, event: str, more: dict[str, object]
) -> None:
    assert len(events) == len(EVENTS)
    line = json.loads(events[number])
    assert line["level"] == level
    assert event in line["event"]
    assert line["timestamp"].endswith("Z")
    assert {key: line[key] for key in more} == more


def test_what_is_below_the_level_is_not_written() -> None:
    assert logged("log.debug('a'); logging.getLogger('elsewhere').info('b')") == ""


FAILING = """
def connect(password):
    raise OSError("no route")
try:
    connect("hunter" + "2")
except OSError:
    {logger}.exception("failed")
"""


@pytest.mark.parametrize("logger", ["log", "logging.getLogger('elsewhere')"])
@pytest.mark.parametrize("style", ["json", "human"])
def test_a_traceback_names_the_fault_and_no_value(logger: str, style: str) -> None:
    written = logged(FAILING.format(logger=logger), style)
    assert "OSError" in written
    assert "no route" in written
    assert "connect" in written
    assert "hunter2" not in written


def test_a_traceback_stays_on_its_events_line() -> None:
    (line,) = logged(FAILING.format(logger="log")).splitlines()
    assert json.loads(line)["exception"][0]["exc_value"] == "no route"


def test_on_a_terminal_lines_are_for_people() -> None:
    ours, theirs = pty.openpty()
    program = SETTING_UP.format(style="auto") + "log.info('sent', to='a@example.org')"
    subprocess.run([sys.executable, "-c", program], stderr=theirs, check=True, timeout=60)
    os.close(theirs)
    written = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "sent" in written
    assert "a@example.org" in written
    assert not written.lstrip().startswith("{")
