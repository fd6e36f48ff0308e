"""Content codings (RFC 9110, 8.4.1) undone with a bound on what comes out.

httpx would decompress a chunk whole before anybody can count it, and 16 KB of zstd or 200 bytes of brotli can hold
hundreds of megabytes.
"""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]
import zstandard

from feedwatch.errors import FetchError

ACCEPTED = "gzip, deflate, br, zstd"
"""What the decoders below read, as an Accept-Encoding."""

_MOST_CODINGS = 3
_ZSTD_WINDOW = 8 << 20  # RFC 9659: what a server may ask of a client's memory
_ZSTD_SLICE = 256  # four bytes can stand for 128 KB, and decompressobj has no bound: at most 8 MB a slice
_ERRORS = (zlib.error, brotli.error, zstandard.ZstdError)


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """Undo the codings of a Content-Encoding header, the last one first.

    What is no coding that we asked for (some servers write `utf-8`) is taken as none. Raises FetchError when the
    result, or a step to it, would be larger than `limit` bytes, is cut off or not readable.
    """
    applied = [coding for coding in (part.strip().lower() for part in codings.split(",")) if coding in _DECODERS]
    if len(applied) > _MOST_CODINGS:
        raise FetchError(f"sent a body that was compressed {len(applied)} times over")
    for coding in reversed(applied):
        try:
            body, is_complete = _DECODERS[coding](body, limit) if body else (b"", True)
        except _ERRORS as error:
            raise FetchError(f"sent a body that cannot be decompressed ({coding}): {error}") from None
        if len(body) > limit:
            raise too_large(limit)
        if not is_complete:
            raise FetchError(f"sent a body that is cut off ({coding})")
    return body


def too_large(limit: int) -> FetchError:
    """The error for a document of more than `limit` bytes."""
    return FetchError(f"is larger than {limit / 1e6:g} MB; see fetch.max_body")


# Each decoder gives at most a slice more than `limit` bytes, and whether the stream came to its end.


def _gunzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    return _inflate(body, limit, zlib.MAX_WBITS | 16)


def _inflate(body: bytes, limit: int, window: int = zlib.MAX_WBITS) -> tuple[bytes, bool]:
    stream = zlib.decompressobj(window)
    return stream.decompress(body, limit + 1), stream.eof


def _undeflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    """`deflate` means a zlib stream, but some servers send the bare one (RFC 9110, 8.4.1.2)."""
    try:
        return _inflate(body, limit)
    except zlib.error:
        return _inflate(body, limit, -zlib.MAX_WBITS)


def _unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    stream = brotli.Decompressor()
    whole = bytearray(stream.process(body, output_buffer_limit=limit + 1))
    while len(whole) <= limit and not stream.is_finished():
        more = stream.process(b"", output_buffer_limit=limit + 1)
        if not more:
            break
        whole += more
    return bytes(whole), stream.is_finished()


def _unzstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    whole = bytearray()
    for at in range(0, len(body), _ZSTD_SLICE):
        whole += stream.decompress(body[at : at + _ZSTD_SLICE])
        if stream.eof or len(whole) > limit:
            break
    return bytes(whole), stream.eof


_DECODERS = {"gzip": _gunzip, "x-gzip": _gunzip, "deflate": _undeflate, "br": _unbrotli, "zstd": _unzstd}
