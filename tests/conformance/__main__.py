"""Print the page; with `--write`, into docs/conformance.md."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.conformance.report import all_outcomes, page
from tests.corpus import corpus_dir

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"


def main() -> int:
    """The exit status: 1 where there is no corpus."""
    corpus = corpus_dir()
    if corpus is None:
        print("No corpus beside the project; FEEDWATCH_CORPUS can name its folder.", file=sys.stderr)
        return 1
    text = page(all_outcomes(corpus / "feeds"))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, "utf-8")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
