"""The gzip'd body of a sitemap (`sitemap.xml.gz`, which no Content-Encoding tells of) to its text, within bounds."""

from __future__ import annotations

import zlib
from typing import Final

from feedwatch.errors import DocumentError

MOST_BYTES: Final = 50 * 1024 * 1024
"""How large a sitemap may be, unpacked (sitemaps.org)."""

_GZIP: Final = b"\x1f\x8b"
_MOST_MEMBERS: Final = 1000


def unpacked(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The body as it was before gzip, or as it is where it is not gzip'd; and warnings.

    All members are read (RFC 1952, 2.2); of a body that is damaged, what comes before the damage.

    Raises:
        DocumentError: larger than MOST_BYTES, packed or unpacked, or nothing can be unpacked.
    """
    if len(body) > MOST_BYTES:
        raise DocumentError("Larger than 50 MB, more than a sitemap may be (sitemaps.org); not read")
    if not body.startswith(_GZIP):
        return body, ()
    unpacked = bytearray()
    rest = body
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            unpacked += member.decompress(rest, MOST_BYTES + 1 - len(unpacked))
        except zlib.error as error:
            if not unpacked:
                raise DocumentError(f"Looks gzip'd, but cannot be unpacked ({error})") from None
            return bytes(unpacked), ("Followed by bytes that are not gzip'd; left out.",)
        if len(unpacked) > MOST_BYTES:
            raise DocumentError("Unpacks to more than 50 MB, more than a sitemap may be (sitemaps.org); not read")
        if not member.eof:
            return bytes(unpacked), ("Cut off before the end of its gzip stream; read as far as it goes.",)
        rest = member.unused_data.lstrip(b"\0")  # padding
        if not rest:
            break
    return bytes(unpacked), ()
