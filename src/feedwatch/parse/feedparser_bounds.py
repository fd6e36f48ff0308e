"""feedparser's search for an address in an author's line, kept short: it takes quadratic time on a long one.

160,000 letters and dots in one <author> kept it for more than two minutes. feedparser 6 has no setting for that.
"""

from __future__ import annotations

from typing import Any, Final

from feedparser.mixin import _FeedParserMixin

_LONGEST: Final = 200
"""Characters of an author's line; where hundreds of such lines follow each other, 0.2 ms for each are bearable."""


def keep_author_lines_short() -> None:
    """Let feedparser look at the beginning of an author's line alone, from now on in this process."""
    unbounded = _FeedParserMixin._sync_author_detail  # noqa: SLF001
    if getattr(unbounded, "is_bounded", False):
        return

    def bounded(self: Any, key: str = "author") -> None:
        context = self._get_context()
        line = dict.get(context, key)
        if isinstance(line, str) and len(line) > _LONGEST:
            context[key] = line[:_LONGEST]
        unbounded(self, key)

    bounded.is_bounded = True  # type: ignore[attr-defined]
    _FeedParserMixin._sync_author_detail = bounded  # noqa: SLF001
