"""Fetch what delivery is measured with and beside, into one folder: nothing of the system is changed.

    python -m tests.bench.deliver.install FOLDER

Needs a Debian or Ubuntu with apt-get (its lists fresh: `apt-get update`), Go, and a way to their registries.
FOLDER/debian then has postfix, of which smtp-sink and smtp-source are used alone, and FOLDER/listmonk the program with
its files.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

POSTFIX = "postfix"
LISTMONK = "github.com/knadh/listmonk"
LISTMONK_VERSION = "v1.1.0"
"""The newest that was served: later versions do not say their major number in the module's path."""
MERGO = "github.com/imdario/mergo"
"""Its go.mod holds this back, which counts for the main module alone and is repeated here."""
_FILES = ("config.toml.sample", "queries.sql", "schema.sql", "i18n", "static")
_LIMIT_S = 1200


def _run(*command: str | Path, cwd: Path) -> str:
    """What the command printed; an exit that is not 0 ends the installation with the command's own words."""
    ran = subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_LIMIT_S, check=False
    )
    if ran.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {ran.stderr or ran.stdout}")
    return ran.stdout


def install_postfix(folder: Path) -> None:
    """Debian's package with those that it needs and that are not installed here, unpacked side by side."""
    archives, root = folder / "archives", folder / "debian"
    archives.mkdir(exist_ok=True)
    root.mkdir(exist_ok=True)
    planned = _run("apt-get", "install", "--simulate", "--no-install-recommends", POSTFIX, cwd=archives)
    missing = {line.split()[1] for line in planned.splitlines() if line.startswith("Inst ")}
    _run("apt-get", "download", *sorted(missing | {POSTFIX}), cwd=archives)
    for archive in sorted(archives.glob("*.deb")):
        _run("dpkg-deb", "--extract", archive, root, cwd=archives)


def install_listmonk(folder: Path) -> None:
    """Built from its module, with the files that it reads at its start; its web pages are left out and stay empty."""
    build, place = folder / "go-listmonk", folder / "listmonk"
    build.mkdir(exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    if not (build / "go.mod").exists():
        _run("go", "mod", "init", "peers", cwd=build)
    wanted = (f"-require={LISTMONK}@{LISTMONK_VERSION}", f"-replace={MERGO}={MERGO}@v0.3.8")
    _run("go", "mod", "edit", *wanted, cwd=build)
    _run("go", "build", "-mod=mod", "-ldflags=-s -w", "-o", place / "listmonk", f"{LISTMONK}/cmd", cwd=build)
    source = Path(_run("go", "list", "-m", "-mod=mod", "-f", "{{.Dir}}", LISTMONK, cwd=build).strip())
    for name in _FILES:
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy
        copy(source / name, place / name)
    for page in ("frontend/dist/favicon.png", "frontend/dist/frontend/index.html"):
        (place / page).parent.mkdir(parents=True, exist_ok=True)
        (place / page).write_bytes(b"")
    for made in (place, *place.rglob("*")):
        made.chmod(made.stat().st_mode | 0o200)  # modules are kept read-only


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for step in (install_postfix, install_listmonk):
        print(f"{step.__name__}: {(step.__doc__ or '').strip()}", flush=True)
        step(folder)
    print(f"All there. Now: {Path(sys.executable).name} -m tests.bench.deliver --peers {folder}")


if __name__ == "__main__":
    main()
