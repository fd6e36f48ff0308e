"""A monitor's story: a watchlist is added beside the running daemon, tested, narrowed, and the archive matched anew."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.daemon import Daemon, base_settings, feed
from tests.httpserver import Document, FeedServer

HARVEST = ("a-1", "Peel harvest begins", "Growers in Xinhui bring in the harvest of mandarin peel.")
TRAINS = ("a-2", "Trains run again", "The line was closed for a week.")
PRICES = ("a-3", "Mandarin peel sells for more", "Buyers in Guangzhou pay more for aged peel.")
RECIPE = ("a-4", "A soup for winter", "This recipe takes dried mandarin peel and a duck.")
CHINESE = ("a-5", "新會陳皮開採", "江門市新會區的陳皮今年豐收。")


def _matched(daemon: Daemon) -> set[str]:
    """The titles of the items that the watchlist matches now."""
    return {item["title"] for item in daemon.listed("items", "--watchlist", "Peel")}


def test_a_watchlist_is_written_tested_narrowed_and_the_archive_matched_anew(
    tmp_path: Path, empty_database: str
) -> None:
    with FeedServer() as feeds:
        feeds.documents["/news.xml"] = Document(body=feed("News", HARVEST, TRAINS))
        settings = base_settings() | {"database": empty_database}
        settings["sources"] = [{"name": "news", "url": feeds.url("/news.xml")}]
        with Daemon(tmp_path / "daemon", settings) as daemon:
            daemon.wait_for_events(1, "poll", outcome="new")

            added = daemon.command("watchlists", "add", "Peel", "--query", '"mandarin peel" OR 陈皮')
            assert added.returncode == 0, added.stderr
            daemon.wait_for_events(1, "watchlists", changed=1)
            feeds.documents["/news.xml"] = Document(body=feed("News", PRICES, RECIPE, CHINESE, HARVEST, TRAINS))
            daemon.wait_for_events(2, "poll", outcome="new")
            live = {PRICES[1], RECIPE[1], CHINESE[1]}
            assert _matched(daemon) == live, "what came before the watchlist is not matched yet"

            tested = daemon.command("watchlists", "test", "Peel")
            assert tested.returncode == 0, tested.stderr
            assert "4 stories in 4 items, of 5 items in the archive" in " ".join(tested.stdout.split())
            found = {row["item"]["title"] for row in daemon.listed("match", '"mandarin peel" OR 陈皮')}
            assert found == live | {HARVEST[1]}, "the archive is searched as live matching matches"

            filled = daemon.command("watchlists", "backfill", "Peel")
            assert "1 match added" in filled.stdout, filled.stdout + filled.stderr
            assert _matched(daemon) == live | {HARVEST[1]}

            changed = daemon.command("watchlists", "change", "Peel", "--exclude", "recipe")
            assert changed.returncode == 0, changed.stderr
            daemon.wait_for_events(2, "watchlists", changed=1)
            dry = daemon.command("watchlists", "backfill", "Peel", "--dry-run")
            assert "1 removed" in dry.stdout, dry.stdout + dry.stderr
            assert RECIPE[1] in _matched(daemon), "a dry run changes nothing"
            assert daemon.command("watchlists", "backfill", "Peel").returncode == 0
            assert _matched(daemon) == {PRICES[1], CHINESE[1], HARVEST[1]}
            assert daemon.stop() == 0
