"""A newsroom whose items have a history, a copy and a relative in another language."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from feedwatch.store import Store
from feedwatch.store.relations import insert_relations
from feedwatch.store.tables import Item, Source, StoryRelation

_FEEDS = {
    "english": (
        "en",
        """<item><guid>1</guid><title>The toll of the bridge is {toll} yuan</title><link>https://en.example/1</link>
<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;The bridge opened in Jiangmen on Monday, with
sixteen lanes over the river.&lt;/p&gt;&lt;p&gt;It takes cars for {toll} yuan, the mayor said at the opening.&lt;/p&gt;
&lt;p&gt;The old ferry went out of service.&lt;/p&gt;</description></item>""",
    ),
    "chinese": (
        "zh",
        """<item><guid>1</guid><title>大桥收费{toll}元</title><link>https://zh.example/1</link>
<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;大桥今日在江门开通，横跨河面，共有十六条车道。&lt;/p&gt;
&lt;p&gt;市长在开通仪式上表示，小车收费{toll}元，即日起实施。&lt;/p&gt;
&lt;p&gt;旧渡轮已停止服务。&lt;/p&gt;</description></item>""",
    ),
}


def fill(newsroom: Path) -> None:
    """Adds what three sources bring: `english` and `chinese`, each revised (5 yuan became 7), and a `copy`."""
    config = newsroom / "config.yaml"
    declared = "".join(f"  - name: {name}\n    path: {name}.xml\n" for name in ("english", "chinese", "copy"))
    config.write_text(config.read_text(encoding="utf-8").rstrip() + "\n\n" + declared, encoding="utf-8")
    for toll in (5, 7):
        for name, (language, item) in _FEEDS.items():
            _write_feed(newsroom / f"{name}.xml", item.format(toll=toll), language)
        if toll == 5:
            (newsroom / "copy.xml").write_bytes((newsroom / "english.xml").read_bytes())
        command = [sys.executable, "-m", "feedwatch", "poll", "--all"]
        subprocess.run(command, cwd=newsroom, check=True, capture_output=True, timeout=60)
    with database(newsroom) as session:
        pair = sorted((story_of(session, "english"), story_of(session, "chinese")))
        known = {(row[0], row[1]) for row in session.execute(sa.select(StoryRelation.story_id, StoryRelation.other_id))}
        insert_relations(session, {(pair[0], pair[1])} - known)


def _write_feed(path: Path, item: str, language: str) -> None:
    path.write_text(
        f'<rss version="2.0"><channel><title>{path.stem.title()} News</title><link>https://x.example/</link>'
        f"<description/><language>{language}</language>{item}</channel></rss>",
        encoding="utf-8",
    )


def item_of(newsroom: Path, source: str) -> int:
    """The number of a source's only item."""
    with database(newsroom) as session:
        return session.scalars(sa.select(Item.id).join(Source).where(Source.name == source)).one()


def story_of(session: Session, source: str) -> int:
    return session.scalars(sa.select(Item.story_id).join(Source).where(Source.name == source)).one()


@contextmanager
def database(newsroom: Path) -> Iterator[Session]:
    with closing(Store(f"sqlite:///{newsroom / 'data' / 'feedwatch.db'}")) as store, store.begin() as session:
        yield session
