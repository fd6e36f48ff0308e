"""RSS-Bridge and RSSHub: how an instance is asked for the feeds that it makes of a site, and its answers read.

RSS-Bridge finds feeds itself (`?action=findfeed`). RSSHub does not, but gives the rules by which its browser extension
does (`/api/radar/rules/DOMAIN`): paths of a site, and which of its routes serve them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from feedwatch.parse.survey import FeedLink

_MOST_ANSWERS: Final = 3
_PARAMETER: Final = re.compile(r":(\w+)(?:\{[^{}]*\})?([?*+]?)")
_QUERY: Final = re.compile(r"\?([^/?]*=.*)")
_SECOND_LEVEL: Final = frozenset(["ac", "co", "com", "edu", "go", "gov", "idv", "mil", "ne", "net", "or", "org"])
_COUNTRY: Final = 2


def rss_bridge_question(bridge: str, url: str) -> str:
    """The address that asks an RSS-Bridge which of its bridges make a feed of the page."""
    place = bridge if bridge.endswith(".php") else bridge.rstrip("/") + "/"
    return f"{place}?{urlencode({'action': 'findfeed', 'format': 'Atom', 'url': url})}"


def rss_bridge_answer(body: bytes, bridge: str) -> list[FeedLink]:
    """The feeds that an RSS-Bridge offers; none where the body is no such answer.

    Of its addresses the query alone is taken: behind a proxy it may not know its own.
    """
    place = bridge if bridge.endswith(".php") else bridge.rstrip("/") + "/"
    links = []
    for answer in _list(_json(body)):
        address, meta = _object(answer).get("url"), _object(_object(answer).get("bridgeMeta"))
        if isinstance(address, str) and (query := address.partition("?")[2].partition("#")[0]):
            name = meta.get("name")
            name = name if isinstance(name, str) else ""
            links.append(FeedLink(f"{place}?{query}", name, f"made by RSS-Bridge ({name or 'unnamed'})"))
    return links[:_MOST_ANSWERS]


def rsshub_question(bridge: str, url: str) -> str:
    """The address of an RSSHub's rules for the page's site."""
    return f"{bridge.rstrip('/')}/api/radar/rules/{quote(registered_domain(urlsplit(url).hostname or ''))}"


def rsshub_answer(body: bytes, bridge: str, url: str) -> list[FeedLink]:
    """The routes of an RSSHub that fit the page; none where the body is no such answer, or no rule fits."""
    rules = _object(_json(body))
    parts = urlsplit(url)
    host = parts.hostname or ""
    below = host.removesuffix(registered_domain(host)).rstrip(".")
    fitting: dict[str, FeedLink] = {}
    for subdomain in (below, ".", "www") if below in ("", "www") else (below,):
        for rule in map(_object, _list(rules.get(subdomain))):
            target, title = rule.get("target"), rule.get("title")
            values = next(_values(rule.get("source"), parts.path, parts.query), None)
            route = _fill(target, values) if isinstance(target, str) and values is not None else None
            if route:
                name = title if isinstance(title, str) else ""
                address = f"{bridge.rstrip('/')}{route}"
                fitting.setdefault(address, FeedLink(address, name, f"made by RSSHub ({name or route})"))
    return list(fitting.values())[:_MOST_ANSWERS]


def registered_domain(host: str) -> str:
    """The part of a host name that somebody registered, by the usual second levels: news.gov.cn is one, rthk.hk too."""
    labels = host.split(".")
    is_below = len(labels) > 2 and len(labels[-1]) == _COUNTRY and labels[-2] in _SECOND_LEVEL  # noqa: PLR2004
    return ".".join(labels[-3 if is_below else -2 :])


def _values(sources: object, path: str, query: str) -> Iterator[dict[str, str]]:
    """What the parameters of each source that fits stand for in the page's address."""
    for source in _list(sources) if isinstance(sources, list) else [sources]:
        if isinstance(source, str):
            in_path, in_query = _with_query(source.partition("#")[0])
            values = _match(in_path, path)
            if values is not None and (named := _match_query(in_query, query)) is not None:
                yield values | named


def _with_query(pattern: str) -> tuple[str, str]:
    """The question mark of an optional parameter begins no query."""
    found = _QUERY.search(pattern)
    return (pattern[: found.start()], found[1]) if found else (pattern, "")


def _match(pattern: str, path: str) -> dict[str, str] | None:
    wanted = [part for part in pattern.split("/") if part]
    given = [part for part in path.split("/") if part]
    values: dict[str, str] = {}
    for position, part in enumerate(wanted):
        parameter = _PARAMETER.fullmatch(part)
        if part.startswith("*") or (parameter and parameter[2] in ("*", "+")):
            rest = "/".join(given[position:])
            return values | ({parameter[1]: rest} if parameter and rest else {})
        if position >= len(given):
            return values if parameter and parameter[2] == "?" else None
        if parameter:
            values[parameter[1]] = given[position]
        elif part != given[position]:
            return None
    return values if len(given) <= len(wanted) else None


def _match_query(wanted: str, query: str) -> dict[str, str] | None:
    given = parse_qs(query)
    values: dict[str, str] = {}
    for pair in filter(None, wanted.split("&")):
        key, _, value = pair.partition("=")
        if key not in given:
            return None
        if parameter := _PARAMETER.fullmatch(value):
            values[parameter[1]] = given[key][0]
        elif value != given[key][0]:
            return None
    return values


def _fill(target: str, values: dict[str, str]) -> str | None:
    """The route with the values in place; cut off before an optional one that is not known, None before another."""
    route = ""
    for part in filter(None, target.split("/")):
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None:
            route += f"/{part}"
        elif value := values.get(parameter[1]):
            route += f"/{quote(value, safe='/%')}"
        else:
            return route or None if parameter[2] in ("?", "*") else None
    return route or None


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
