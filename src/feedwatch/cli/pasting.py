"""Commands that are printed to be pasted: quoted for the shell, with the configuration that this call was given."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from feedwatch.cli.common import DEFAULT_CONFIG, program

if TYPE_CHECKING:
    from pathlib import Path


def to_paste(config: Path, *words: str) -> str:
    """The command of these words, as it can be given in the same shell."""
    is_understood = config in (DEFAULT_CONFIG, _from_environment())
    return f"{program()} {shlex.join(words if is_understood else (*words, '--config', str(config)))}"


def _from_environment() -> Path | None:
    named = os.environ.get("FEEDWATCH_CONFIG")
    return DEFAULT_CONFIG.__class__(named) if named else None
