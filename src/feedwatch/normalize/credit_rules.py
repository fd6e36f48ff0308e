"""How papers and agencies say, at a report's beginning, who filed it and from where. A table: each row with examples.

What is read stays in the text: a watchlist may look for the place or the agency. A line that is a byline and nothing
else is debris (`debris_rules.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreditExample:
    """A text's beginning, and what it tells."""

    text: str
    authors: tuple[str, ...] = ()
    place: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """One way to begin a report; `pattern` matches from the text's start.

    Its groups: origin, place, authors (any list of names that `read_names` reads; left out where it reads none), and
    filed: names and place in one ("王小明台北"), parted by the places that `PLACES` lists. needs: one of these stands
    in the text's first 120 characters; spares most texts the search.
    """

    name: str
    what: str
    pattern: re.Pattern[str]
    examples: tuple[CreditExample, ...]
    needs: tuple[str, ...]
    by_name: bool = False
    """Whether it applies only where names are read."""


_PLACES = """
台北 臺北 新北 桃園 新竹 苗栗 台中 臺中 彰化 南投 雲林 嘉義 台南
臺南 高雄 屏東 宜蘭 花蓮 台東 臺東 澎湖 金門 馬祖 基隆 香港 澳門
北京 上海 廣州 深圳 東京 大阪 首爾 曼谷 新加坡 吉隆坡 雅加達 河內
胡志明市 馬尼拉 新德里 雪梨 坎培拉 華盛頓 紐約 洛杉磯 舊金山 芝加哥
休士頓 波士頓 西雅圖 多倫多 溫哥華 倫敦 巴黎 柏林 布魯塞爾 日內瓦 羅馬
馬德里 維也納 華沙 布拉格 莫斯科 基輔 伊斯坦堡 特拉維夫 聖保羅 梵蒂岡
"""
PLACES = tuple(_PLACES.split())
"""Where the agency of Taiwan files from; in traditional characters."""

