"""How other monitors write boolean queries, as far as it differs from ours: facts, each with where it is said.

meltwater    NEAR/n: no more than n words between, NEAR alone 4; operators in any case
             (support.meltwater.com, "How to Master Boolean Search 2/3"; help.meltwater.com, article 4064557)
brandwatch   NEAR/n and NEAR/nf (in order) count the words between, NEAR/0f is side by side; AND -x; "a b"~n
             (community.brandwatch.com, "Proximity operators"; "Boolean Operator Guide", 2020)
talkwalker   AND NOT, -x, site:"http://...", ? for one character (talkwalker.com/syntax-alerts)
google       intitle:, intext:, allintitle: (Google News search syntax in "Google Hacks", 4.3); of what is not said
             there, OR and | are taken to bind before the AND of words side by side, and AROUND(n) as n words between
factiva      operators in any case; nearN, adjN and w/N (both in order) count from word to word; words side by side are
             a phrase (Factiva FDK 3.8, "Search Statement Operators")
lexisnexis   operators in any case, OR before w/n, pre/n, near/n, onear/n, then AND; words side by side are a phrase;
             word! for word* (help.lexisnexis.com, "Terms & Connectors Complete Reference")
miniflux     a rule a line, EntryTitle=REGEX and the like in RE2's syntax, case-sensitive without (?i)
             (miniflux.app/docs/rules.html)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is to be known of a monitor's way of writing."""

    name: str
    spoken: str = ""
    """What people call it."""
    any_case: bool = False
    """Whether and, or, not and their like are operators in lower case too."""
    counts_between: bool = False
    """Whether the number of NEAR/n is of the words between, and not of the steps from word to word."""
    near_alone: int | None = None
    """The distance of NEAR without a number, as the monitor counts."""
    or_first: bool = False
    """Whether OR binds closer than AND and NEAR."""
    joins_words: bool = False
    """Whether words side by side are one phrase."""
    w_is_ordered: bool = False
    """Whether w/n wants its words in order."""
    has_mark: bool = False
    """Whether ? stands for one character."""
    has_bang: bool = False
    """Whether word! stands for the words that begin so."""


OURS = Dialect("feedwatch", "feedwatch")
ANY = Dialect("any")
"""Where nobody says which monitor wrote a query: what can mean one thing alone is translated."""
DIALECTS = {
    dialect.name: dialect
    for dialect in (
        OURS,
        Dialect("meltwater", "Meltwater", any_case=True, counts_between=True, near_alone=4),
        Dialect("brandwatch", "Brandwatch", counts_between=True, has_mark=True),
        Dialect("talkwalker", "Talkwalker", counts_between=True, has_mark=True),
        Dialect("google", "Google", counts_between=True, or_first=True),
        Dialect("factiva", "Factiva", any_case=True, joins_words=True, w_is_ordered=True),
        Dialect("lexisnexis", "LexisNexis", any_case=True, or_first=True, joins_words=True, has_bang=True),
        Dialect("miniflux", "Miniflux"),
    )
}

FIELDS = {
    "title": ("title", "intitle", "headline", "hl", "subject", "ti", "标题", "標題"),
    "text": ("text", "intext", "content", "body", "bodytext", "正文"),
    "lang": ("lang", "language", "la", "语言", "語言"),
    "site": ("site", "domain", "host"),
    "author": ("author", "byline", "by", "作者"),
    "tag": ("tag", "category"),
    "source": ("source", "sourcename"),
}
"""Our fields, and what others call them."""
UNKNOWN_FIELDS = frozenset(
    {
        "url", "inurl", "allinurl", "link", "links", "inanchor", "allintext", "country", "sourcecountry", "continent",
        "region", "state", "county", "city", "location", "geo", "authorcountry", "sourcetype", "mediatype", "reach",
        "followers", "engagement", "sentiment", "gender", "hashtag", "hashtags", "at_mentions", "raw", "hp", "lp",
        "ingress", "lead", "rank", "since", "until", "entrydate", "entryurl", "entrycommentsurl",
    }
)  # fmt: skip
"""Fields of others that ask for what an item does not tell."""
LANGUAGES = {
    "english": "en", "chinese": "zh", "french": "fr", "german": "de", "spanish": "es", "portuguese": "pt",
    "japanese": "ja", "korean": "ko", "russian": "ru", "italian": "it", "arabic": "ar", "vietnamese": "vi",
    "thai": "th", "indonesian": "id", "malay": "ms", "dutch": "nl", "hindi": "hi", "turkish": "tr",
    "中文": "zh", "英文": "en", "英语": "en",
}  # fmt: skip
"""What people call a language, by its tag (ISO 639-1)."""
