"""Runs in reader's own environment: `reader_child.py URLS DATABASE WORKERS`, then a word a line: poll, count."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reader import make_reader  # type: ignore[import-not-found]


def main() -> None:
    urls, database, workers = sys.argv[1:]
    reader = make_reader(database)
    for url in Path(urls).read_text().splitlines():
        reader.add_feed(url)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        if line.strip() == "poll":
            visits = reader.update_feeds_iter(workers=int(workers), scheduled=False)  # all, not what is due
            failed = [str(visit.value) for visit in visits if visit.error]
            print(json.dumps({"remarks": f"{len(failed)} failed: {failed[0]}" if failed else ""}), flush=True)
        else:
            print(json.dumps({"entries": reader.get_entry_counts().total}), flush=True)


if __name__ == "__main__":
    main()
