"""Build what matching is measured beside, in one folder: nothing of the system is changed, and root is not needed.

    python -m tests.bench.match.install FOLDER

Needs a JDK of 17 or newer, Maven, and a way to Maven Central. FOLDER/lucene is then our program around Lucene's Monitor
with the libraries that it needs.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "peers" / "lucene"
_LIMIT_S = 600


def install_lucene(folder: Path) -> None:
    """Build our program from its source in tests/bench/peers; a failure is told in Maven's own words."""
    place = folder / "lucene"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(SOURCE, place)
    built = subprocess.run(
        ["mvn", "--quiet", "--batch-mode", "package"],
        cwd=place, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_LIMIT_S, check=False,
    )  # fmt: skip
    if built.returncode:
        raise SystemExit(f"Maven could not build {place}: {built.stdout or built.stderr}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    install_lucene(folder)
    print(f"All there. Now: {Path(sys.executable).name} -m tests.bench.match --peers {folder}")


if __name__ == "__main__":
    main()
