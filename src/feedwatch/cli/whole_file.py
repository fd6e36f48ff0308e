"""A file written whole or not at all, or standard output."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def write_whole(parts: Iterable[bytes], output: Path | None) -> None:
    """Write the parts one after the other; None is standard output.

    A file takes its place when the last part is written, and on the way keeps what it had; what is no file (a pipe, a
    terminal) is written to directly. Raises OSError, naming the file.
    """
    if output is None:
        # In a test standard output may be a terminal of text alone.
        binary = getattr(sys.stdout, "buffer", None)
        for part in parts:
            if binary is None:
                sys.stdout.write(part.decode())
            else:
                binary.write(part)
        return
    if output.exists() and not output.is_file():
        with output.open("wb") as other:
            other.writelines(parts)
        return
    _replace(Path(os.path.realpath(output)), parts, output)


def _replace(target: Path, parts: Iterable[bytes], named: Path) -> None:
    """As `write_whole`; a link goes on leading to its file, and a file keeps its mode."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    try:
        file = NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False)  # noqa: SIM115
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(named)) from None
    partial = Path(file.name)
    try:
        with file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(mode)
        partial.replace(target)
    except BaseException as error:  # also an interrupt: half a file is left nowhere
        with suppress(OSError):
            partial.unlink()
        if isinstance(error, OSError) and error.filename in (None, str(partial)):
            raise OSError(error.errno, error.strerror, str(named)) from error
        raise


def _umask() -> int:
    mask = os.umask(0)  # it can be read by setting it alone
    os.umask(mask)
    return mask
