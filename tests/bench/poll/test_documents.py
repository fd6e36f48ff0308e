"""What the benchmark serves is the same kind of work for every source, and none of it twice."""

from __future__ import annotations

import re

import feedparser
import pytest

from tests.bench.poll.documents import real_documents, variation, with_new_item
from tests.corpus import corpus_dir

RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>News</title><link>http://news.example/</link><item><title>Quiet town opens large bridge today</title>
<link>http://news.example/1</link><guid>http://news.example/1</guid><dc:creator>Ann</dc:creator>
<description>The new bridge over the wide river will open early this week, says town council.</description>
</item></channel></rss>"""
RSS_1 = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://news.example/"><title>News</title>
<items><rdf:Seq><rdf:li rdf:resource="http://news.example/1"/></rdf:Seq></items></channel>
<item rdf:about="http://news.example/1"><title>Bridge</title><link>http://news.example/1</link></item></rdf:RDF>"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>tag:news</id>
<entry><title>Bridge</title><id>tag:news,1</id><link href="http://news.example/1"/></entry></feed>"""


def test_a_source_has_addresses_and_guids_of_its_own_and_keeps_the_namespaces() -> None:
    entry = feedparser.parse(variation(RSS, 7, reorder=False)).entries[0]
    assert (entry.link, entry.id) == ("http://n7-news.example/1", "http://n7-news.example/1-n7")
    assert (entry.author, entry.title) == ("Ann", "Quiet town opens large bridge today")


def test_a_second_source_says_the_same_words_in_another_order() -> None:
    same, other = (feedparser.parse(variation(RSS, 7, reorder=reorder)).entries[0] for reorder in (False, True))
    assert same.summary != other.summary
    words, other_words = (re.findall(r"\w+", f"{entry.title} {entry.summary}") for entry in (same, other))
    assert sorted(words) == sorted(other_words)


@pytest.mark.parametrize("document", [RSS, RSS_1, ATOM], ids=["RSS 2.0", "RSS 1.0", "Atom"])
def test_a_new_item_stands_before_all_others(document: bytes) -> None:
    first, second = feedparser.parse(with_new_item(document, 7)).entries
    assert first.title.startswith("High-quality development of the Greater Bay Area: ")
    assert first.link == "http://news.example/7"
    assert second.link == "http://news.example/1"


@pytest.mark.skipif(corpus_dir() is None, reason="the corpus is not here")
def test_real_documents_take_a_new_item() -> None:
    folder = corpus_dir()
    assert folder is not None
    documents = real_documents(folder / "feeds" / "real-world")
    assert len(documents) == 100
    for number in range(0, 100, 10):  # every tenth: feedparser takes its time
        body = variation(documents[number], number, reorder=True)
        before, after = (feedparser.parse(text).entries for text in (body, with_new_item(body, number)))
        assert len(after) == len(before) + 1
        assert after[0].title.startswith("High-quality development")
