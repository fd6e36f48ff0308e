from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from feedwatch.config import load
from feedwatch.errors import ConfigError
from feedwatch.settings import Settings

LoadText = Callable[..., Settings]
ProblemsIn = Callable[..., list[str]]


@pytest.fixture
def load_text(tmp_path: Path) -> LoadText:
    """Settings from the text of a config.yaml."""

    def read(text: str | bytes, environment: Mapping[str, str] | None = None) -> Settings:
        path = tmp_path / "config.yaml"
        path.write_bytes(dedent(text).encode() if isinstance(text, str) else text)
        return load(path, environment or {}).settings

    return read


@pytest.fixture
def problems_in(tmp_path: Path, load_text: LoadText) -> ProblemsIn:
    """The problems found in the text of a config.yaml, as printed, its folder left out."""

    def read(text: str | bytes, environment: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load_text(text, environment)
        assert str(caught.value) == "\n".join(caught.value.problems)
        return [problem.replace(f"{tmp_path}/", "") for problem in caught.value.problems]

    return read
