from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedwatch.errors import DocumentError
from feedwatch.normalize.tracking import (
    AMP_CACHES,
    REDIRECTORS,
    SESSION_PARAMETERS,
    TRACKING_PARAMETERS,
    AmpCache,
    Redirector,
    SessionParameter,
    TrackingParameter,
)
from feedwatch.normalize.url import _canonical, canonical_url
from feedwatch.parse import parse
from tests.corpus import corpus_dir


@pytest.mark.parametrize(
    "url, canonical",
    [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://Example.COM/A", "https://example.com/A"),  # the path keeps its case
        ("http://example.com:80/a", "http://example.com/a"),  # http stays http
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://www.example.com/a", "https://www.example.com/a"),  # only the story key drops www
        ("https://example.com/a#top", "https://example.com/a"),
        ("https://example.com/a#:~:text=bridge", "https://example.com/a"),
        ("https://example.com/#!/a", "https://example.com/#!/a"),
        ("https://example.com/#/news/1", "https://example.com/#/news/1"),  # a page of a one-page site
        ("https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"),  # order is the site's business
        ("https://example.com/?20240220", "https://example.com/?20240220"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?from=timeline&from=2", "https://example.com/a?from=2"),
        ("https://example.com/a/../b/./c/..", "https://example.com/b/"),
        ("https://example.com/%7Ebob/%e4%b8%ad", "https://example.com/~bob/%E4%B8%AD"),
        ("https://example.com/新闻?q=大 湾", "https://example.com/%E6%96%B0%E9%97%BB?q=%E5%A4%A7%20%E6%B9%BE"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://新闻.中国/a", "https://xn--efvy88h.xn--fiqs8s/a"),
        ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("http://[2001:DB8:0:0::1]/a", "http://[2001:db8::1]/a"),
        ("  https://example.com/\n a ", "https://example.com/%20a"),
        ("/news/1", "https://source.example/news/1"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("https://example.com//a///b", "https://example.com//a///b"),  # some servers tell them apart
        ("https://example.com/a+b*c,d?q=e+f", "https://example.com/a+b*c,d?q=e+f"),
        ("https://example.com/%2C%2f", "https://example.com/%2C%2F"),  # a reserved character means itself undecoded
        ("https://example.com/a?id", "https://example.com/a?id"),
        ("https://m.example.com/amp/a", "https://m.example.com/amp/a"),  # nobody promises another address
        ("https://example.com/a?utm_source=x#:~:text=b", "https://example.com/a"),
        # Written by mistake
        ("https://example.com/a?id=1&amp;utm_source=rss&amp;b=2", "https://example.com/a?id=1&b=2"),
        ("https://example.com/a?id=1&amp;amp;b=2&#038;c=3", "https://example.com/a?id=1&b=2&c=3"),
        ("https:\\\\example.com\\a?b=\\", "https://example.com/a?b=%5C"),
        # Sessions
        ("https://example.com/a;jsessionid=1A2B.node1?id=1", "https://example.com/a?id=1"),
        ("https://example.com/a;JSESSIONID=1A2B", "https://example.com/a"),
        ("https://example.com/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://example.com/a.aspx"),
        ("https://example.com/a;v=1.1/b", "https://example.com/a;v=1.1/b"),  # a parameter of the path, no session
        ("https://example.com/a?sid=12", "https://example.com/a?sid=12"),  # an id of two digits is a page's
        (
            "https://example.com/i.jpg?s=9f86d081884c7d659a2feaa0c55ad015",
            "https://example.com/i.jpg?s=9f86d081884c7d659a2feaa0c55ad015",
        ),  # a signature: the picture needs it
        # Copies in caches
        ("https://www.google.com/amp/s/example.com/a?utm_source=x", "https://example.com/a"),
        ("https://www.google.com/amp/example.com/a", "http://example.com/a"),
        ("https://www.google.com/amp/s/", ""),  # a copy of nothing
        ("https://example-com.cdn.ampproject.org/v/s/example.com/a.amp.html", "https://example.com/a.amp.html"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,a", ""),
        ("mailto:a@example.com", ""),
        ("ftp://example.com/a", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://example.com:port/a", ""),
        ("https://exa mple.com/a", ""),
        ("https://a..b/", ""),
        ("", ""),
    ],
)
def test_canonical_url(url: str, canonical: str) -> None:
    assert canonical_url(url, base="https://source.example/feed") == canonical


@pytest.mark.parametrize("row", TRACKING_PARAMETERS, ids=lambda row: row.name)
def test_tracking_parameter_goes(row: TrackingParameter) -> None:
    assert canonical_url(row.example) == "https://example.com/a?id=1"


@pytest.mark.parametrize("row", SESSION_PARAMETERS, ids=lambda row: row.name)
def test_session_parameter_goes(row: SessionParameter) -> None:
    assert canonical_url(row.example) == "https://example.com/a?id=1"


@pytest.mark.parametrize("row", AMP_CACHES, ids=lambda row: row.host)
def test_amp_cache_gives_the_page_it_copied(row: AmpCache) -> None:
    assert canonical_url(row.example) == "https://example.com/a?id=1"


@pytest.mark.parametrize("row", REDIRECTORS, ids=lambda row: row.host)
def test_redirector_gives_its_target(row: Redirector) -> None:
    assert canonical_url(row.example) == "https://example.com/a?id=1"


def test_redirector_gives_a_target_that_is_written_plainly() -> None:
    assert canonical_url("https://www.google.com/url?sa=t&url=https://example.com/a") == "https://example.com/a"


def test_redirector_to_another_scheme_is_kept_as_it_is() -> None:
    url = "https://www.google.com/url?url=javascript:alert(1)"
    assert canonical_url(url) == url


_URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        "https://{}/{}".format, st.text(max_size=12), st.text(alphabet="aA%2fE4./?&=#!;:@[]\\ é中\u0338", max_size=30)
    ),
)


@given(_URLS)
@example("https://example.com/%4%31")
@example("https://www.google.com/url?url=https://www.google.com/url?url=https%3A%2F%2Fa.example%2F")
def test_canonical_url_is_idempotent(url: str) -> None:
    once = canonical_url(url, base="https://source.example/")
    assert canonical_url(once) == once
    assert once == "" or once.startswith(("http://", "https://"))


_PARTS = st.sampled_from(
    ["example.com", "www.google.com/url", "a.b-c", "-a", "a..b", ":443", "/", "/.", "/../", "?", "&", "a=1", "ref=rss",
     "url=https%3A//b.example/", "utm_source=x", "#", "#!/", "%", "%41", "é", " ", ";", "@", "A", "~", "[", "|",
     "a" * 260, "&amp;", "&#038;", ";jsessionid=1", ";sid=a", "/(S(lit3py55t21z5v55vlm25s55))/", "\\",
     "www.google.com/amp/s/", "a-b.cdn.ampproject.org/c/", "PHPSESSID=1", "www.youtube.com/redirect",
     "q=http%3A//b.example"]
)  # fmt: skip


_BUILT = st.lists(_PARTS, max_size=7).map(lambda parts: "https://" + "".join(parts))


@given(_BUILT)
@example("https://www.google.com/amp/s/www.google.com/amp/www.google.com/amp/s/")
@example("https://a.example/?a&am&amp;p;b")
def test_canonical_url_of_hostile_urls_is_idempotent(url: str) -> None:
    once = canonical_url(url, base="https://source.example/")
    assert canonical_url(once) == once


@pytest.mark.skipif(corpus_dir() is None, reason="needs the corpus")
def test_canonical_urls_of_the_corpus_are_idempotent() -> None:
    folder = corpus_dir()
    assert folder is not None
    urls: set[str] = set()
    for path in sorted((folder / "feeds" / "real-world").iterdir()):
        try:
            entries = parse(path.read_bytes(), content_type=None, url="https://source.example/feed").entries
        except DocumentError:
            continue
        urls.update(url for entry in entries for url in (entry.url, entry.image, entry.comments) if url)
    assert len(urls) > 2000
    once = {url: canonical_url(url) for url in urls}
    assert [url for url, canonical in once.items() if not canonical or canonical_url(canonical) != canonical] == []


@given(_BUILT)
def test_plain_urls_come_out_as_the_patient_way_has_them(url: str) -> None:
    assert canonical_url(url, base="https://source.example/") == _canonical(url, "https://source.example/")
