"""What scraping and publishing software leaves at the edges of a text. A table: each row with its examples.

`BEFORE` is where a tail may begin: a line's start, or after the end of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what is left of it, and what was read from the part that went."""

    text: str
    left: str
    tags: tuple[str, ...] = ()
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of debris.

    where: "head" matches from the text's start, "tail" to its end, within its last `reach` characters. `keeps` stands
    in for what went. `gives` names the pattern's group that tells something. A rule must always shorten the text: that
    is why cleaning ends.

    The others spare most texts the search. starts: the characters that a head begins with. needs: one of these is in a
    tail's reach (or, where `near` is given, among that many last characters); ends: the folded text ends with one of
    these, closing signs aside. Empty means any.
    """

    name: str
    where: Literal["head", "tail"]
    pattern: re.Pattern[str]
    examples: tuple[Example, ...]
    needs: tuple[str, ...] = ()
    near: int = 0
    starts: str = ""
    ends: tuple[str, ...] = ()
    reach: int = 300
    keeps: str = ""
    gives: Literal["nothing", "tags", "time"] = "nothing"


_ENDS = '[.!?…。！？:：»”"’)\\]）」』]'
_BEFORE = rf"(?:^|(?<={_ENDS}))\s*"
CLOSING = "….»›→>:：])）】"
_CLOSED = rf"(?:\s|[{re.escape(CLOSING)}])*\Z"
# A row of tags must leave something before it: a text of tags alone stays a text.
_BEFORE_TAGS = rf"(?<=[\n]|{_ENDS})\s*"
_HASHTAG = r"[#＃](?=[^\s#＃]*[^\W\d_])[^\s#＃,，、;；]{1,100}[#＃]?[,，、;；]?"
_NETWORK = (
    r"(?:Facebook|Twitter|X|LinkedIn|WhatsApp|WeChat|Weibo|Telegram|Pinterest|Reddit|Email|E-mail|Messenger|Line|Tumblr"
    r"|微信|微博|新浪微博|朋友圈|QQ空间|QQ空間|QQ|脸书|臉書|推特)(?:\s*\(Opens in new window\))?"
)
_STAMP = (
    r"(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)"
    r"[T\s]*\d{1,2}:\d{2}(?::\d{2})?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?"
)
_READ_MORE_ENDS = (
    "read more", "read on", "full story", "full article", "keep reading", "full post", "original post",
    "original article", "weiterlesen", "lire la suite", "leer más", "seguir leyendo", "leia mais",
    "continua a leggere", "lees verder", "читать далее", "全文", "更多", "继续阅读", "繼續閱讀", "続きを読む", "보기",
)  # fmt: skip
_SHARE_ENDS = (
    "this", "post", "article", "story", "分享到", "分享至", "facebook", "twitter", "x", "linkedin", "whatsapp",
    "wechat", "weibo", "telegram", "pinterest", "reddit", "email", "e-mail", "messenger", "line", "tumblr",
    "window", "微信", "微博", "朋友圈", "qq", "空间", "空間", "脸书", "臉書", "推特",
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule(
        "script-end",
        "head",
        re.compile(r"(?:[‘’“”'\"`]*[)\]]*(?:[;}]+|-->|\]\]>)(?:\s+|\Z))+"),
        (
            Example("‘);\n}\nJiangmen Daily News", "Jiangmen Daily News"),
            Example("‘); } “Good,” said the mayor.", "“Good,” said the mayor."),
            Example("-->\nThe bridge opened.", "The bridge opened."),
            Example(";) said the clown", ";) said the clown"),
        ),
        starts="‘’“”'\"`)];}-",
    ),
    Rule(
        "script-call",
        "head",
        re.compile(
            r"(?:\(?(?:window\.)?adsbygoogle\b[^\n]{0,80}?\.push\([^\n]{0,200}?\);?"
            r"|document\.write(?:ln)?\([^\n]{0,400}?\);"
            r"|googletag\.[\w.]+\([^\n]{0,400}?\}\);"
            r"|(?:var|let|const) [\w$]{1,60}\s*=[^\n;]{0,400};"
            r"|window\.[\w.]{1,60}\s*=[^\n;]{0,400};"
            r"|\$\(document\)\.ready\([^\n]{0,400}?\}\);)\s*"
        ),
        (
            Example("document.write('<script src=\"a.js\">');\nThe bridge opened.", "The bridge opened."),
            Example("(adsbygoogle = window.adsbygoogle || []).push({});\nThe bridge opened.", "The bridge opened."),
            Example("window.adsbygoogle = window.adsbygoogle || [];\nThe bridge opened.", "The bridge opened."),
            Example("googletag.cmd.push(function() { googletag.display('ad'); });\nIt opened.", "It opened."),
            Example("var _hmt = _hmt || [];\nThe bridge opened.", "The bridge opened."),
            Example("document.write is what the script called.", "document.write is what the script called."),
        ),
        starts="(awdgvlc$",
    ),
    Rule(
        "hashtags",
        "tail",
        re.compile(
            rf"(?P<tags>{_BEFORE_TAGS}{_HASHTAG}(?:\s*{_HASHTAG})+|(?<=\s){_HASHTAG}(?:\s*{_HASHTAG}){{2,}})\s*\Z"
        ),
        (
            Example(
                "It opened.\n#Jiangmen_Pengjiang #NewsJiangmen", "It opened.", ("Jiangmen_Pengjiang", "NewsJiangmen")
            ),
            Example("It opened. #bridge #Macau", "It opened.", ("bridge", "Macau")),
            Example("It opened on time #bridge #Macau #sea", "It opened on time", ("bridge", "Macau", "sea")),
            Example("大桥开通。#江门# #高质量发展#", "大桥开通。", ("江门", "高质量发展")),
            Example("A talk on #bridge #Macau", "A talk on #bridge #Macau"),
            Example("He came in #1 #2.", "He came in #1 #2."),
            Example("The #bridge opened in #Macau today.", "The #bridge opened in #Macau today."),
            Example("#bridge #Macau #sea", "#bridge #Macau #sea"),
        ),
        needs=("#", "＃"),
        near=110,
        reach=2000,
        gives="tags",
    ),
    Rule(
        "timestamp",
        "tail",
        re.compile(
            rf"{_BEFORE}(?:(?:Published|Posted|Updated|Date|Time)(?: on| at)?[: ]{{1,2}}"
            r"|(?:发布时间|發佈時間|时间|時間|日期)[:：]?\s*)?"
            rf"(?P<time>{_STAMP})\s*\Z",
            re.MULTILINE,
        ),
        (
            Example("It opened.\n2024-02-20 08:26:24", "It opened.", time="2024-02-20 08:26:24"),
            Example("It opened. 2024-02-20 08:26:24", "It opened.", time="2024-02-20 08:26:24"),
            Example("大桥开通。\n发布时间：2024年2月20日 08:26", "大桥开通。", time="2024年2月20日 08:26"),
            Example("It opens on 2024-02-20 08:26:24", "It opens on 2024-02-20 08:26:24"),
            Example("It opened.\n2024-02-20", "It opened.\n2024-02-20"),
        ),
        needs=(":",),
        ends=(*"0123456789０１２３４５６７８９", "z"),
        reach=80,
        gives="time",
    ),
    Rule(
        "read-more",
        "tail",
        re.compile(
            rf"{_BEFORE}[\[(（【]?\s*(?:(?:Click here to )?Read (?:more|on|(?:the )?full (?:story|article))"
            r"|Keep reading|Full story"
            r"|View (?:original|full) (?:post|article)"
            r"|Weiterlesen|Lire la suite|Leer más|Seguir leyendo|Leia mais|Continua a leggere|Lees verder|Читать далее"
            r"|阅读全文|閱讀全文|查看全文|阅读更多|閱讀更多|继续阅读|繼續閱讀|点击查看更多|続きを読む|더 ?보기)"
            rf"{_CLOSED}",
            re.IGNORECASE | re.MULTILINE,
        ),
        (
            Example("It opened. Read more", "It opened."),
            Example("It opened.\nRead more »", "It opened."),
            Example("大桥开通。阅读全文>>", "大桥开通。"),
            Example("大橋開通。\n【閱讀全文】", "大橋開通。"),
            Example("She likes to read more", "She likes to read more"),
            Example("Read more about it in the library.", "Read more about it in the library."),
        ),
        ends=_READ_MORE_ENDS,
    ),
    Rule(
        "continue-reading",
        "tail",
        re.compile(
            rf"{_BEFORE}[\[(（【]?\s*Continue reading(?:(?: |:)[^\n]{{1,200}})?{_CLOSED}", re.IGNORECASE | re.MULTILINE
        ),
        (
            Example("It opened… Continue reading The bridge is open →", "It opened…"),
            Example("It opened.\nCONTINUE READING", "It opened."),
            Example("They can continue reading", "They can continue reading"),
        ),
        needs=("reading", "Reading", "READING"),
    ),
    Rule(
        "appeared-first",
        "tail",
        re.compile(
            rf"{_BEFORE}(?:(?:The post\b[^\n]{{1,400}}? (?:appeared first|first appeared) on"
            r"|Der Beitrag\b[^\n]{1,400}? erschien zuerst auf"
            r"|L[’']article\b[^\n]{1,400}? est apparu en premier sur|La entrada\b[^\n]{1,400}? se publicó primero en"
            r"|O post\b[^\n]{1,400}? apareceu primeiro em|L[’']articolo\b[^\n]{1,400}? proviene da)\s[^\n]{1,200}"
            r"|[^\n]{1,400}最(?:先|早)(?:出現|出现|發佈|发布)(?:於|于|在)[^\n]{1,200})\Z",
            re.MULTILINE,
        ),
        (
            Example("It opened.\nThe post The bridge is open appeared first on Example News.", "It opened."),
            Example("It opened. The post Bridge first appeared on Example News.", "It opened."),
            Example("Offen.\nDer Beitrag Brücke erschien zuerst auf Beispiel.", "Offen."),
            Example("大橋開通。\n〈大橋開通〉這篇文章最先出現於《例報》。", "大橋開通。"),
            Example("The post office is closed.", "The post office is closed."),
        ),
        needs=(
            "appeared",
            "erschien zuerst",
            "apparu en premier",
            "publicó primero",
            "apareceu primeiro",
            "proviene da",
            "最先",
            "最早",
        ),
        near=240,
        reach=700,
    ),
    Rule(
        "share",
        "tail",
        re.compile(
            rf"{_BEFORE}(?:Share this(?: (?:post|article|story))?:?"
            rf"|(?:Click to )?(?:Share|Post|Send|Tweet|Pin) (?:this )?(?:on|to|via|with) {_NETWORK}"
            rf"|(?:分享到|分享至)[:：]?)(?:[\s|/,、]*{_NETWORK})*\s*\Z",
            re.IGNORECASE | re.MULTILINE,
        ),
        (
            Example("It opened.\nShare on Facebook", "It opened."),
            Example("It opened.\nShare this:\nFacebook\nTwitter", "It opened."),
            Example("It opened. Click to share on WhatsApp (Opens in new window)", "It opened."),
            Example("大桥开通。\n分享到： 微信 微博", "大桥开通。"),
            Example("They ask users to share on Facebook", "They ask users to share on Facebook"),
        ),
        needs=("hare", "HARE", "分享", "lick to", "Tweet", "Pin ", "Post ", "Send "),
        ends=_SHARE_ENDS,
    ),
    Rule(
        "ellipsis",
        "tail",
        re.compile(r"\s*(?:…|\.{3})?\s*\[\s*(?:…|\.{3})\s*\]\s*\Z"),
        (
            Example("The bridge that […]", "The bridge that…"),
            Example("The bridge that [...]", "The bridge that…"),
            Example("The bridge that … [ … ]", "The bridge that…"),
        ),
        needs=("]",),
        near=1,
        reach=60,
        keeps="…",
    ),
)


def check_rule(name: str) -> str:
    """The name, where a rule has it. Raises ValueError, which lists the names that there are."""
    names = [rule.name for rule in RULES]
    if name not in names:
        raise ValueError(f"there is no such cleaning rule; there are {', '.join(names)}")
    return name
