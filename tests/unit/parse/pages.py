"""List pages in the manner of those that are watched: markup as such sites write it, with invented news."""

from __future__ import annotations

from dataclasses import dataclass

from feedwatch.model import Selectors


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page, and how its news are read."""

    url: str
    html: str
    selectors: Selectors
    titles: tuple[str, ...]
    """Of all its items."""
    first_url: str
    first_date: str | None


_CITY = [
    ("江门市召开高质量发展大会 部署全年重点工作任务", "2024-02-19"),
    ("蓬江区2024年第一季度重大项目集中开工动工仪式举行", "2024-02-18"),
    ("市政府常务会议研究部署安全生产和春耕备耕工作", "2024-02-17"),
    ("全市“百县千镇万村高质量发展工程”推进会召开", "2024-02-16"),
    ("关于公开征求《江门市城市更新条例（草案）》意见的公告", "2024-02-15"),
    ("江门经济技术开发区发展壮大新能源电池产业集群", "2024-02-14"),
]

GOVERNMENT = ListPage(
    url="https://www.city.example/zwgk/xw/index.html",
    html="""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>市政府门户网站 - 政务要闻</title>
<script src="/js/jquery.js"></script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a></div>
<div class="pageList"><ul class="list">"""
    + "".join(
        f'<li><a href="./content/post_30{n}.html" target="_blank" title="{title}">{title[:18]}...</a>'
        f'<span class="date">[{date}]</span></li>\n' + ('<li class="line"></li>' if n == 2 else "")
        for n, (title, date) in enumerate(_CITY)
    )
    + """</ul><div class="page"><a href="index_2.html">下一页</a><a href="index_9.html">尾页</a></div></div>
<div class="footer"><a href="http://www.gov.example/">中国政府网（示例链接，请勿点击）</a>
<a href="/about.html">关于我们以及网站地图和联系方式</a>
<a href="/law.html">法律声明以及隐私保护政策说明</a></div></body></html>""",
    selectors=Selectors(item="ul.list > li", date="span.date"),
    titles=tuple(title for title, _ in _CITY),
    first_url="https://www.city.example/zwgk/xw/content/post_300.html",
    first_date="2024-02-19",
)

TABLE = ListPage(
    url="http://paper.example/news/",
    html="""<html><head><title>区报 今日要闻</title></head><body bgcolor=#ffffff>
<table width=980><tr><td><a href=/>返回首页</a></td><td><a href=/old>往期回顾</a></td></tr></table>
<table class=lb width=980 cellpadding=0>"""
    + "".join(
        f"<tr><td width=20><img src=/img/dot.gif></td><td><a href='show.asp?id={900 - n}'>{title}</a></td>"
        f"<td align=right>（{date.replace('-', '年', 1).replace('-', '月')}日）</td></tr>"
        for n, (title, date) in enumerate(_CITY)
    )
    + "</table></body></html>",
    selectors=Selectors(item="table.lb > tbody > tr", date="td:last-child"),
    titles=tuple(title for title, _ in _CITY),
    first_url="http://paper.example/news/show.asp?id=900",
    first_date="2024年02月19日",
)

_HARBOUR = [
    (
        "Bridge economy lifts trade across the estuary",
        "Cargo through the new crossing grew by a fifth in its first year.",
    ),
    (
        "Greater Bay Area cities agree on shared clinics",
        "Patients may take their records along, the eleven cities said.",
    ),
    ("Ferry company tests its first electric vessel", "The catamaran carries 300 people and charges in forty minutes."),
    ("Chip plant in Hengqin begins to hire engineers", "Six hundred places are open, most of them for graduates."),
    ("Storm warning lifted as typhoon turns away", "Schools open again on Tuesday, and ferries run as planned."),
]

CARDS = ListPage(
    url="https://harbour.example/latest",
    html="""<!doctype html><html lang=en><head><title>Latest | Harbour Daily</title><base href="https://harbour.example/"></head>
<body><nav><a href="/latest">Latest stories of the day</a> <a href="/sport">Sport and racing results</a>
<a href="/markets">Markets and business news</a></nav><main><div class="grid">"""
    + "".join(
        f"""<div class="card card--{"lead" if n == 0 else "small"}"><a class="card__image" href="news/{n}">
