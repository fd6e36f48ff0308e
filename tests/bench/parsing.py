"""What reading a query costs: the parser, its tokens alone, and lark with the same grammar.

    python -m tests.bench.parsing [--queries 10000]

The mix is that of tests/bench/match, of real names and words. CPU time, the best of three rounds; lark reads a tenth.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lark import Lark

from feedwatch.match.lexer import tokens_of
from feedwatch.match.parse import parse_query
from tests.bench.match.mine import mine
from tests.bench.match.mix import mix
from tests.bench.match.stream import halves

GRAMMAR = Path(__file__).parents[1] / "unit" / "match" / "query.lark"


def microseconds(read: Callable[[str], object], queries: Sequence[str]) -> float:
    """CPU time a query; the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        for query in queries:
            read(query)
        best = min(best, time.process_time() - begin)
    return best / len(queries) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--queries", type=int, default=10_000)
    mined, _ = halves()
    queries = [query.written for query in mix(mine(mined), parser.parse_args().queries)]
    lark = Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic", start="query")
    print(f"{len(queries):,} queries of {sum(map(len, queries)) / len(queries):.0f} characters on average")
    print(
        f"tokens {microseconds(tokens_of, queries):.1f} us, parser {microseconds(parse_query, queries):.1f} us a query"
    )
    print(f"lark {microseconds(lark.parse, queries[: len(queries) // 10]):.0f} us a query, to its own tree")


if __name__ == "__main__":
    main()
