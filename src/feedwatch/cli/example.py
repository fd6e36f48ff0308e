"""Where the example configuration lies: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

import feedwatch


def example_files() -> list[tuple[Path, str]]:
    """(file, name under the target folder) of everything that `feedwatch init` writes."""
    package = Path(feedwatch.__file__).parent
    root = package / "example" if (package / "example").is_dir() else package.parents[1]
    samples = sorted(path for path in (root / "samples").iterdir() if path.is_file())
    return [(root / "config.yaml", "config.yaml"), *((path, f"samples/{path.name}") for path in samples)]
