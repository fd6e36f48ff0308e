"""The marks of the language as word processors and Chinese keyboards write them."""

from __future__ import annotations

import re

from feedwatch.errors import QuerySyntaxError

# One character for one, so that columns stay.
_PLAIN = str.maketrans(dict.fromkeys("“”„‟＂「」『』", '"') | dict(zip("（）：＊～／", "():*~/", strict=True)))
_NOT_PLAIN = re.compile("[“”„‟＂「」『』（）：＊～／\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def refuse_surrogates(text: str) -> None:
    """Raise QuerySyntaxError for half a character, which a terminal that is not in UTF-8 hands over."""
    half = _SURROGATE.search(text)
    if half:
        shown = text.encode("utf-8", "replace").decode()
        raise QuerySyntaxError(shown, half.start(), "this is no character: expected text in UTF-8")


def with_plain_marks(query: str) -> str:
    """The query with the marks that mean the same made one."""
    if query.isascii() or not _NOT_PLAIN.search(query):
        return query
    refuse_surrogates(query)
    return query.translate(_PLAIN)
