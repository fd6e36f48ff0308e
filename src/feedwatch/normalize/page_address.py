"""Where an article lives, by what its page says of itself (link rel=canonical, RFC 6596)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from feedwatch.normalize.url import canonical_url

# What an article's address has and a section's has not: an id, a folder for the day, a headline of words, a file.
_ARTICLE = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4}|/\d{4}/\d\d?/(?:\d\d?/)?[^/]*[a-z]|[^/]-[^/-]+-[^/]|%[0-9a-f]{2}"
    r"|(?<!/index)\.s?html?$",
    re.IGNORECASE,
)
_NO_PAGE = frozenset({"", "404", "error", "login", "null", "undefined", "none", "home"})
_VARIANTS = frozenset({"amp", "print", "mobile", "m", "index.html", "index.htm", "index.php"})


def place_of_page(url: str, canonical: str | None) -> tuple[str, str]:
    """An item's URL, and the canonical URL of its page where that is on another site ("" where it is not).

    url is canonical; `canonical` as the page has it. On the same site (one registrable domain of the Public Suffix
    List, in which each blog of a host is a site) the page's word replaces the URL. A front page, a section or an error
    page is no article's, whatever a template says, and is passed over.
    """
    said = canonical_url(canonical, base=url) if canonical and url else ""
    if not said or said == url or not _can_be_of(urlsplit(said), urlsplit(url)):
        return url, ""
    return (said, "") if _site(said) == _site(url) else (url, said)


def _can_be_of(said: SplitResult, page: SplitResult) -> bool:
    """Whether the address can be an article's, and this one's."""
    path, own = said.path.rstrip("/"), page.path.rstrip("/")
    if said.fragment or re.search(r"\d", said.query):
        return True
    if path.rpartition("/")[2].lower().partition(".")[0] in _NO_PAGE:
        return False
    if _ARTICLE.search(path):
        return True
    if path == own:
        return not page.query  # else an id may have gone with it: /story.php?id=5
    if own.startswith(f"{path}/"):
        return own[len(path) + 1 :].lower() in _VARIANTS
    return not _ARTICLE.search(f"{own}?{page.query}")


def _site(url: str) -> str:
    # Loaded where a page names another host alone: 10 MB.
    host = urlsplit(url).hostname or ""
    from tld import get_fld  # noqa: PLC0415

    return get_fld(url, fail_silently=True, search_private=True) or host
