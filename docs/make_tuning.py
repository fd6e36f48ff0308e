"""Write what the commands of tuning.md print into it, below the comments that name them.

python docs/make_tuning.py            write it
python docs/make_tuning.py --check    exit with 1 if it is not what would be written

A comment `printed by COMMAND: BEGINNING; BEGINNING +2` is followed by the paragraphs of the output that begin so, or by
the first line of one and two more. The archive is that of tuning_news.py, in a folder of its own; the clock stands
still, so that the dates are the same every time.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tuning_news import SOURCES, write_feeds

TARGET = Path(__file__).with_name("tuning.md")
EXAMPLE = Path(__file__).parents[1] / "config.yaml"
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
AT_THAT_TIME = f"""
import datetime, json, sys, feedwatch.jobs.context as context
context.utc_now = lambda: {NOW!r}
from feedwatch.cli.app import app
for words in json.loads(sys.argv.pop()):
    app(words, standalone_mode=False)
    print(end="\\0")
"""
ESCAPES = re.compile("\x1b\\[[\\d;?]*[A-Za-z]")
"""What makes letters bold on a terminal, which is pretended because lines are wrapped there alone."""
PRINTED = re.compile(r"^<!-- printed by (?P<command>.*?): (?P<parts>.*) -->\n\n(?:(?: {4}.*)?\n)*", re.MULTILINE)


def write_page(page: str) -> str:
    """The page with what its commands print now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_feeds(folder, NOW)
        folder.joinpath("config.yaml").write_text(_config(), encoding="utf-8")
        before, heading, after = page.partition("\n## Save it")
        written = _with_output(folder, before)
        _save_the_change(folder)
        return written + heading + _with_output(folder, after)


def _with_output(folder: Path, part: str) -> str:
    """Part of the page, in which the sources are polled first."""
    commands = list(dict.fromkeys(found["command"] for found in PRINTED.finditer(part)))
    _, *outputs = _printed(folder, [["poll", *SOURCES], *map(shlex.split, commands)])
    printed = dict(zip(commands, outputs, strict=True))
    return PRINTED.sub(lambda found: _block(found, printed[found["command"]]), part)


def _config() -> str:
    declared, _, _ = EXAMPLE.read_text(encoding="utf-8").partition("\n# What is polled.")
    return declared + "\nsources:\n" + "".join(f"  - {{name: {name}, path: {name}.xml}}\n" for name in SOURCES)


def _save_the_change(folder: Path) -> None:
    """The term and the exclude that the page tries are declared, and taken over when something is polled."""
    declared = folder.joinpath("config.yaml").read_text(encoding="utf-8")
    for before, added in (("      - Greater Bay Area ", "跨境理财通"), ("      - '\"Game Boy\"'", "basketball")):
        if before not in declared:
            raise SystemExit(f"{EXAMPLE} has no line {before!r}")
        declared = declared.replace(before, f"      - {added}\n{before}")
    folder.joinpath("config.yaml").write_text(declared, encoding="utf-8")


def _printed(folder: Path, calls: list[list[str]]) -> list[str]:
    """What each of these calls prints on a terminal; in one process, as starting takes longer than the work."""
    told = json.dumps([[*words, "--config", str(folder / "config.yaml")] for words in calls])
    environment = os.environ | {
        "TZ": "Asia/Hong_Kong",
        "COLUMNS": "112",
        "TTY_COMPATIBLE": "1",
        "FEEDWATCH_DATA": "data",
    }
    command = [sys.executable, "-c", AT_THAT_TIME, told]
    called = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)
    if called.returncode != 0:
        raise SystemExit(f"{told}: {called.stdout}{called.stderr}")
    return ESCAPES.sub("", called.stdout).split("\0")[:-1]


def _block(found: re.Match[str], output: str) -> str:
    begins = f"<!-- printed by {found['command']}: {found['parts']} -->\n\n"
    wanted = "\n\n".join(_parts(output, found["parts"]))
    return begins + "".join(f"    {line}".rstrip() + "\n" for line in wanted.splitlines()) + "\n"


def _parts(output: str, wanted: str) -> Iterator[str]:
    paragraphs = re.split(r"\n\s*\n", output.strip("\n"))
    for part in wanted.split("; "):
        beginning, _, more = part.partition(" +")
        for paragraph in paragraphs:
            if paragraph.strip().startswith(beginning):
                lines = paragraph.splitlines()
                yield "\n".join([*lines[: int(more) + 1], "  ..."] if more else lines)
                break
        else:
            raise SystemExit(f"nothing that is printed begins with {beginning!r}:\n{output}")


def main() -> int:
    """Write or check; the exit code."""
    page = TARGET.read_text(encoding="utf-8")
    wanted = write_page(page)
    if "--check" in sys.argv[1:]:
        if page == wanted:
            return 0
        print(f"{TARGET} is stale; run: make docs", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
