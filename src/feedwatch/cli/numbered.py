"""One thing of the archive by its number: `feedwatch items 12`, or, as other groups have it, `items show 12`."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

_HIGHEST = 2**63 - 1
"""The highest number that a database knows; there is nothing of it."""


class Numbered(TyperCommand):
    """A command whose argument is a number; the word `show` before it is understood."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments without that word."""
        return super().parse_args(ctx, args[1:] if args[:1] == ["show"] else args)


def number_in(what: str | None, kind: str, command: str) -> int | None:
    """The number that was given. Raises typer.BadParameter for what is none: `kind` and `command` say what is meant."""
    if what is None:
        return None
    if not (what.isascii() and what.isdecimal()):
        expected = f"expected {kind}'s number, as in 'feedwatch {command} 12'"
        raise typer.BadParameter(f"{what!r}: {expected}", param_hint=f"'{kind.rpartition(' ')[2]}'")
    return min(int(what), _HIGHEST)
