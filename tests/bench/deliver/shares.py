"""Where a process' time goes: py-spy looks at its stacks fifty times a second, and each stack counts for one part.

A stack belongs to the part of its innermost frame that belongs to any: json called by SQLAlchemy is SQL, re called by a
template is rendering. Threads that wait are not counted. What is looked at runs slower by a few percent.
"""

from __future__ import annotations

import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.poll.children import BOUND

_PARTS = {
    "SQL and the store's rows": r"sqlalchemy/|sqlite3|psycopg|feedwatch/store/",
    "select and compose": (
        r"feedwatch/digest/(edition|selection|rank|rising|terms|common_words|updates|sentences|claims|quiet|schedule|snippet)|feedwatch/(match|cluster)/"
        r"|feedwatch/jobs/(digest|edition_batch|composing|making|story_pool)|apscheduler/"
    ),
    "message": (
        r"/email/|dkim|feedwatch/deliver/(message|headers|tokens|mime_parts|encode)|feedwatch/digest/personal"
        r"|feedwatch/jobs/links"
    ),
    "render": r"jinja2/|babel/|css_inline|\.(html|txt|mjml)(\.j2)?:|feedwatch/digest/",
    "SMTP and the event loop": r"aiosmtplib|feedwatch/deliver/|feedwatch/jobs/deliver|asyncio/|selectors",
    "log": r"structlog|logging/|feedwatch/ops/log",
}
"""Which frames belong to which part; the first that fits."""
_HOTTEST = 15
_STOP_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """Stacks in py-spy's raw form: frames from the outermost, parted by semicolons, and how often it was seen."""

    stacks: Path | None

    def told(self) -> str:
        """The parts' shares, and the frames that were seen most, innermost and anywhere, as Markdown; "" for none."""
        if self.stacks is None or not self.stacks.exists():
            return ""
        parts, inner, outer = Counter[str](), Counter[str](), Counter[str]()
        for line in self.stacks.read_text(errors="replace").splitlines():
            stack, _, count = line.rpartition(" ")
            frames = [_short(frame) for frame in stack.split(";")]
            parts[part_of(stack.split(";"))] += int(count)
            inner[frames[-1]] += int(count)
            outer.update(dict.fromkeys(frames, int(count)))
        whole = parts.total() or 1
        lines = [f"| {part} | {count / whole:.1%} |" for part, count in parts.most_common()]
        lines += ["", "Innermost:", *(f"- {count / whole:.1%} {frame}" for frame, count in inner.most_common(_HOTTEST))]
        ours = Counter({frame: count for frame, count in outer.items() if "feedwatch/" in frame})
        lines += ["", "With all below:", *(f"- {n / whole:.1%} {frame}" for frame, n in ours.most_common(2 * _HOTTEST))]
        return "\n".join(["| part | share |", "| --- | ---: |", *lines])


def part_of(frames: list[str]) -> str:
    """The part that a stack counts for; its frames come from the outermost."""
    for frame in reversed(frames):
        for part, pattern in _PARTS.items():
            if re.search(pattern, frame):
                return part
    return "the rest"


@contextmanager
def profiled(profiler: Path | None, pid: int, stacks: Path) -> Iterator[Profile]:
    """Let py-spy look at a process and its children for the time of a block; without one, nothing is done."""
    if profiler is None:
        yield Profile(None)
        return
    command = [*BOUND, profiler, "record", "--format", "raw", "--rate", "50", "--subprocesses", "--nonblocking",
               "--pid", str(pid), "--output", stacks]  # fmt: skip
    looking = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Profile(stacks)
    finally:
        looking.send_signal(signal.SIGINT)  # writes what it has seen
        try:
            looking.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            looking.kill()
            looking.wait()


def _short(frame: str) -> str:
    """Without the line, and without the folders before a package."""
    frame = re.sub(r":\d+\)$", ")", frame)
    return re.sub(r"\(.*/(?:site-packages|src|python3\.\d+)/", "(", frame)
