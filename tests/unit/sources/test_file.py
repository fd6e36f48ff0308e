from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedwatch.errors import FetchError
from feedwatch.fetch import FetchRequest
from feedwatch.sources import read_file

LIMIT = 1000


def write(path: Path, body: bytes, at: int = 1_000_000_000) -> None:
    path.write_bytes(body)
    os.utime(path, ns=(at, at))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "新聞 #1?.xml"
    write(path, b"<rss/>")
    return path


def test_a_file_is_read_whole(path: Path) -> None:
    fetched = read_file(FetchRequest(path.as_uri()), LIMIT)
    assert (fetched.status, fetched.body, fetched.url) == (200, b"<rss/>", path.as_uri())


def test_an_unchanged_file_is_not_read_again(path: Path) -> None:
    etag = read_file(FetchRequest(path.as_uri()), LIMIT).etag
    again = read_file(FetchRequest(path.as_uri(), etag=etag), LIMIT)
    assert (again.status, again.body, again.is_not_modified) == (304, b"", True)


@pytest.mark.parametrize(
    "body, at",
    [
        (b"<rss>2</rss>", 2_000_000_000),
        (b"<rss>2</rss>", 1_000_000_000),  # written again within the clock's tick
        (b"<RSS/>", 1_000_000_001),  # as long as before
    ],
)
def test_a_changed_file_is_read_again(path: Path, body: bytes, at: int) -> None:
    etag = read_file(FetchRequest(path.as_uri()), LIMIT).etag
    write(path, body, at)
    again = read_file(FetchRequest(path.as_uri(), etag=etag), LIMIT)
    assert (again.status, again.body) == (200, body)
    assert again.etag != etag


@pytest.mark.parametrize("size, is_read", [(LIMIT, True), (LIMIT + 1, False)])
def test_size_has_a_limit(path: Path, size: int, is_read: bool) -> None:
    write(path, b"x" * size)
    if is_read:
        assert len(read_file(FetchRequest(path.as_uri()), LIMIT).body) == size
    else:
        with pytest.raises(FetchError, match=r"^is larger than 0.001 MB; see fetch.max_body$"):
            read_file(FetchRequest(path.as_uri()), LIMIT)


def test_a_file_that_is_gone(path: Path) -> None:
    path.unlink()
    with pytest.raises(FetchError) as caught:
        read_file(FetchRequest(path.as_uri()), LIMIT)
    assert str(caught.value) == f"there is no such file: {path}"


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FetchError) as caught:
        read_file(FetchRequest(tmp_path.as_uri()), LIMIT)
    assert str(caught.value) == f"is no file: {tmp_path}"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FetchError, match=r"^is no file: "):
        read_file(FetchRequest((tmp_path / "pipe").as_uri()), LIMIT)


def test_links_that_lead_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    with pytest.raises(FetchError, match=r"^cannot be read: Too many levels of symbolic links: "):
        read_file(FetchRequest((tmp_path / "a").as_uri()), LIMIT)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(path: Path) -> None:
    path.chmod(0)
    with pytest.raises(FetchError) as caught:
        read_file(FetchRequest(path.as_uri()), LIMIT)
    assert str(caught.value) == f"cannot be read: Permission denied: {path}"