<img src="data:image/gif;base64,R0lG" data-src="/pictures/{n}.jpg" alt=""></a>
<a class="card__tag" href="/tag/economy">Economy</a>
<h3 class="card__title"><a href="news/{n}">{title}</a></h3><p class="card__text">{text}</p>
<time datetime="2024-02-{19 - n}T08:00:00+08:00">{n} hours ago</time></div>"""
        for n, (title, text) in enumerate(_HARBOUR)
    )
    + "</div></main><footer><a href=/about>About the Harbour Daily</a></footer></body></html>",
    selectors=Selectors(item="div.grid > div", date="time", summary="p.card__text"),
    titles=tuple(title for title, _ in _HARBOUR),
    first_url="https://harbour.example/news/0",
    first_date="2024-02-19T08:00:00+08:00",
)

WORDPRESS = ListPage(
    url="https://blog.example/category/trade/",
    html="""<!DOCTYPE html><html lang="en-GB"><head><title>Trade &#8211; Delta Notes</title>
<link rel="alternate" type="application/rss+xml" href="/feed/"></head><body class="archive">
<header><a href="https://blog.example/" rel="home">Delta Notes, a weblog on trade</a></header><div id="content">"""
    + "".join(
        f"""<article id="post-{n}" class="post-{n} post type-post hentry"><header class="entry-header">
<h2 class="entry-title"><a href="https://blog.example/2024/02/{n}/" rel="bookmark">{title}</a></h2>
<div class="entry-meta">Posted on <a href="https://blog.example/2024/02/{n}/"><time class="entry-date"
datetime="2024-02-{19 - n}T10:00:00+00:00">February {19 - n}, 2024</time></a> by
<a href="/author/li/">Li Na</a></div></header>
<div class="entry-content"><p>{text}</p></div></article>"""
        for n, (title, text) in enumerate(_HARBOUR)
    )
    + """</div><aside><h2>Recent Posts</h2><ul>"""
    + "".join(f'<li><a href="/2024/02/{n}/">{title}</a></li>' for n, (title, _) in enumerate(_HARBOUR))
    + "</ul></aside></body></html>",
    selectors=Selectors(item="#content > article", title="h2", date="time", summary=".entry-content p"),
    titles=tuple(title for title, _ in _HARBOUR),
    first_url="https://blog.example/2024/02/0/",
    first_date="2024-02-19T10:00:00+00:00",
)

LINKED_CARDS = ListPage(
    url="https://port.example/news",
    html="""<html lang=zh-Hant><title>港聞</title><body><section class="newslist">"""
    + "".join(
        f"""<a class="item" href="/article/{n}"><figure><img src="/p/{n}.jpg"></figure><h4>{title}</h4>
<div class="brief">{title}，詳情請按入內文閱讀全文及相關圖片報道，歡迎分享。</div>
<span class="when">2024/02/{19 - n} 10:3{n}</span></a>"""
        for n, title in enumerate(
            ["港珠澳大橋車流創新高", "橫琴深合區推出新措施", "大灣區職業平台啟動", "新地鐵綫明年通車"]
        )
    )
    + "</section></body></html>",
    selectors=Selectors(item="a.item", title="h4", date="span.when", summary="div.brief"),
    titles=("港珠澳大橋車流創新高", "橫琴深合區推出新措施", "大灣區職業平台啟動", "新地鐵綫明年通車"),
    first_url="https://port.example/article/0",
    first_date="2024/02/19 10:30",
)

BOXED_DATES = ListPage(
    url="https://www.bureau.example/xwzx/",
    html="""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>新闻中心</title></head><body>"""
    + "".join(
        "<ul class='newsUl'>"
        + "".join(
            f"<li><div class='time'><b>{date[8:]}</b><i>{date[:7]}</i></div>"
            f"<div class='txt'><a href='/xwzx/{date}.shtml'>{title}</a></div></li>"
            for title, date in part
        )
        + "</ul>"
        for part in (_CITY[:3], _CITY[3:])  # as some do: an empty line after every few
    )
    + "</body></html>",
    selectors=Selectors(item="ul.newsUl > li", date="div.time"),
    titles=tuple(title for title, _ in _CITY),
    first_url="https://www.bureau.example/xwzx/2024-02-19.shtml",
    first_date="2024-02-19",
)

LIST_PAGES = {
    "government": GOVERNMENT,
    "table": TABLE,
    "cards": CARDS,
    "wordpress": WORDPRESS,
    "linked cards": LINKED_CARDS,
    "boxed dates": BOXED_DATES,
}
