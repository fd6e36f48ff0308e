"""Articles' pages in the manner of those that are read: markup as such sites write it, with invented news."""

from __future__ import annotations

ENGLISH_PARAGRAPHS = (
    "Cargo through the new crossing grew by a fifth in its first year, the port authority said on Monday, as carriers "
    "moved their routes from the ferries to the road.",
    "The estuary’s three cities now call it a “bridge economy”: warehouses, repair shops and a cold store have opened "
    "within ten minutes of the toll plaza, and two more are being built.",
    "“We had planned for slow growth,” said Lam Wai, who runs a haulage firm of forty trucks. “Instead we hired twelve "
    "drivers before the summer, and we are still looking for more.”",
    "Not everyone gains. Ferry crews say that one in four sailings was cancelled this winter, and the islands that the "
    "bridge passes by have lost their last direct boat to the city.",
)
ENGLISH = (
    """<!DOCTYPE html><html lang="en-HK"><head><meta charset="utf-8">
<title>Bridge economy lifts trade | Harbour Daily</title>
<link rel="canonical" href="/news/bridge-economy"><meta property="og:title" content="Bridge economy lifts trade">
<meta property="og:image" content="/pictures/bridge.jpg"><meta property="og:url" content="https://harbour.example/">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"},
{"@type": ["NewsArticle"], "headline": "Bridge economy lifts trade across the estuary",
"datePublished": "2024-02-19T08:00:00+08:00", "author": [{"@type": "Person", "name": "Chan Siu Ming"},
{"@type": "Person", "name": "Maria Sousa"}]}]}</script>
<script>document.write("tracked")</script></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/markets">Markets</a></li>
</ul></nav></header><div class="breadcrumbs"><a href="/news">News</a> &gt; Trade</div><main><article>
<h1>Bridge economy lifts trade across the estuary</h1><p class="byline">By Chan Siu Ming and Maria Sousa</p>
<figure><img src="/pictures/bridge.jpg"><figcaption>Trucks at the toll plaza.</figcaption></figure>"""
    + "".join(f"<p>{paragraph}</p>\n" for paragraph in ENGLISH_PARAGRAPHS)
    + """<h2>What comes next</h2><p>The authority wants to open a <a href="/news/second-lane">second freight lane</a> by
autumn, and says that the toll will not rise before then.</p>
<div class="share"><a href="#">Share on Facebook</a><a href="#">Share on X</a></div></article>
<aside class="related"><h3>Most read</h3><ul>"""
    + "".join(
        f'<li><a href="/news/{n}">Another story that many people read today, number {n}</a></li>' for n in range(6)
    )
    + """</ul></aside><section id="comments"><h3>Comments</h3><div class="comment">
<p>First! This is a comment that should
not be part of the article, however long it may be.</p></div></section></main>
<footer><p>Copyright 2024 Harbour Daily. All rights reserved. Subscribe to our newsletter.</p></footer></body></html>"""
)

CHINESE_PARAGRAPHS = (
    "江门日报讯（记者/邓少军 罗佩）2月19日，蓬江区高质量发展推进大会召开，"
    "深入学习贯彻全省高质量发展大会精神，部署全年工作。",
    "会议指出，过去一年，全区工业经济稳步增长，干部赶超意识明显增强，各项事业蓬勃发展。",
    "会议强调，要抢抓“桥经济”和“黄金内湾”的历史机遇，积极融入粤港澳大湾区建设，全力冲刺GDP千亿元强区。",
)
CHINESE = (
    """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>蓬江区召开高质量发展推进大会_江门市人民政府</title><meta name="SiteName" content="江门市人民政府">
<meta name="ArticleTitle" content="蓬江区召开高质量发展推进大会"><meta name="PubDate" content="2024-02-20 09:12">
<meta name="ContentSource" content="江门日报"><meta name="Author" content="邓少军"></head><body>
<div class="top"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/zwfw/">政务服务</a></div>
<div class="position">当前位置：<a href="/">首页</a>&gt;<a href="/xw/">新闻</a></div>
<div class="article"><h1 class="title">蓬江区召开高质量发展推进大会</h1>
<div class="info">发布时间：2024-02-20 09:12 来源：江门日报 浏览次数：<span id="hits"></span> 字号：【大 中 小】</div>
<div class="content" id="zoomcon">"""
    + "".join(f'<p style="text-indent: 2em">{paragraph}</p>\r\n' for paragraph in CHINESE_PARAGRAPHS)
    + """</div><div class="bottom"><a href="#">打印本页</a><a href="#">关闭窗口</a></div></div>
<div class="footer">主办：江门市人民政府办公室 网站标识码：4407000001 粤ICP备00000000号</div></body></html>"""
)
