"""The container's files: linted, and what compose.yaml mounts and names is there and is read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

from feedwatch import config

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    found = subprocess.run(
        [hadolint, "--failure-threshold", "style", ROOT / "Dockerfile"], capture_output=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, b"")


@pytest.mark.parametrize("copied", re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
def test_everything_copied_is_there_and_is_let_into_the_build(copied: str) -> None:
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()}
    for name in copied.split():
        assert (ROOT / name).exists()
        assert name in let_in, f"{name} is kept out by .dockerignore"


def test_the_image_runs_as_nobody_in_particular() -> None:
    users = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["10001:10001"]


def test_nothing_is_reached_from_other_machines() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published
    assert all(str(port).startswith("127.0.0.1:") for port in published)


def test_images_of_others_are_pinned() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert all(re.fullmatch(r"[\w./-]+:v?\d+(\.\d+)+", image) for image in images), images


def test_mounted_files_are_there() -> None:
    mounts = [mount.split(":") for mount in SERVICES["feedwatch"]["volumes"]]
    files = [place for place, *_ in mounts if place.startswith(".")]
    assert [place for place in files if not (ROOT / place).is_file()] == []
    assert [place for place, *_ in mounts if not place.startswith(".")] == list(COMPOSE["volumes"])


def test_the_mounted_configuration_sends_to_the_mailbox_beside_it(tmp_path: Path) -> None:
    """Laid out as in the container: the configuration over the image's own, which has the samples beside it."""
    shutil.copyfile(ROOT / "compose" / "config.yaml", tmp_path / "config.yaml")
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    settings = config.load(tmp_path / "config.yaml", {"FEEDWATCH_DATA": "/data"}).settings
    assert settings.mail.smtp is not None
    assert (settings.mail.smtp.host in SERVICES, settings.mail.smtp.port) == (True, 1025)
    assert settings.data_dir == Path("/data")


def test_the_example_in_the_image_is_usable(tmp_path: Path) -> None:
    shutil.copyfile(ROOT / "config.yaml", tmp_path / "config.yaml")
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    settings = config.load(tmp_path / "config.yaml", {"FEEDWATCH_DATA": "/data"}).settings
    assert settings.database_url == "sqlite:////data/feedwatch.db"
