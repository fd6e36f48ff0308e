"""That delivery's benchmark runs, on little, and that what it reads its figures from is read right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.deliver.measured import Case
from tests.bench.deliver.runs import run_all
from tests.bench.deliver.shares import Profile, part_of
from tests.bench.deliver.table import table
from tests.bench.deliver.watchlists import fifty_watchlists
from tests.corpus import corpus_dir

FEW = Case(subscribers=20, watchlists=50, stories=60, connections=2, peers=None, sink=None)
JOB = "_render (src/feedwatch/jobs/digest.py:87)"


@pytest.mark.skipif(corpus_dir() is None, reason="the corpus is not here")
def test_twenty_subscribers_get_a_mail_each_from_the_daemon() -> None:
    rows, failures = run_all(["feedwatch"], FEW)
    assert failures == []
    (row,) = rows
    assert row.mails == 20
    assert row.body is not None
    assert "https://feedwatch.example.org/u/token" in row.body.text, "what is personal is filled in"
    assert row.mail_bytes > len(row.body.html)
    assert row.bodies is not None
    assert 10 < row.bodies <= 20, "personal editions differ"
    assert "| feedwatch | 20 |" in table(rows)


def test_there_are_fifty_watchlists_of_different_names() -> None:
    assert len({watchlist.name for watchlist in fifty_watchlists()}) == 50


@pytest.mark.parametrize(
    "innermost, part",
    [
        ("do_executemany (site-packages/sqlalchemy/engine/default.py:952)", "SQL and the store's rows"),
        ("_names (src/feedwatch/digest/terms_latin.py:3)", "select and compose"),
        ("Assembly.text (src/feedwatch/digest/assembly.py:3)", "render"),
        ("rank (src/feedwatch/digest/rank.py:3)", "select and compose"),
        ("fill (src/feedwatch/digest/personal.py:3)", "message"),
        ("root (templates/digest.html.j2:12)", "render"),
        ("dumps (python3.11/json/__init__.py:231)", "select and compose"),  # by the job that calls it
    ],
)
def test_stack_counts_for_the_part_of_its_innermost_frame_that_has_one(innermost: str, part: str) -> None:
    assert part_of(["main (src/feedwatch/cli/app.py:1)", JOB, innermost]) == part


def test_shares_are_told_of_stacks_as_py_spy_writes_them(tmp_path: Path) -> None:
    stacks = tmp_path / "stacks"
    stacks.write_text(f"{JOB};encode (/usr/lib/python3.11/site-packages/jinja2/a.py:1) 3\nother (x.py:1) 1\n")
    told = Profile(stacks).told()
    assert "| render | 75.0% |" in told
    assert "| the rest | 25.0% |" in told
    assert "- 75.0% encode (jinja2/a.py)" in told
    assert Profile(tmp_path / "none").told() == ""
