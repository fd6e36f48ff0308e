"""A local file as a source: its modification time and size are its validators."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from feedwatch.errors import FetchError
from feedwatch.fetch import Fetched
from feedwatch.fetch.coding import too_large

if TYPE_CHECKING:
    from feedwatch.fetch import FetchRequest


def read_file(request: FetchRequest, max_body: int) -> Fetched:
    """Read a `file://` URL as if a server had answered: 200 with a body, or 304. Raises FetchError."""
    path = Path(unquote(urlsplit(request.url).path))
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):  # a pipe would be waited for without end
            raise FetchError(f"is no file: {path}")
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        if etag == request.etag:
            return Fetched(status=304, url=request.url)
        if status.st_size > max_body:
            raise too_large(max_body)
        return Fetched(status=200, url=request.url, body=path.read_bytes(), etag=etag)
    except FileNotFoundError:
        raise FetchError(f"there is no such file: {path}") from None
    except OSError as error:
        raise FetchError(f"cannot be read: {error.strerror}: {path}") from None
