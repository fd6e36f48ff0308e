"""A newsroom to give commands in: the example with its sample feed alone, after a first cycle."""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
import structlog

from feedwatch.cli import main
from feedwatch.cli.common import stdout
from tests.unit.cli.archives import fill

ROOT = Path(__file__).parents[3]
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Call(Protocol):
    def __call__(self, *arguments: str, columns: int | None = None) -> Answer:
        """Give the command: on a terminal so wide, or into a pipe."""


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="session")
def first_cycle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `feedwatch run --once`; to be copied, not written to."""
    folder = tmp_path_factory.mktemp("newsroom")
    example, _, _ = (ROOT / "config.yaml").read_text(encoding="utf-8").partition("\n  - name: rthk-local-en\n")
    (folder / "config.yaml").write_text(example + "\n", encoding="utf-8")
    shutil.copytree(ROOT / "samples", folder / "samples")
    subprocess.run(
        [sys.executable, "-m", "feedwatch", "run", "--once"], cwd=folder, check=True, capture_output=True, timeout=60
    )
    return folder


@pytest.fixture
def newsroom(first_cycle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, and the place where commands are given."""
    folder = tmp_path / "newsroom"
    shutil.copytree(first_cycle, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def filled(first_cycle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That folder with a history, copies and relatives; to be copied, not written to."""
    folder = tmp_path_factory.mktemp("filled") / "newsroom"
    shutil.copytree(first_cycle, folder)
    fill(folder)
    return folder


@pytest.fixture
def archive(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the place where commands are given."""
    folder = tmp_path / "archive"
    shutil.copytree(filled, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the place where commands are given."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def feedwatch(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    for name in ("FEEDWATCH_CONFIG", "FEEDWATCH_DATA"):
        monkeypatch.delenv(name, raising=False)
    width = stdout.width

    def call(*arguments: str, columns: int | None = None) -> Answer:
        monkeypatch.setattr(sys, "argv", ["feedwatch", *arguments])
        capsys.readouterr()
        screen = _Screen()
        with monkeypatch.context() as context:
            if columns is not None:
                context.setattr(sys, "stdout", screen)
                stdout.width = columns
            with pytest.raises(SystemExit) as left:
                main()
        captured = capsys.readouterr()
        out = captured.out if columns is None else screen.getvalue()
        assert isinstance(left.value.code, int)
        return Answer(left.value.code, _CONTROL.sub("", out), _CONTROL.sub("", captured.err))

    yield call
    stdout.width = width
    # The commands point the log at the standard error of their own time.
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)
    structlog.reset_defaults()
