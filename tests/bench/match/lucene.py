"""Lucene's Monitor, through our Java program of tests/bench/peers/lucene; only Java's own start is left out."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from feedwatch.han import to_simplified
from tests.bench.match.case import Case, Measured, Sourced
from tests.bench.match.written import as_json

HEAP = "-Xmx3g"
PRESEARCHERS = ("terms", "multipass")
SECONDS = 15
"""Of matching; the first rounds warm Java's compiler up, and the quickest counts."""
_LIMIT_S = 900


def measure(case: Case, peers: Path, presearcher: str, at_once: int) -> Measured:
    """presearcher: `terms` or `multipass`; at_once: how many items are matched in one call.

    One thread matches; its CPU time is what counts, and that of the whole process, with Java's collector and compiler,
    stands in the note.
    """
    with tempfile.TemporaryDirectory(prefix="feedwatch-bench-") as temporary:
        folder = Path(temporary)
        _write_lines(folder / "queries.json", [as_json(query.tree) for query in case.queries])
        _write_lines(folder / "items.json", [_item(sourced) for sourced in case.items])
        (folder / "simplified.txt").write_text("".join(map("".join, _simplified())))
        target = peers / "lucene" / "target"
        ran = subprocess.run(
            ["java", HEAP, "-XX:+UseSerialGC", "-cp", f"{target / 'peer.jar'}:{target / 'libraries'}/*",
             "feedwatch.bench.Bench", folder, presearcher, str(at_once), str(SECONDS)],
            capture_output=True, text=True, timeout=_LIMIT_S, check=False,
        )  # fmt: skip
    if ran.returncode:
        raise SystemExit(f"Lucene's Monitor failed: {ran.stderr}")
    told = json.loads(ran.stdout)
    name = f"Lucene Monitor, {presearcher}" + (f", {at_once} at once" if at_once > 1 else "")
    return Measured(
        name, len(case.queries), range(len(case.items)), told["items_a_second"], told["build_s"], told["rss_mb"],
        told["heap_mb"], told["p50_us"] if at_once == 1 else None, told["p99_us"] if at_once == 1 else None,
        told["asked"], [frozenset(numbers) for numbers in told["found"]],
        f"{told['items_a_second_of_process']:,.0f} items/s by the CPU of the whole process",
    )  # fmt: skip


def _simplified() -> Iterator[tuple[str, str]]:
    """Each traditional character that one `char` of Java's holds, and its simplified form, if that does too."""
    for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)):
        simplified = to_simplified(chr(code))
        if code != ord(simplified) < 0x10000:
            yield chr(code), simplified


def _write_lines(path: Path, rows: list[object]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))


def _item(sourced: Sourced) -> object:
    """A language stands with every range that it is of: zh-Hant-HK is zh-Hant and zh too."""
    item, source = sourced
    subtags = item.language.lower().split("-")
    languages = ["-".join(subtags[: length + 1]) for length in range(len(subtags))]
    tags = [to_simplified(tag).lower() for tag in item.tags]
    return {"title": item.title, "text": item.text, "lang": languages, "source": [source], "tag": tags}