_AGENCY = (
    r"(?:Xinhua|AP|AFP|Reuters|Lusa|Bloomberg|CNA|Kyodo(?: News)?|Jiji(?: Press)?|Yonhap|Bernama|dpa|DPA|EFE|ANI"
    r"|PTI|IANS|UPI|TASS|ANSA|ECNS|CNS|CNN|BBC|Anadolu|AAP|VOA|MNA|Antara|VNA|PNA|TNA|WAM|SPA|QNA|KUNA|Agencia EFE"
    r"|Agência Lusa)"
)
_WIRE = (
    r"(?:PR ?Newswire(?:-[\w-]+)?|Xinhua-AsiaNet|Business ?Wire|GLOBE NEWSWIRE|ACN Newswire|EQS Newswire"
    r"|ACCESS Newswire|Media OutReach(?: Newswire)?)"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_MONTH_PT = r"(?:jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez)[a-zç]*\.?"
_DATED = rf"(?:(?:{_MONTH} \d{{1,2}}|\d{{1,2}} (?:de )?(?:{_MONTH}|{_MONTH_PT}))(?:,? (?:de )?\d{{4}})?)"
_CAPITAL = r"(?:[A-ZÀ-Þ][\w’'.-]*)"
_PLACE = (
    rf"(?P<place>{_CAPITAL}(?:[ /](?:(?:de|da|do|del|of|the) )?{_CAPITAL}){{0,3}}"
    rf"(?:, {_CAPITAL}(?: {_CAPITAL}){{0,2}})?)"
)
_DASH = r"\s*(?:--|—|–|-)\s"
_HAN = "[\u4e00-\u9fff]"
_PAPER = (
    rf"(?:{_HAN}{{1,10}}?(?:日报|晚报|时报|商报|早报|都市报|晨报|新报|日報|晚報|時報|商報|早報|新聞網|新闻网)"
    rf"|{_HAN}{{0,2}}(?:大公报|文汇报|大公報|文匯報|明報|明报|信報|信报))"
)
_REPORTER = r"(?:(?:本报|本報|本网|本網|见习|見習|实习|全媒体|全媒體)*(?:记者|記者)|通讯员|通訊員)"
_NAMED = rf"[（(]\s*(?P<authors>{_REPORTER}[^()（）\n]{{2,80}})[）)]"
_DAY = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日"

CREDITS: tuple[Credit, ...] = (
    Credit(
        "reporter-in-brackets",
        'a paper and its reporters in brackets: "Jiangmen Daily News (Reporter/Deng Shaojun)"',
        re.compile(
            rf"(?P<origin>{_CAPITAL}(?: (?:of|the|and|{_CAPITAL})){{0,5}}) ?"
            r"\((?:Staff )?(?:Reporters?|Correspondents?|Journalists?)\s*[/:： ]\s*(?P<authors>[^()\n]{3,80})\)"
        ),
        (
            CreditExample(
                "Jiangmen Daily News (Reporter/Deng Shaojun Luo Pei) On February 19, the",
                ("Deng Shaojun", "Luo Pei"),
                origin="Jiangmen Daily News",
            ),
            CreditExample(
                "Shenzhen Daily (Reporters: Li Jing, Anna Smith) The",
                ("Li Jing", "Anna Smith"),
                origin="Shenzhen Daily",
            ),
            CreditExample("Jiangmen Daily News (Reporters of the city desk) On"),
            CreditExample("The Union of Journalists (Reporters Without Borders) said"),
            CreditExample("Reporters (Correspondents/Editors at large) met"),
        ),
        needs=("Reporter", "Correspondent", "Journalist"),
        by_name=True,
    ),
    Credit(
        "place-in-capitals",
        'a place in capitals, a date and a dash: "PENGJIANG, Feb. 20 --"',
        re.compile(
            rf"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ’'.-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ’'.-]+){{0,3}}(?:, {_CAPITAL}(?: {_CAPITAL}){{0,2}})?)"
            rf",? {_DATED}\s*(?:--|—|–)\s"
        ),
        (
            CreditExample("PENGJIANG, Feb. 20 -- On Monday", place="PENGJIANG"),
            CreditExample("HONG KONG, 20 February 2024 — Police", place="HONG KONG"),
            CreditExample("GUANGZHOU, China, Feb. 20, 2024 -- The", place="GUANGZHOU, China"),
            CreditExample("Pengjiang, Feb. 20 -- On Monday"),
            CreditExample("PENGJIANG -- On Monday"),
            CreditExample("UPDATE, Feb. 20: the bridge"),
        ),
        needs=(" -- ", "—", "–"),
    ),
    Credit(
        "agency-dateline",
        'place, date and a known agency: "GUANGZHOU, Feb. 19 (Xinhua) --"',
        re.compile(rf"{_PLACE}(?:,? {_DATED})?,? ?\((?P<origin>{_AGENCY})\){_DASH}"),
        (
            CreditExample("GUANGZHOU, Feb. 19 (Xinhua) -- The province", place="GUANGZHOU", origin="Xinhua"),
            CreditExample("HONG KONG (AP) — Police said", place="HONG KONG", origin="AP"),
            CreditExample("BEIJING, Feb 19 (Reuters) - China", place="BEIJING", origin="Reuters"),
            CreditExample("Macau, China, 19 Feb (Lusa) - The", place="Macau, China", origin="Lusa"),
            CreditExample("Macau, China, 19 fev 2024 (Lusa) – O governo", place="Macau, China", origin="Lusa"),
            CreditExample("Rio de Janeiro, 19 de fevereiro (EFE) - O", place="Rio de Janeiro", origin="EFE"),
            CreditExample("WASHINGTON, D.C., Feb. 19, 2024 (AFP) -- The", place="WASHINGTON, D.C.", origin="AFP"),
            CreditExample("HONG KONG (population 7 million) - the city"),
            CreditExample("The agency (AP) said on Monday"),
            CreditExample("Police (AFP photo) - the"),
        ),
        needs=("(",),
    ),
    Credit(
        "agency",
        'a known agency alone: "(ECNS) --"',
        re.compile(rf"\((?P<origin>{_AGENCY})\){_DASH}"),
        (
            CreditExample("(ECNS) -- The bridge opened", origin="ECNS"),
            CreditExample("(AP) The bridge opened"),
            CreditExample("(Updated) -- The bridge opened"),
        ),
        needs=("(",),
    ),
    Credit(
        "press-release",
        'place, date and a press release service: "HONG KONG, Feb. 19, 2024 /PRNewswire/ --"',
        re.compile(rf"{_PLACE},? {_DATED},?\s*(?:[-–]\s*)?[/(](?P<origin>{_WIRE})[/)](?:{_DASH}|\s)"),
        (
            CreditExample(
                "SHENZHEN, China, Feb. 19, 2024 /PRNewswire/ -- A maker", place="SHENZHEN, China", origin="PRNewswire"
            ),
            CreditExample("HONG KONG, Feb 19, 2024 - (ACN Newswire) - A", place="HONG KONG", origin="ACN Newswire"),
            CreditExample("HONG KONG, Feb 19, 2024 - the city"),
        ),
        needs=("ewswire", "ewsWire", "NEWSWIRE", "OutReach", "AsiaNet", "Wire"),
    ),
    Credit(
        "xinhua",
        "the agencies' Chinese dateline: 新华社广州2月19日电（记者张三、李四）",
        re.compile(
            r"(?:据|據)?(?P<origin>新华社|新華社|中新社|中新网|中新網|中国新闻网|央视网|人民网|中通社|法新社"
            r"|路透社|共同社|韩联社|韓聯社|俄新社|塔斯社)"
            rf"(?P<place>{_HAN}{{2,8}}?)?\s?{_DAY}[电電讯訊]\s*(?:{_NAMED})?"
        ),
        (
            CreditExample("新华社广州2月19日电（记者张三、李四）广东", ("张三", "李四"), "广州", "新华社"),
            CreditExample("中新社香港2月19日電 (记者 王五)香港", ("王五",), "香港", "中新社"),
            CreditExample("中新网2月19日电 据", origin="中新网"),
            CreditExample("据新华社北京2月19日电 国务院", place="北京", origin="新华社"),
            CreditExample("新华社广州2月19日电（记者从市政府获悉）", place="广州", origin="新华社"),
            CreditExample("新华社记者从广州市政府获悉"),
            CreditExample("新华社广州2月19日举行会议"),
        ),
        needs=("电", "電", "讯", "訊"),
    ),
    Credit(
        "cna",
        "the dateline of Taiwan's agency: （中央社記者王小明台北19日電）",
        re.compile(
            rf"[（(](?P<origin>中央社)(?:[記记]者)?(?P<filed>{_HAN}[{_HAN[1:-1]}、，/ ]{{1,24}}?){_DAY}"
            r"(?:專|综合|綜合|外|央|美聯|法新|路透|共同|報導|编译|編譯|社){0,8}[電电][^()（）\n]{0,12}[）)]"
        ),
        (
            CreditExample("（中央社記者王小明台北19日電）總統府", ("王小明",), "台北", "中央社"),
            CreditExample("（中央社記者王小明、陳大文高雄19日電）", ("王小明", "陳大文"), "高雄", "中央社"),
            CreditExample("（中央社東京19日綜合外電報導）日本", place="東京", origin="中央社"),
            CreditExample("(中央社台北19日電)行政院", place="台北", origin="中央社"),
            CreditExample("（中央社記者王小明某地19日電）", origin="中央社"),
            CreditExample("（中央社檔案照片）"),
        ),
        needs=("中央社",),
    ),
    Credit(
        "paper-in-brackets",
        "the papers' sign of Hong Kong and Taiwan: 【大公報訊】",
        re.compile(
            rf"[【\[](?P<origin>{_PAPER})(?:專|专|特|独家|獨家)?(?:訊|讯|消息)[】\]]\s*"
            rf"(?:{_NAMED}|(?P<names>{_REPORTER}[^()（）\n。，：:]{{2,20}}?)(?:報道|报道|報導)?[：:，,]|)"
        ),
        (
            CreditExample("【大公報訊】記者李四報道：香港", ("李四",), origin="大公報"),
            CreditExample("【大公報訊】（記者 李四）香港", ("李四",), origin="大公報"),
            CreditExample("【大公報訊】記者從政府獲悉，", origin="大公報"),
            CreditExample("【明報專訊】政府", origin="明報"),
            CreditExample("【香港商報訊】記者王五、李四報道：", ("王五", "李四"), origin="香港商報"),
            CreditExample("【大公報】社評"),
        ),
        needs=("訊】", "讯】", "消息】", "訊]", "讯]"),
    ),
    Credit(
        "paper",
        "a Chinese paper's own report: 江门日报讯（记者邓少军 通讯员罗佩）, 本报讯 记者 邓少军 罗佩",
        re.compile(
            rf"(?:本报|本報|本网|本網|本刊|本台|(?P<origin>{_PAPER}))[讯訊]\s*"
            rf"(?:{_NAMED}|(?P<names>{_REPORTER}[ \u3000:：/]*{_HAN}{{2,4}}(?:[ \u3000、]{_HAN}{{2,4}}){{0,4}})"
            rf"(?=[ \u3000]*(?:$|[\n\d“《【]|报道|報道|報導|摄影報道))|(?=\s))"
        ),
        (
            CreditExample("本报讯（记者邓少军 通讯员罗佩）2月19日", ("邓少军", "罗佩")),
            CreditExample("本报讯 记者 邓少军 罗佩 2月19日，蓬江区", ("邓少军", "罗佩")),
            CreditExample("本报讯 记者 邓少军 罗佩 报道：蓬江区", ("邓少军", "罗佩")),
            CreditExample("江门日报讯 （记者/邓少军 罗佩） 2月19日", ("邓少军", "罗佩"), origin="江门日报"),
            CreditExample("文匯報訊（記者 張三）香港", ("張三",), origin="文匯報"),
            CreditExample("香港文匯報訊（記者 張三）香港", ("張三",), origin="香港文匯報"),
            CreditExample("南方日报讯 2月19日，", origin="南方日报"),
            CreditExample("本报讯 记者从市政府获悉，2月19日"),
            CreditExample("本报讯（记者从市政府获悉）"),
            CreditExample("记者从市政府获悉，大桥"),
            CreditExample("江门日报社召开会议"),
        ),
        needs=("讯", "訊"),
    ),
    Credit(
        "reported-by",
        "the paper that reported, in brackets: （星島日報報道）",
        re.compile(rf"[（(](?P<origin>{_PAPER})(?:報道|报道|報導)[）)]"),
        (
            CreditExample("（星島日報報道）政府", origin="星島日報"),
            CreditExample("（據星島日報昨日的報道）政府"),
        ),
        needs=("報道", "报道", "報導"),
    ),
)
