"""How well and how quickly the languages of short and longer texts are told.

    python -m tests.bench.language

Reads tests/bench/language.tsv: headlines and passages with their languages, written for this purpose. Prints, for
several declarations that a feed may make, how many come out right, wrong and "und", what is taken for what, and the
microseconds of CPU per text.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Literal, NamedTuple

from feedwatch.normalize.language import UNKNOWN, choose_language, primary

_TABLE = Path(__file__).with_name("language.tsv")
_ROUNDS = 5

Verdict = Literal["right", "wrong", "und"]


class Labelled(NamedTuple):
    """A text whose language is known."""

    language: str
    """zh-Hans, zh-Hant, zh (where no character tells), yue, or a primary language."""
    kind: Literal["headline", "passage"]
    text: str


def labelled() -> list[Labelled]:
    """The rows of the table."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return [Labelled(*line.split("\t")) for line in lines]  # type: ignore[arg-type]


def told(row: Labelled, declared: Sequence[str], likely: tuple[str, ...]) -> str:
    """The language that is told of a row: a headline is a title, a passage a text."""
    title, text = (row.text, "") if row.kind == "headline" else ("", row.text)
    return choose_language(declared, title, text, likely)


def verdict(row: Labelled, declared: Sequence[str], likely: tuple[str, ...]) -> Verdict:
    """Whether the language is right; regions do not count, and Cantonese is right as traditional Chinese."""
    found = told(row, declared, likely)
    if found == UNKNOWN:
        return "und"
    wanted = row.language
    if wanted == "yue":
        is_right = found == "yue" or (primary(found) == "zh" and "Hans" not in found)
    elif wanted.startswith("zh-"):
        is_right = found.startswith(wanted)
    else:
        is_right = primary(found) == wanted
    return "right" if is_right else "wrong"


DECLARED: dict[str, Callable[[Labelled], tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "its own language": lambda row: ((row.language,), ("en", "zh")),
    "none": lambda _: ((), ("en", "zh")),
    "none, and none is expected": lambda _: ((), ()),
    "none, Portuguese is expected": lambda _: ((), ("en", "zh", "pt")),
    "English": lambda _: (("en",), ("en", "zh")),
    "English, the source Portuguese": lambda _: (("en", "pt"), ("en", "zh")),
    "Chinese": lambda _: (("zh-CN",), ("en", "zh")),
}


def main() -> None:
    """Print the tables."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = labelled()
    for name, declare in DECLARED.items():
        for kind in ("headline", "passage"):
            chosen = [row for row in rows if row.kind == kind]
            counts = Counter(verdict(row, *declare(row)) for row in chosen)
            print(f"declared: {name:32} {kind}s {len(chosen):4}: {dict(counts)}")
        taken = Counter(
            f"{row.language} for {told(row, *declare(row))}" for row in rows if verdict(row, *declare(row)) != "right"
        )
        print("    " + (", ".join(f"{pair} {count}" for pair, count in taken.most_common()) or "none mistaken"))
    best = min(_seconds(rows) for _ in range(_ROUNDS))
    print(f"{best / len(rows) * 1e6:.0f} us of CPU a text, none declared")


def _seconds(rows: list[Labelled]) -> float:
    begun = process_time()
    for row in rows:
        told(row, (), ("en", "zh"))
    return process_time() - begun


if __name__ == "__main__":
    main()
