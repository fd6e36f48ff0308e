"""Fetch what feedwatch is measured beside, into one folder: nothing of the system is changed, and root is not needed.

    python -m tests.bench.poll.install FOLDER

Needs a Debian or Ubuntu with apt-get (its lists fresh: `apt-get update`), Go, and a way to their registries and PyPI.
FOLDER/debian is then a root with nginx, newsboat and sfeed and the libraries of theirs that this machine lacks,
FOLDER/reader a virtual environment, FOLDER/go/miniflux a program.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

DEBIAN = ("nginx-light", "newsboat", "sfeed", "curl")
READER = ("reader==3.26", "sgmllib3k==1.0.0")
MINIFLUX = "miniflux.app/v2@v2.2.14"
_LIMIT_S = 1200


def _run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What the command printed; an exit that is not 0 ends the installation with the command's own words."""
    ran = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {ran.stderr or ran.stdout}")
    return ran.stdout


def install_debian(folder: Path) -> None:
    """Debian's packages, unpacked side by side with those that they need and that are not installed here."""
    archives, root = folder / "archives", folder / "debian"
    archives.mkdir(exist_ok=True)
    root.mkdir(exist_ok=True)
    planned = _run("apt-get", "install", "--simulate", "--no-install-recommends", *DEBIAN, cwd=archives)
    missing = {line.split()[1] for line in planned.splitlines() if line.startswith("Inst ")}
    _run("apt-get", "download", *sorted(missing | set(DEBIAN)), cwd=archives)
    for archive in sorted(archives.glob("*.deb")):
        _run("dpkg-deb", "--extract", archive, root, cwd=archives)


def install_reader(folder: Path) -> None:
    """lemon24/reader in a virtual environment of its own, with the module that its feedparser needs."""
    place = folder / "reader"
    venv.create(place, with_pip=True)
    _run(place / "bin" / "python", "-m", "pip", "install", "--quiet", *READER, cwd=folder)


def install_miniflux(folder: Path) -> None:
    """Miniflux 2, built as its authors build it but for the version that it prints."""
    place = folder / "go"
    place.mkdir(exist_ok=True)
    if not (place / "go.mod").exists():
        _run("go", "mod", "init", "peers", cwd=place)
    _run("go", "get", "-tool", MINIFLUX, cwd=place)
    flags = "-ldflags=-s -w"
    _run("go", "build", flags, "-o", place / "miniflux", MINIFLUX.partition("@")[0], cwd=place)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for step in (install_debian, install_reader, install_miniflux):
        print(f"{step.__name__}: {(step.__doc__ or '').strip()}", flush=True)
        step(folder)
    print(f"All there. Now: {Path(sys.executable).name} -m tests.bench.poll --peers {folder}")


if __name__ == "__main__":
    main()
