"""`feedwatch watchlists feed`: a secret URL that is made once, made anew, and ended."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Call

NAME = "Greater Bay Area"


@pytest.fixture
def public(newsroom: Path) -> None:
    path = newsroom / "config.yaml"
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("  # public_url: ", "  public_url: "), encoding="utf-8")


@pytest.mark.usefixtures("public")
def test_the_urls_are_made_once(feedwatch: Call) -> None:
    first = feedwatch("watchlists", "feed", NAME)
    atom, as_json = first.out.splitlines()
    assert re.fullmatch(r"https://feedwatch\.example\.org/f/[\w-]{32}\.atom", atom)
    assert as_json == atom.replace(".atom", ".json")
    assert feedwatch("watchlists", "feed", NAME.upper()).out == first.out
    assert json.loads(feedwatch("watchlists", "feed", NAME, "--json").out) == {"atom": atom, "json": as_json}


@pytest.mark.usefixtures("public")
def test_the_urls_are_made_anew_and_ended(feedwatch: Call) -> None:
    first = feedwatch("watchlists", "feed", NAME).out
    second = feedwatch("watchlists", "feed", NAME, "--renew").out
    assert feedwatch("watchlists", "feed", NAME, "--stop").out == f"{NAME} has no feed any more.\n"
    assert feedwatch("watchlists", "feed", NAME, "--stop").out == f"{NAME} had no feed.\n"
    assert len({first, second, feedwatch("watchlists", "feed", NAME).out}) == 3


@pytest.mark.usefixtures("newsroom")
def test_without_a_public_url_there_are_paths(feedwatch: Call) -> None:
    answer = feedwatch("watchlists", "feed", NAME).out
    assert answer.startswith("/f/")
    assert "set web.public_url" in answer


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((NAME, "--renew", "--stop"), "--renew and --stop are two ways to end a URL: leave one out"),
        (("Greater Bay",), "there is no watchlist named 'Greater Bay'; did you mean 'Greater Bay Area'?"),
    ],
)
def test_wrong_calls(arguments: tuple[str, ...], told: str, feedwatch: Call) -> None:
    answer = feedwatch("watchlists", "feed", *arguments)
    assert (answer.code, told in answer.err) == (2, True)
