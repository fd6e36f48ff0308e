"""An edition as it was sent, and all of its stories."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from feedwatch.jobs import pages
from feedwatch.web.words import words_for

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from feedwatch.web.site import Site

_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


def routes(site: Site) -> list[Route]:
    """GET /e/{token} and GET /e/{token}/all."""

    async def edition(request: Request) -> Response:
        return await _show_edition(site, request)

    async def archive(request: Request) -> Response:
        return await _show_archive(site, request)

    return [Route("/e/{token}", edition), Route("/e/{token}/all", archive)]


async def _show_edition(site: Site, request: Request) -> Response:
    shown = await pages.show_edition(site.context, request.path_params["token"])
    if shown is None:
        raise HTTPException(404)
    said = words_for(shown.told.locale)
    links = {"archive_url": shown.archive_url, "settings_url": shown.settings_url}
    if not shown.html:
        return site.page(request, "text", said, {"subscription": shown.told.subscription, "text": shown.text, **links})
    bar = site.render("pages/parts/bar.html.j2", said, links)
    begun = _BODY.search(shown.html)
    at = begun.end() if begun is not None else 0
    return site.mail_page(f"{shown.html[:at]}{bar}{shown.html[at:]}", said)


async def _show_archive(site: Site, request: Request) -> Response:
    shown = await pages.show_archive(site.context, request.path_params["token"])
    if shown is None:
        raise HTTPException(404)
    told, said = shown.told, words_for(shown.told.locale)
    parts = {
        "subscription": told.subscription,
        "window_start": shown.window_start,
        "window_end": shown.window_end,
        "zone": told.timezone,
        "time": lambda at: said.time(at, told.timezone),
        "short_time": lambda at: said.short_time(at, told.timezone),
        "sections": [(name, list(stories)) for name, stories in groupby(shown.stories, lambda story: story.watchlist)],
        "story_count": shown.story_count,
        "left_out": shown.story_count - len(shown.stories),
        "edition_url": shown.edition_url,
    }
    return site.page(request, "archive", said, parts)
