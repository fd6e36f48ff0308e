"""Content codings (RFC 9110, 8.4.1) undone as the bytes come in, with a bound on what comes out.

A few bytes can stand for hundreds of megabytes: each decoder gives what it has in slices, and the first one past the
limit ends the reading.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from feedwatch.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCEPTED = "gzip, deflate, br, zstd"
"""What the decoders below read, as an Accept-Encoding."""

_MOST_CODINGS = 3
_SLICE = 65536
_ZSTD_WINDOW = 8 << 20  # RFC 9659: what a server may ask of a client's memory
_ZSTD_INPUT = 64  # four bytes can stand for 128 KB, and decompressobj has no bound: at most 2 MB at once
_ERRORS = (zlib.error, brotli.error, zstandard.ZstdError)


class Body:
    """A body as it arrives: feed it chunks, then finish it.

    Both raise FetchError: when the document, or a step to it, is larger than `limit` bytes, cannot be read, or is cut
    off. A coding that we did not ask for (some servers write `utf-8`) is taken as none.
    """

    def __init__(self, codings: str, limit: int) -> None:
        applied = [coding for coding in (part.strip().lower() for part in codings.split(",")) if coding in _DECODERS]
        if len(applied) > _MOST_CODINGS:
            raise FetchError(f"sent a body that was compressed {len(applied)} times over")
        self._steps = [(coding, _DECODERS[coding]()) for coding in reversed(applied)]
        self._sizes = [0] * (len(self._steps) + 1)
        self._limit = limit
        self._document = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes from the connection."""
        self._pass_on(chunk, 0)

    def finish(self) -> bytes:
        """The whole document, decoded."""
        for size, (coding, decoder) in zip(self._sizes, self._steps, strict=False):
            if size and not decoder.is_complete:  # no body at all was not compressed either
                raise FetchError(f"sent a body that is cut off ({coding})")
        return bytes(self._document)

    def _pass_on(self, piece: bytes, step: int) -> None:
        self._sizes[step] += len(piece)
        if self._sizes[step] > self._limit:
            raise too_large(self._limit)
        if step == len(self._steps):
            self._document += piece
            return
        coding, decoder = self._steps[step]
        try:
            for decoded in decoder.decode(piece):
                self._pass_on(decoded, step + 1)
        except _ERRORS as error:
            raise FetchError(f"sent a body that cannot be decompressed ({coding}): {error}") from None


def too_large(limit: int) -> FetchError:
    """The error for a document of more than `limit` bytes."""
    return FetchError(f"is larger than {limit / 1e6:g} MB; see fetch.max_body")


class _Decoder(Protocol):
    is_complete: bool

    def decode(self, piece: bytes) -> Iterator[bytes]:
        """What the bytes so far give, in slices of bounded size."""


class _Gunzip:
    """One member after the other (RFC 1952, 2.2)."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self.is_complete = False

    def decode(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._stream.eof:
                if not piece.startswith(b"\x1f"):  # padding, or a mark that some program left
                    return
                self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield self._stream.decompress(piece, _SLICE)
            self.is_complete = self._stream.eof
            piece = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail


class _Inflate:
    """`deflate` means a zlib stream, but some servers send the bare one (RFC 9110, 8.4.1.2)."""

    def __init__(self) -> None:
        self._head = b""
        self._stream = zlib.decompressobj()
        self.is_complete = False

    def decode(self, piece: bytes) -> Iterator[bytes]:
        if len(self._head) < 2:  # noqa: PLR2004 - the length of zlib's header (RFC 1950, 2.2)
            piece = self._head + piece
            self._head = piece[:2]
            if len(self._head) < 2:  # noqa: PLR2004
                return
            if self._head[0] & 15 != zlib.DEFLATED or int.from_bytes(self._head) % 31:
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        while piece and not self.is_complete:
            yield self._stream.decompress(piece, _SLICE)
            self.is_complete = self._stream.eof
            piece = self._stream.unconsumed_tail


class _Unbrotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.is_complete = False

    def decode(self, piece: bytes) -> Iterator[bytes]:
        while not self.is_complete:
            decoded = self._stream.process(piece, output_buffer_limit=_SLICE)
            self.is_complete = self._stream.is_finished()
            if not decoded and not piece:
                return
            yield decoded
            piece = b""


class _Unzstd:
    """One frame after the other (RFC 8878, 3.1)."""

    def __init__(self) -> None:
        self._new = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj
        self._stream = self._new()
        self.is_complete = False

    def decode(self, piece: bytes) -> Iterator[bytes]:
        for at in range(0, len(piece), _ZSTD_INPUT):
            rest = piece[at : at + _ZSTD_INPUT]
            while rest:
                if self._stream.eof:
                    self._stream = self._new()
                yield self._stream.decompress(rest)
                self.is_complete = self._stream.eof
                rest = self._stream.unused_data if self._stream.eof else b""


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "gzip": _Gunzip,
    "x-gzip": _Gunzip,
    "deflate": _Inflate,
    "br": _Unbrotli,
    "zstd": _Unzstd,
}
