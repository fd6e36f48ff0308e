"""The wheel alone, in an environment and a folder of its own, does what the README's first minutes say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "config.yaml", "src", "templates", "samples")
_OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, as the Dockerfile does, so that nothing else in the checkout can slip in."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in _BUILT_FROM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, copy / name)
    built = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "pip", "wheel", *_OFFLINE, "--wheel-dir", built, copy], check=True)
    return next(built.glob("feedwatch-*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`feedwatch` of a fresh environment: its own copy of the package, this environment's copies of the libraries."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    paths = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    # The libraries' folder alone, not its .pth files: an editable feedwatch must not be found through them.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    python = environment / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *_OFFLINE, wheel], check=True)
    return environment / "bin" / "feedwatch"


@pytest.fixture(scope="module")
def folder(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a new user has run `init`, and has no network."""
    folder = tmp_path_factory.mktemp("new-user")
    _run(program, folder, "init")
    config = folder / "config.yaml"
    local, _, _ = config.read_text(encoding="utf-8").partition("\n  - name: rthk-local-en\n")
    config.write_text(local + "\n", encoding="utf-8")
    return folder


def _run(program: Path, folder: Path, *arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    ran = subprocess.run(
        [program, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_wheel_holds_what_is_not_python(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "feedwatch/templates/digest.html.j2",
        "feedwatch/templates/parts/story.html.j2",
        "feedwatch/store/migrations/versions/0001_the_first_tables.py",
        "feedwatch/store/migrations/script.py.mako",
        "feedwatch/example/config.yaml",
        "feedwatch/example/samples/jiangmen-republished.xml",
        "feedwatch/py.typed",
    }
    assert wanted - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "data/"))]


def test_the_installed_package_is_the_wheels(program: Path, folder: Path) -> None:
    python = program.with_name("python")
    where = subprocess.run(
        [python, "-c", "import feedwatch; print(feedwatch.__file__)"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(program.parents[1])


def test_version(program: Path, folder: Path) -> None:
    version = _run(program, folder, "--version").split()
    assert version[0] == "feedwatch"
    assert version[1] in next(iter(program.parents[1].rglob("feedwatch-*.dist-info"))).name


def test_check(program: Path, folder: Path) -> None:
    assert "config.yaml is fine: 1 source, 2 watchlists, 1 subscriber." in _run(program, folder, "check")


def test_the_first_run_makes_a_digest_to_read(program: Path, folder: Path) -> None:
    summary = _run(program, folder, "run", "--once")
    assert "1 source polled, 1 with news" in summary
    mails = list((folder / "data" / "outbox").glob("*.eml"))
    assert len(mails) == 1
    digest = _run(program, folder, "digest", "show")
    assert "Pengjiang District High-Quality Development Promotion Meeting" in " ".join(digest.split())
    assert "nothing is overdue" in _run(program, folder, "health")
