"""What scraping and publishing software leaves in a text. A table: each row with its examples, which are its tests.

`_BEFORE` is where a tail may begin: a line's start, or after the end of a sentence.
"""

from __future__ import annotations

import re

from feedwatch.normalize.credit_rules import CREDITS
from feedwatch.normalize.rules import Example, Rule

_ENDS = '[.!?…。！？:：»”"’)\\]）」』]'
_BEFORE = rf"(?:^|(?<={_ENDS}))\s*"
CLOSING = "….»›→>:：])）】"
_CLOSED = rf"(?:\s|[{re.escape(CLOSING)}])*\Z"
# A row of tags must leave something before it: a text of tags alone stays a text.
_BEFORE_TAGS = rf"(?<=[\n]|{_ENDS})\s*"
_HASHTAG = r"[#＃](?=[^\s#＃]*[^\W\d_])[^\s#＃,，、;；]{1,100}[#＃]?[,，、;；]?"
_NETWORK = (
    r"(?:Facebook|Twitter|X|LinkedIn|WhatsApp|WeChat|Weibo|Telegram|Pinterest|Reddit|Email|E-mail|Messenger|Line"
    r"|Tumblr"
    r"|微信|微博|新浪微博|朋友圈|QQ空间|QQ空間|QQ|脸书|臉書|推特)(?:\s*\(Opens in new window\))?"
)
_STAMP = (
    r"(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)"
    r"[T\s]*\d{1,2}:\d{2}(?::\d{2})?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?"
)
# Where a text came from: a name without punctuation; some say only that it was found somewhere.
_ORIGIN = r"(?:网络|網絡|網路|互联网|综合|綜合|本站|本网|其他|(?P<origin>[\u4e00-\u9fffA-Za-z0-9·&.《》-]{2,20}))"
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
        "the end of a script",
        "head",
        re.compile(r"(?:[‘’“”'\"`]*[)\]]*(?:[;}]+|-->|\]\]>)(?:\s+|\Z))+"),
        (
            Example("‘);\n}\nJiangmen Daily News", "Jiangmen Daily News"),
            Example("‘); } “Good,” said the mayor.", "“Good,” said the mayor."),
            Example("-->\nThe bridge opened.", "The bridge opened."),
            Example(";) said the clown", ";) said the clown"),
        ),
        starts="‘’“”'\"`)];}-",
        alone=True,
    ),
    Rule(
        "script-call",
        "calls of advertising and counting scripts",
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
        alone=True,
    ),
    Rule(
        "hashtags",
        "a row of hashtags; read as tags",
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
    ),
    Rule(
        "timestamp",
        "a date with its time; read as the date",
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
        alone=True,
    ),
    Rule(
        "read-more",
        '"Read more", "阅读全文"',
        "tail",
        re.compile(
            rf"{_BEFORE}[\[(（【]?\s*(?:(?:Click here to )?Read (?:more|on|(?:the )?full (?:story|article))"
            r"|Keep reading|Full story"
            r"|View (?:original|full) (?:post|article)"
            r"|Weiterlesen|Lire la suite|Leer más|Seguir leyendo|Leia mais|Continua a leggere|Lees verder"
            r"|Читать далее"
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
        alone=True,
    ),
    Rule(
        "continue-reading",
        '"Continue reading ..."',
        "tail",
        re.compile(
            rf"{_BEFORE}[\[(（【]?\s*Continue reading(?:(?: |:)[^\n]{{1,200}})?{_CLOSED}",
            re.IGNORECASE | re.MULTILINE,
        ),
        (
            Example("It opened… Continue reading The bridge is open →", "It opened…"),
            Example("It opened.\nCONTINUE READING", "It opened."),
            Example("They can continue reading", "They can continue reading"),
        ),
        needs=("reading", "Reading", "READING"),
        alone=True,
    ),
    Rule(
        "appeared-first",
        '"The post ... appeared first on ..."',
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
        alone=True,
    ),
    Rule(
        "share",
        "share buttons",
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
        alone=True,
    ),
    Rule(
        "byline",
        '"By Jane Doe"; read as authors',
        "head",
        re.compile(
            r"(?:By|BY|Por|Par) (?P<authors>[A-ZÀ-Þ][^\n\d:;!?()“”\"]{3,80}?)"
            r"(?:(?:, | \| | [—–-] | for )(?P<origin>(?:The )?[A-ZÀ-Þ][\w&’' ]{1,30}"
            r"(?:News|Daily|Times|Post|Herald|Tribune|Journal|Press|Agency|Xinhua|Reuters|AP"
            r"|AFP)\b[\w&’' ]{0,20}))?[ ,.]*\n"
        ),
        (
            Example("By Jane Doe\nThe bridge opened.", "The bridge opened.", authors=("Jane Doe",)),
            Example(
                "By John Smith and Jane Doe, China Daily\nThe bridge opened.",
                "The bridge opened.",
                authors=("John Smith", "Jane Doe"),
                origin="China Daily",
            ),
            Example("By John Smith\nBy Jane Doe\nIt opened.", "It opened.", authors=("John Smith", "Jane Doe")),
            Example("Por Maria da Silva\nA ponte abriu.", "A ponte abriu.", authors=("Maria da Silva",)),
            Example(
                "By Tuesday the bridge will be open.\nIt is red.", "By Tuesday the bridge will be open.\nIt is red."
            ),
            Example("By Popular Demand\nThe bridge opens.", "By Popular Demand\nThe bridge opens."),
            Example("By Our Staff\nThe bridge opens.", "By Our Staff\nThe bridge opens."),
            Example("By Jane Doe", "By Jane Doe"),
        ),
        starts="BP",
    ),
    Rule(
        "byline-zh",
        "a Chinese byline (文/记者 张三); read as authors",
        "line",
        re.compile(
            r"[（(【]?(?:(?:文|图|圖|文图|图文|撰文|撰稿|作者|采写|採寫|[\u4e00-\u9fff]{0,8}(?:记者|記者"
            r"|通讯员))\s*[/／:：|]\s*"
            r"|[\u4e00-\u9fff]{0,8}(?:记者|記者)[ \u3000]+|(?:本报|本報|本网|本網)(?:记者|記者)[ \u3000]*)"
            r"(?P<authors>[\u4e00-\u9fff·/／:：、，,; \u3000]{2,60}?)(?:报道|報道|報導|摄影报道|攝影報道|摄"
            r"|攝)?[）)】]?"
        ),
        (
            Example("文/记者 张三\n大桥开通。", "大桥开通。", authors=("张三",)),
            Example("文/羊城晚报全媒体记者 张三\n大桥开通。", "大桥开通。", authors=("张三",)),
            Example("记者 李四 报道\n大桥开通。", "大桥开通。", authors=("李四",)),
            Example("大桥开通。\n作者：張三、李四", "大桥开通。", authors=("張三", "李四")),
            Example("大桥开通。\n文/张三 图/李四", "大桥开通。", authors=("张三", "李四")),
            Example("记者从市政府获悉\n大桥开通。", "记者从市政府获悉\n大桥开通。"),
            Example("记者 探访 大桥\n大桥开通。", "记者 探访 大桥\n大桥开通。"),
            Example("记者：大桥何时开通\n市长：明年。", "记者：大桥何时开通\n市长：明年。"),
            Example("记者 李四 报道", "记者 李四 报道"),
        ),
        needs=(
            "记者",
            "記者",
            "作者",
            "撰",
            "采写",
            "採寫",
            "通讯员",
            "文/",
            "文／",
            "文：",
            "文:",
            "文|",
            "图/",
            "图／",
            "图：",
            "图:",
            "圖/",
            "圖／",
            "圖：",
            "图文",
            "文图",
            "文 /",
            "文 ：",
        ),
        reach=80,
    ),
    Rule(
        "origin",
        "a line that says where and when it ran (来源：新华网 2024-02-20); read as origin and date",
        "head",
        re.compile(
            rf"(?:(?:发布时间|發佈時間|时间|時間|日期)[:：]?\s*)?(?:(?P<time>{_STAMP})\s+)?(?:来源|來源|稿源"
            rf"|信息来源|文章来源)\s?[:：]\s?{_ORIGIN}"
            rf"(?:\s+(?P<later>{_STAMP}))?(?:\s+(?:作者|记者|記者|编辑|責任編輯|责任编辑|浏览次数|阅读|點擊|点击"
            rf"|字号|打印)[^\n]{{0,40}})?\s*\n"
        ),
        (
            Example("来源：新华网\n大桥开通。", "大桥开通。", origin="新华网"),
            Example(
                "2024-02-20 08:26 来源：江门日报\n大桥开通。", "大桥开通。", time="2024-02-20 08:26", origin="江门日报"
            ),
            Example(
                "来源：江门日报 2024-02-20 08:26 浏览次数：12\n大桥开通。",
                "大桥开通。",
                time="2024-02-20 08:26",
                origin="江门日报",
            ),
            Example("來源：網絡\n大橋開通。", "大橋開通。"),
            Example(
                "来源：不明的资金流入了大桥，市长说。\n它开通了。", "来源：不明的资金流入了大桥，市长说。\n它开通了。"
            ),
        ),
        starts="来來稿信文发發时時日12",
    ),
    Rule(
        "origin",
        "来源：…; read as origin",
        "tail",
        re.compile(
            rf"{_BEFORE}[（(【\[]?\s*(?:来源|來源|稿源|信息来源|文章来源"
            rf"|文章來源)\s?[:：]\s?{_ORIGIN}\s*[）)】\]]?\s*\Z",
            re.MULTILINE,
        ),
        (
            Example("大桥开通。\n来源：新华社", "大桥开通。", origin="新华社"),
            Example("大桥开通。（来源：南方日报）", "大桥开通。", origin="南方日报"),
            Example("大桥开通。\n来源：综合", "大桥开通。"),
            Example("大桥开通，资金来源：市政府", "大桥开通，资金来源：市政府"),
            Example("来源：新华社", "来源：新华社"),
        ),
        needs=("来源", "來源", "稿源"),
        near=45,
        reach=80,
    ),
    Rule(
        "editors",
        "责任编辑：…",
        "tail",
        re.compile(
            rf"{_BEFORE}[（(【\[]?\s*(?:(?:责任|責任|值班|本文|网络|執行|执行|文字|新媒体)?(?:编辑|編輯|校对"
            rf"|校對|主编)|责编|責編|编审|編審|审核|審核|监制|監製|二审|三审|初审|终审|复审|签发|值班主任)"
            r"\s?[:：/／丨|]\s?[\u4e00-\u9fff·A-Za-z0-9_ \u3000、，:：丨/／|]{1,50}[）)】\]]?\s*\Z",
            re.MULTILINE,
        ),
        (
            Example("大桥开通。\n责任编辑：张三", "大桥开通。"),
            Example("大桥开通。【责任编辑:张三】", "大桥开通。"),
            Example("大桥开通。\n编辑：张三 校对：李四", "大桥开通。"),
            Example("大橋開通。\n責編：張三", "大橋開通。"),
            Example("大桥开通。\n编辑丨张三", "大桥开通。"),
            Example("他是编辑", "他是编辑"),
            Example("他们招聘编辑：要求大学毕业。", "他们招聘编辑：要求大学毕业。"),
        ),
        needs=(
            "编辑",
            "編輯",
            "校对",
            "校對",
            "主编",
            "责编",
            "責編",
            "编审",
            "編審",
            "审核",
            "審核",
            "监制",
            "監製",
            "审：",
            "审:",
            "签发",
            "主任",
        ),
        near=75,
        reach=100,
    ),
    Rule(
        "editors-en",
        '"(Editor: ...)", "Edited by ..."',
        "tail",
        re.compile(
            rf"{_BEFORE}(?:[（(\[【]\s*(?:(?:Web |Copy |Duty |Managing )?[Ee]ditors?\s?[:：]|[Ee]dited by)"
            r"[^()（）\[\]【】\n]{2,60}[）)\]】]"
            r"|(?:Web |Copy |Duty |Managing )?Editors?\s?[:：]\s?[A-Z][^\n.!?]{1,60})\s*\Z",
            re.MULTILINE,
        ),
        (
            Example("It opened.\n(Editor: Chen Mei)", "It opened."),
            Example("It opened. [Web editor: Chen Mei, Li Na]", "It opened."),
            Example("It opened.\nEditor: Chen Mei", "It opened."),
            Example("It opened. (Edited by Chen Mei)", "It opened."),
            Example("She is the editor: Chen Mei", "She is the editor: Chen Mei"),
            Example("It was edited by Chen Mei", "It was edited by Chen Mei"),
        ),
        needs=("ditor", "dited by"),
        near=90,
        reach=110,
    ),
    Rule(
        "end-mark",
        '"(完)", "(End)", "###"',
        "tail",
        re.compile(
            r"(?:\s*[（(【]\s*(?:完|全文完|本文完|END|End|Ends|ENDS)\s*[）)】]|\n(?:Enditem|Ends|ENDS|- ?(?:Ends"
            r"|ENDS|END|end) ?-|-+ ?END ?-+"
            r"|# ?# ?#|全文完|完))\s*\Z"
        ),
        (
            Example("大桥开通。(完)", "大桥开通。"),
            Example("大桥开通。【完】", "大桥开通。"),
            Example("It opened. (End)", "It opened."),
            Example("It opened.\nEnditem", "It opened."),
            Example("It opened.\n- Ends -", "It opened."),
            Example("It opened.\n###", "It opened."),
            Example("It has come to an end", "It has come to an end"),
            Example("工程已经完", "工程已经完"),
        ),
        needs=("完", "nd", "ND", "#"),
        near=10,
        reach=30,
    ),
    Rule(
        "original-title",
        "原标题：…",
        "line",
        re.compile(r"[（(【]?(?:原标题|原標題|原题|原題)\s?[:：][^\n]{1,90}"),
        (
            Example("原标题：大桥今日开通\n大桥开通。", "大桥开通。"),
            Example("大桥开通。\n（原标题：大桥今日开通）", "大桥开通。"),
            Example("原标题是《大桥》。\n它开通了。", "原标题是《大桥》。\n它开通了。"),
        ),
        begins=("原标", "原標", "原题", "原題"),
        reach=100,
    ),
    Rule(
        "copyright",
        "rights reserved, 未经授权不得转载",
        "tail",
        re.compile(
            r"(?:^|(?<=[.。！!？?”」)）]))\s*(?:(?:(?:版权|版權|免责|免責)(?:声明|聲明)\s?[:：]|(?:版权|版權)所有)[^\n]{0,200}"
            r"|[（(【]?[^\n。]{0,60}(?:未经|未經)[^\n。，]{0,20}(?:授权|授權|许可|許可|同意|允许|允許)[^\n。]{0,12}"
            r"(?:不得|禁止|严禁|請勿|请勿|谢绝|謝絕)[^\n。]{0,16}(?:转载|轉載|摘编|摘編)[^\n]{0,80}"
            r"|(?:Copyright|COPYRIGHT|©|\(c\)) ?(?:©|\(c\))? ?(?:19|20)\d\d[^\n]{0,120}"
            r"|[^\n]{0,80}\bAll [Rr]ights [Rr]eserved\b[^\n]{0,80})\Z",
            re.MULTILINE,
        ),
        (
            Example("大桥开通。\n版权声明：本文版权归江门日报所有。", "大桥开通。"),
            Example("大桥开通。\n未经授权不得转载", "大桥开通。"),
            Example("大橋開通。\n本網站內容未經許可，不得轉載。", "大橋開通。"),
            Example("It opened.\n© 2024 Example News. All rights reserved.", "It opened."),
            Example("It opened.\nCopyright 2024 Example News", "It opened."),
            Example("它关闭了。\n法院裁定，未经许可不得使用大桥。", "它关闭了。\n法院裁定，未经许可不得使用大桥。"),
            Example("大桥开通。\n声明说，双方同意合作。", "大桥开通。\n声明说，双方同意合作。"),
            Example("It was © of 2024 that they spoke.", "It was © of 2024 that they spoke."),
        ),
        needs=("版权", "版權", "免责", "免責", "未经", "未經", "eserved", "opyright", "COPYRIGHT", "©", "(c)"),
        reach=300,
    ),
    Rule(
        "site-links",
        "返回搜狐, 上一篇, 打开APP and other links of a site",
        "tail",
        re.compile(
            rf"{_BEFORE}[（(【\[]?\s*(?:返回搜狐[，,]?\s*(?:查看更多)?|返回(?:首页|列表|頂部|顶部)|(?:上一篇"
            rf"|下一篇)[:：][^\n]{{0,80}}|打开(?:APP|App|app|客户端)[^\n。，]{{0,30}}"
            r"|平台声明[:：][^\n]{0,120}|特别声明[:：]以上内容[^\n]{0,160}|举报/反馈|举报[／/]?反馈|我要反馈"
            r"|分享到微信朋友圈|(?:阅读|閱讀) ?\(\d+\)|责任编辑[:：]"
            r"|点击(?:进入专题|查看原文)[^\n]{0,60})\s*[）)】\]]?\s*\Z",
            re.MULTILINE,
        ),
        (
            Example("大桥开通。返回搜狐，查看更多", "大桥开通。"),
            Example("大桥开通。\n上一篇：桥\n下一篇：路", "大桥开通。"),
            Example("大桥开通。\n打开APP阅读更多精彩内容", "大桥开通。"),
            Example("他返回搜狐", "他返回搜狐"),
        ),
        needs=("返回", "一篇", "打开", "声明", "反馈", "分享到", "阅读", "閱讀", "责任编辑", "点击"),
        alone=True,
    ),
    Rule(
        "feed-links",
        '"Read full topic", "Reply via email", "Related posts:" and other links of a feed',
        "tail",
        re.compile(
            r"(?:^|\n)(?:Read full topic|Reply via email|Reply to this post|Leave a comment|(?:Add"
            r"|Post) a comment|No comments yet|Comments"
            r"|Like this:\n?Like Loading(?:…|\.\.\.)?(?:\nRelated)?|Like Loading(?:…|\.\.\.)|Related (?:posts"
            r"|articles|stories|news):?"
            r"|You (?:may|might) also like:?|Permalink|Source link|(?:相关阅读|相關閱讀|相关新闻|相關新聞"
            r"|延伸閱讀|延伸阅读|推荐阅读)[:：]?)\s*\Z",
            re.IGNORECASE,
        ),
        (
            Example("It opened.\nRead full topic", "It opened."),
            Example("It opened.\nReply via email", "It opened."),
            Example("It opened.\nLike this:\nLike Loading...", "It opened."),
            Example("It opened.\nRelated posts:", "It opened."),
            Example("大橋開通。\n延伸閱讀：", "大橋開通。"),
            Example("Nobody made any comments", "Nobody made any comments"),
            Example("Related posts:\nThe bridge", "Related posts:\nThe bridge"),
        ),
        ends=(
            "topic",
            "email",
            "post",
            "comment",
            "comments",
            "yet",
            "loading",
            "...",
            "related",
            "posts",
            "articles",
            "stories",
            "news",
            "like",
            "permalink",
            "link",
            "阅读",
            "閱讀",
            "新闻",
            "新聞",
        ),
        reach=80,
        alone=True,
    ),
    Rule(
        "advertisement",
        "the sign over an advertisement",
        "line",
        re.compile(
            r"[\[(（【—–-]*\s*(?:Advertisement|Advertisements|Sponsored content|Paid content|ADVERT"
            r"|Advertisement ?[-–—:] ?scroll to continue|(?:Article|Story) continues (?:below|after)(?: (?:this "
            r"|the )?(?:advertisement|ad))?"
            r"|Continue reading below|Skip (?:past )?(?:advertisement|ad)|Publicidade|Publicité|Publicidad"
            r"|Anzeige|Werbung|Реклама"
            r"|广告|廣告|廣告加載中)\s*[\])）】—–:-]*",
            re.IGNORECASE,
        ),
        (
            Example("It opened.\nAdvertisement\nCars came.", "It opened.\nCars came."),
            Example("ADVERTISEMENT\nIt opened.", "It opened."),
            Example("It opened.\nStory continues below advertisement\nCars came.", "It opened.\nCars came."),
            Example("大桥开通。\n广告\n汽车来了。", "大桥开通。\n汽车来了。"),
            Example("It opened.\n- Advertisement -", "It opened."),
            Example("Advertisement of the bridge began.", "Advertisement of the bridge began."),
            Example("广告公司开业。\n很好。", "广告公司开业。\n很好。"),
        ),
        begins=("ad", "sp", "pa", "ar", "st", "co", "sk", "pu", "an", "we", "ре", "广告", "廣告"),
        reach=60,
        alone=True,
    ),
    Rule(
        "share",
        "share buttons",
        "head",
        re.compile(
            rf"(?:Share this(?: (?:post|article|story|page))?|分享到|分享至)(?: on)?[:：]?\s*\n(?:{_NETWORK}\s*\n)*",
            re.IGNORECASE,
        ),
        (
            Example("Share this article\nThe bridge opened.", "The bridge opened."),
            Example("Share this:\nFacebook\nTwitter\nThe bridge opened.", "The bridge opened."),
            Example(
                "Share this article with a friend\nsaid the mayor.", "Share this article with a friend\nsaid the mayor."
            ),
        ),
        starts="Ss分",
    ),
    Rule(
        "share",
        "a row of share buttons",
        "line",
        re.compile(
            rf"(?:Share(?: this(?: (?:post|article|story|page))?)?(?: on| via)?:?(?=\W+{_NETWORK}\W+{_NETWORK})"
            rf"|分享到[:：]?|分享至[:：]?|分享[:：])"
            rf"(?:[\s|/,、·•]*(?:{_NETWORK}|Print|Copy link|打印|更多))+",
            re.IGNORECASE,
        ),
        (
            Example("Share: Facebook | Twitter | Email\nThe bridge opened.", "The bridge opened."),
            Example("分享到： 微信 微博\n大桥开通。", "大桥开通。"),
            Example("Share prices on X and Facebook rose.\nAll did.", "Share prices on X and Facebook rose.\nAll did."),
            Example("Share\n12 percent", "Share\n12 percent"),
        ),
        begins=("sh", "分享"),
        reach=120,
        alone=True,
    ),
    Rule(
        "follow",
        "an invitation to follow, to scan a code or to install the app",
        "line",
        re.compile(
            r"[▲△▼↑↓►★☆◆●\s]*(?:(?:点击|點擊|点|轻触)(?:上方|上面|下方|标题下|左上角|蓝字"
            r"|藍字)[^\n。]{0,24}(?:关注|關注|订阅|訂閱|蓝字|藍字)[^\n。]{0,16}"
            r"|(?:打开)?(?:请|請|微信)?(?:长按|長按|扫描|掃描|扫一扫|掃一掃|扫码|掃碼"
            r"|识别)[^\n。]{0,16}(?:二维码|二維碼|关注|關注|下载|下載|加群|添加|公众号|小程序)[^\n。]{0,24}"
            r"|欢迎(?:关注|订阅|扫码)[^\n。]{0,30}(?:公众号|公眾號|微信号|微博|视频号|客户端)[^\n。]{0,20}"
            r"|Follow (?:us|me) on (?:Facebook|Twitter|X|Instagram|Telegram|WhatsApp|LinkedIn|YouTube|WeChat"
            r"|Weibo|Google News|Threads|Bluesky|Mastodon)\b[^\n.]{0,80}\.?"
            r"|(?:Download|Get|Install) our(?: free)?(?: [A-Z]\w+){0,3} (?:mobile )?app\b[^\n.]{0,80}\.?)[▲▼↑↓\s!！]*"
        ),
        (
            Example("点击上方蓝字关注我们\n大桥开通。", "大桥开通。"),
            Example("大桥开通。\n长按识别二维码关注", "大桥开通。"),
            Example("大桥开通。\n欢迎关注江门日报微信公众号", "大桥开通。"),
            Example("It opened.\nFollow us on Facebook and Twitter", "It opened."),
            Example("游客扫描二维码即可下载门票，市长说。\n很好。", "游客扫描二维码即可下载门票，市长说。\n很好。"),
            Example(
                "Follow us on the way to the bridge.\nIt is red.", "Follow us on the way to the bridge.\nIt is red."
            ),
        ),
        begins=(
            "点击",
            "點擊",
            "点上",
            "点下",
            "点左",
            "点标",
            "点蓝",
            "轻触",
            "长按",
            "長按",
            "扫描",
            "掃描",
            "扫一",
            "掃一",
            "扫码",
            "掃碼",
            "识别",
            "请长",
            "请扫",
            "請長",
            "請掃",
            "微信",
            "欢迎",
            "fo",
            "do",
            "ge",
            "in",
        ),
        reach=120,
    ),
    Rule(
        "newsletter",
        "an invitation to subscribe to a newsletter",
        "line",
        re.compile(
            r"(?:Sign up (?:for|to|here for)|Subscribe to|Join) (?:our|the|this"
            r"|my)(?: [\w’'-]+){0,4} (?:newsletters?|mailing list|RSS feed|newsletter here)\b[^\n]{0,80}"
            r"|Get (?:the|our|all)(?: [\w’'-]+){1,6} (?:delivered"
            r"|sent)(?: [\w’'-]+){0,2} to your inbox[^\n]{0,40}|Enjoyed the article\? Subscribe\b[^\n]{0,60}"
            r"|(?:订阅|訂閱)(?:我们的|我們的)?(?:电子报|電子報|新闻简报|電子通訊)[^\n。]{0,30}",
            re.IGNORECASE,
        ),
        (
            Example("It opened.\nSign up for our newsletter\nCars came.", "It opened.\nCars came."),
            Example("It opened.\nSubscribe to our weekly newsletter!", "It opened."),
            Example("It opened.\nGet the latest news delivered to your inbox.", "It opened."),
            Example("Sign up for the bridge walk.\nIt is red.", "Sign up for the bridge walk.\nIt is red."),
        ),
        begins=("si", "su", "jo", "ge", "en", "订阅", "訂閱"),
        reach=200,
    ),
    Rule(
        "cookies",
        "a site's notice on cookies",
        "line",
        re.compile(
            r"(?:(?:We|This (?:web)?site|Our (?:web)?site) uses? cookies (?:to|on|for|and|in order)\b"
            r"|By (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site,? you (?:agree|accept|consent)\b"
            r"|(?:本网站|本網站|本站|我们|我們)使用 ?[Cc]ookies?)[^\n]{0,300}"
        ),
        (
            Example("We use cookies to improve your visit.\nThe bridge opened.", "The bridge opened."),
            Example("本網站使用 Cookie 以改善您的體驗。\n大橋開通。", "大橋開通。"),
            Example("We use cookies in our kitchen.\nThey are good.", "We use cookies in our kitchen.\nThey are good."),
        ),
        begins=("we", "th", "ou", "by", "本网", "本網", "本站", "我们", "我們"),
        reach=350,
    ),
    Rule(
        "paywall",
        "a site's notice that only subscribers read on",
        "line",
        re.compile(
            r"(?:(?:This|The) (?:article|story|content|post) is (?:for|available to|reserved for"
            r"|only available to|exclusive to) (?:paying |paid |our )?(?:subscribers|members)(?: only)?\.?"
            r"|(?:Subscribe|Log in|Sign in|Register)(?: now| here)?(?: or (?:subscribe|log in|sign in"
            r"|register))? to (?:continue reading|read (?:the )?(?:full|whole|rest of (?:the|this)) ?(?:article"
            r"|story)?|unlock)\b[^\n]{0,60}"
            r"|Already a (?:subscriber|member)\?[^\n]{0,40}|To continue reading,[^\n]{0,80}"
            r"|You have reached your limit of (?:free )?articles[^\n]{0,60}"
            r"|本文为(?:付费|会员)(?:内容|文章)[^\n]{0,40}|(?:订阅|登录|登入|訂閱)(?:后|後)?(?:即可)?(?:阅读"
            r"|閱讀|查看)全文[^\n]{0,20})",
            re.IGNORECASE,
        ),
        (
            Example("The bridge opened.\nThis article is for subscribers only.", "The bridge opened."),
            Example("It opened.\nSubscribe to continue reading", "It opened."),
            Example("It opened.\nAlready a subscriber? Log in", "It opened."),
            Example("大桥开通。\n登录后阅读全文", "大桥开通。"),
            Example(
                "This article is for the readers who swim.\nIt opened.",
                "This article is for the readers who swim.\nIt opened.",
            ),
        ),
        begins=("th", "su", "lo", "si", "re", "al", "to", "yo", "本文", "订阅", "登录", "登入", "訂閱"),
        reach=160,
        alone=True,
    ),
    Rule(
        "form",
        "what is left of a form, a player or a template",
        "line",
        re.compile(
            r"(?:/\* real people should not fill this in[^\n]{0,160}\*/|\* indicates required|Email Address \*"
            r"|First Name \*?|Last Name \*?"
            r"|Listen to this (?:post|article):?|Your browser does not support the (?:audio|video)(?: element"
            r"| tag)?\.?"
            r"|Please enable JavaScript\b[^\n]{0,100}|Enable JavaScript\b[^\n]{0,80}|Loading(?:…|\.\.\.)"
            r"|Your Content Goes Here"
            r"|\{\{\{?\s?[\w.-]{1,60}\s?\}?\}\}|%%\w{1,40}%%)"
        ),
        (
            Example("It opened.\n{{title}}\nCars came.", "It opened.\nCars came."),
            Example("It opened.\nEmail Address *\n* indicates required", "It opened."),
            Example("It opened.\nYour browser does not support the audio element.", "It opened."),
            Example("It opened.\n<% bridges.each do |bridge| %>", "It opened.\n<% bridges.each do |bridge| %>"),
            Example("The template says {{title}} where it means it.", "The template says {{title}} where it means it."),
            Example("Loading the trucks took days.\nThey left.", "Loading the trucks took days.\nThey left."),
        ),
        begins=("/*", "em", "fi", "la", "li", "yo", "pl", "en", "lo", "{{", "%%", "* "),
        reach=240,
        alone=True,
    ),
    Rule(
        "shortcode",
        "codes of WordPress and its builders that nobody read ([caption id=…], [/caption], [vc_row])",
        "inside",
        re.compile(
            r"\[/?(?:(?:vc|et_pb|fusion|su|siteorigin|wpforms|tdc?|penci|av|cs|themify)_\w{1,40}|caption|gallery"
            r"|playlist|embed|contact-form(?:-7)?|wpforms|ez-toc)"
            r"(?:\s[^\[\]\n]{0,6000})?/?\]|<!--\s?more(?: [^\n>]{0,80})?\s?-->|<!--\s?/?(?:nextpage"
            r"|wp:[^\n>]{0,200})\s?-->"
        ),
        (
            Example(
                '[caption id="attachment_1" width="600"] The bridge [/caption] It opened.', "The bridge It opened."
            ),
            Example("It opened.\n[/fusion_text][/fusion_builder_column]\nCars came.", "It opened.\nCars came."),
            Example("It opened. <!--more--> Cars came.", "It opened. Cars came."),
            Example("[contact-form]\nIt opened.", "It opened."),
            Example("He said [the caption] was [sic] wrong.", "He said [the caption] was [sic] wrong."),
            Example("An array[gallery_index] is code.", "An array[gallery_index] is code."),
        ),
        starts="[<",
        needs=(
            "[/",
            "[vc_",
            "[et_pb_",
            "[fusion_",
            "[su_",
            "[siteorigin_",
            "[td",
            "[penci_",
            "[av_",
            "[cs_",
            "[themify_",
            "[caption",
            "[gallery",
            "[playlist",
            "[embed",
            "[contact-form",
            "[wpforms",
            "[ez-toc",
            "<!--",
        ),
        alone=True,
    ),
    Rule(
        "ellipsis",
        '"[...]" becomes an ellipsis',
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
    """The name, where a rule of cleaning or of reading credits has it.

    Raises ValueError, which lists the names that there are.
    """
    names = [*(rule.name for rule in RULES), *(credit.name for credit in CREDITS)]
    if name not in names:
        raise ValueError(f"there is no such cleaning rule; there are {', '.join(names)}")
    return name
