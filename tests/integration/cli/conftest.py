"""A newsroom as the unit tests of the commands have it, and sites beside it that it may reach."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.httpserver import FeedServer
from tests.integration.cli.sites import fill
from tests.unit.cli.conftest import Answer, Call, feedwatch, first_cycle, newsroom, nowhere

__all__ = ["feedwatch", "first_cycle", "newsroom", "nowhere"]


class Sources(Protocol):
    def __call__(self, *arguments: str, columns: int | None = None) -> Answer:
        """`feedwatch sources`, an argument that begins with / being a path of the site."""


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        fill(server)
        yield server


@pytest.fixture
def sources(feedwatch: Call, newsroom: Path, site: FeedServer) -> Sources:
    config = newsroom / "config.yaml"
    text = config.read_text(encoding="utf-8")
    allowed = text.replace("allow_private_hosts: []", "allow_private_hosts: [127.0.0.1, localhost]")
    assert allowed != text
    config.write_text(allowed, encoding="utf-8")

    def call(*arguments: str, columns: int | None = None) -> Answer:
        placed = [site.url(word) if re.fullmatch(r"/[a-z]\S*", word) else word for word in arguments]
        answer = feedwatch("sources", *placed, columns=columns)
        assert "Traceback" not in answer.err
        return Answer(
            answer.code, answer.out.replace(site.url("/"), "SITE/"), answer.err.replace(site.url("/"), "SITE/")
        )

    return call


def commands_in(text: str) -> list[list[str]]:
    """The words of every `sources` command that stands on a line of its own, as a shell would read it."""
    lines = re.findall(r"^ +\S*feedwatch sources (.+)$", text, re.MULTILINE)
    return [[word.replace("SITE/", "/") for word in shlex.split(line)] for line in lines]
