"""Loads what every worker needs; the server that workers are forked from imports it, so that they share it.

Tables that are made at their first use (characters, names, the model of languages) take 0.25 s; made here, they are
made once, and lie in memory once.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from feedwatch.cluster import sketch, story_keys
from feedwatch.jobs import prepare  # noqa: F401 - what the workers run
from feedwatch.match import index_tokens
from feedwatch.model import Entry, SourceTraits
from feedwatch.normalize import normalize

_USES_ALL = (
    Entry(title="Lâ€™été", summary="La ville a publié un rapport sur le trafic, que nous avons lu avec intérêt hier."),
    Entry(title="大橋開通", summary="記者從市政府獲悉，江門市長王小明2月19日表示，大橋投資36億元，預計年底開通。"),
    Entry(title="The bridge", summary="Mayor Wang Xiaoming of Jiangmen said on Feb. 19 that it cost 3.6 billion yuan."),
)

for _entry in _USES_ALL:
    _item = normalize(
        _entry,
        SourceTraits("https://news.example/"),
        document_language=None,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    story_keys(_item)
    sketch(_item)
    index_tokens(_item.title, _item.text)
# What is frozen is looked at by no worker's collector, which would make a copy of each page for it.
gc.collect()
gc.freeze()
