"""The real daemon as a process: started, watched through its log, signalled, killed."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import psutil
import structlog
import yaml

from feedwatch.cli import main

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


class Daemon:
    """`feedwatch run` in a folder with a configuration; use it as a context. Its log is JSON lines in a file."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder = folder
        self.config = folder / "config.yaml"
        self._log = folder / "log.jsonl"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.configure(settings)

    def configure(self, settings: dict[str, Any]) -> None:
        """Write the configuration; a running daemon does not look before it is told to."""
        settings = {"web": {"listen": None}} | settings  # many run at one time, and a port is one's alone
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")

    def start(self, *arguments: str) -> Self:
        """Start it; its former log stays, new lines come behind."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "feedwatch", "run", "--config", str(self.config), *arguments],
                cwd=self.folder.parent,  # relative paths are the file's, not the caller's
                stdout=log,
                stderr=log,
                env=os.environ | {"PYTHONFAULTHANDLER": "1"},
            )
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        if self.is_running:
            self.stop()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the daemon was not started"
        return self._process

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """Ask it to stop (SIGTERM) and wait; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> list[psutil.Process]:
        """kill -9, as a power cut would; returns the processes that it had started."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        return children

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def events(self, event: str | None = None, **fields: object) -> list[dict[str, Any]]:
        """The log's lines, or those of one event with these fields."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        parsed = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [
            line for line in parsed if event is None or (line.get("event") == event and fields.items() <= line.items())
        ]

    def output(self) -> str:
        """Everything that it wrote."""
        return self._log.read_text(encoding="utf-8")

    def wait_for(self, what: Callable[[], bool], why: str) -> None:
        """Wait until something holds. Fails with the log when the daemon ends first, or patience does."""
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            assert self.is_running, f"the daemon ended while waiting for {why}:\n{self.output()}"
            assert time.monotonic() < deadline, f"waited in vain for {why}:\n{self.output()}"
            time.sleep(0.02)

    def wait_for_events(self, count: int, event: str, **fields: object) -> None:
        """Wait until the log holds so many lines of an event."""
        self.wait_for(lambda: len(self.events(event, **fields)) >= count, f"{count} x {event} {fields}")

    def wait_for_polls(self, count: int) -> None:
        """Wait until so many more visits are in the log."""
        self.wait_for_events(len(self.events("poll")) + count, "poll")

    def command(self, *arguments: str) -> Answer:
        """Another command on the same configuration, beside the daemon: in this process, as a new one takes seconds."""
        out, err = io.StringIO(), io.StringIO()
        called = ["feedwatch", *arguments, "--config", str(self.config)]
        code: object = None
        try:
            with (
                contextlib.chdir(self.folder.parent),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
                patch.object(sys, "argv", called),
            ):
                main()
        except SystemExit as left:
            code = left.code
        finally:  # the command has pointed the log at the standard error of its own time
            logging.basicConfig(handlers=[logging.NullHandler()], force=True)
            structlog.reset_defaults()
        assert isinstance(code, int)
        return Answer(code, out.getvalue(), err.getvalue())

    def listed(self, *arguments: str) -> Any:
        """What a command tells programs."""
        answer = self.command(*arguments, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)


def feed(title: str, *items: tuple[str, str, str]) -> bytes:
    """An RSS 2.0 feed of (guid, title, text) items, newest first."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{name}</title><description>{text}</description></item>"
        for guid, name, text in items
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>".encode()


def base_settings(smtp_port: int | None = None) -> dict[str, Any]:
    """A configuration for loopback servers: quick polls, an SMTP server if there is one."""
    settings: dict[str, Any] = {
        "fetch": {"allow_private_hosts": ["127.0.0.1"], "per_host": 8},
        "poll": {"interval": "1s", "min_interval": "1s", "max_interval": "1s", "max_backoff": "1s", "workers": 1},
        "watchlists": [{"name": "Greater Bay Area", "terms": ["Greater Bay Area", "大湾区"]}],
        "sources": [],
        "subscribers": [],
    }
    if smtp_port is not None:
        settings["mail"] = {"smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "none"}}
    return settings


def subscriber(email: str, schedule: str = "instant") -> dict[str, Any]:
    return {"name": email.partition("@")[0], "email": email, "subscriptions": [{"name": "Alert", "schedule": schedule}]}
