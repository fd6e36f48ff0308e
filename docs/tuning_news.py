"""The news of tuning.md: 400 short items in English and Chinese, of three sources and four weeks, the same every time.

A quarter of them tells of the Greater Bay Area, some tell of it without its name, and the basketball league has it in
its name: something to find, something to add and something to exclude.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

SOURCES = {"harbour-times": ("en", 170), "delta-post": ("en", 60), "zhujiang-daily": ("zh", 170)}
"""By name: the language, and how many items."""
_OUT_OF_100 = (25, 8, 67)
"""Items that name the region, that tell of it without its name, and others."""

_CITIES = {
    "en": ["Zhuhai", "Jiangmen", "Foshan", "Zhongshan", "Dongguan", "Huizhou", "Nansha", "Hengqin"],
    "zh": ["珠海", "江门", "佛山", "中山", "东莞", "惠州", "南沙", "横琴"],
}
_NAMED = {
    "en": [
        "{} to link its stock of green power with the Greater Bay Area",
        "Greater Bay Area: {} opens a cross-boundary data zone",
        "{} trials cross-boundary ambulances in the Greater Bay Area",
        "Wealth Connect grows as {} banks join, Greater Bay Area regulators say",
        "{} talent office promises high-quality development in the Greater Bay Area",
    ],
    "zh": [
        "{}加快融入粤港澳大湾区建设",
        "大湾区跨境理财通落地{}",
        "{}推出跨境救护车，大湾区互联互通再进一步",
        "粵港澳大灣區：{}推動高質量發展",
        "{}：港澳青年创业基地助力大湾区高质量发展",
    ],
}
_UNNAMED = {
    "en": ["Cross-boundary bus between {} and Macao starts", "Wealth Connect quota raised, says {} branch"],
    "zh": ["跨境理财通额度提高，{}银行率先开办", "{}港澳青年创业基地揭牌"],
}
_LEAGUE = "Basketball: {} Bay Lions lose the third match"
_OTHER = {
    "en": [
        _LEAGUE,
        "Rain expected in {} on Sunday",
        "{} museum shows bronze mirrors",
        "Fire brigade of {} rescues a cat",
        "{} school wins a chess cup",
    ],
    "zh": ["{}周末有雨", "{}博物馆展出铜镜", "{}消防员救出一只猫", "{}小学夺得象棋冠军"],
}
_SENTENCES = {
    "en": [
        "Officials said on Monday that the plan would be carried out by the end of the year. ",
        "Residents welcomed it, though some asked who would pay. ",
        "The mayor thanked everybody who had taken part. ",
    ],
    "zh": [
        "有关负责人周一表示，计划将于年底前完成。",
        "居民表示欢迎，也有人关心费用由谁承担。",
        "市长向所有参与者表示感谢。",
    ],
}


def write_feeds(folder: Path, ends: datetime) -> None:
    """A feed for each source, named after it, with the items of the four weeks before."""
    random = Random(7)  # noqa: S311 - nothing is kept secret by it
    for source, (language, count) in SOURCES.items():
        items = "".join(_items(random, source, language, count, ends))
        link = f"<link>https://{source}.example/</link><description/><language>{language}</language>"
        feed = f'<rss version="2.0"><channel><title>{source}</title>{link}\n{items}</channel></rss>'
        folder.joinpath(f"{source}.xml").write_text(feed, encoding="utf-8")


def _items(random: Random, source: str, language: str, count: int, ends: datetime) -> Iterator[str]:
    for number in range(count):
        pattern = _pattern(random, language)
        city = random.choice(_CITIES[language])
        headline = pattern.format(city)
        text = _text(random, headline, city, number, language)
        if pattern == _LEAGUE:
            text += f"The Lions of {city} play in the Greater Bay Area league, round {number}, "
            text += "and the basketball season ends in May."
        title = f"{headline} ({number})" if language == "en" else f"{headline}（{number}）"
        published = format_datetime(ends - timedelta(days=28 * random.random() ** 1.3), usegmt=True)
        yield (
            f"<item><guid>{number}</guid><title>{escape(title)}</title><link>https://{source}.example/{number}</link>"
            f"<pubDate>{published}</pubDate><description>{escape(text)}</description></item>\n"
        )


def _pattern(random: Random, language: str) -> str:
    (patterns,) = random.choices([_NAMED, _UNNAMED, _OTHER], _OUT_OF_100)
    return random.choice(patterns[language])


def _text(random: Random, headline: str, city: str, number: int, language: str) -> str:
    begins = f"{headline}, number {number}. " if language == "en" else f"{city}讯（第{number}号）：{headline}。"
    return begins + "".join(random.sample(_SENTENCES[language], 2))
