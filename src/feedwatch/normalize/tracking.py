"""What is in a URL for the sender's bookkeeping alone. A table: add a row with its example, and the test reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackingParameter:
    """A query parameter that does not change what the server answers.

    name is lower-case; a final `*` makes it a prefix; `name=value` drops the parameter with that value alone. The
    example is a URL that must come out as https://example.com/a?id=1.
    """

    name: str
    example: str


@dataclass(frozen=True, slots=True)
class SessionParameter:
    """A query parameter that names a visitor's session; the server starts another one without it.

    name as of a `TrackingParameter`; value is a regular expression of the whole value. The example must come out as
    https://example.com/a?id=1.
    """

    name: str
    value: str
    example: str


@dataclass(frozen=True, slots=True)
class Redirector:
    """A counting redirect that carries its target in a parameter."""

    host: str
    path: str
    parameters: tuple[str, ...]
    example: str
    """Must come out as https://example.com/a?id=1."""


@dataclass(frozen=True, slots=True)
class AmpCache:
    """A host that shows copies of others' AMP pages. Both patterns are regular expressions."""

    host: str
    path: str
    """What stands before the page's host and path; the group says that the page is at https."""
    example: str
    """Must come out as https://example.com/a?id=1."""


def _p(name: str, written: str) -> TrackingParameter:
    return TrackingParameter(name, f"https://example.com/a?id=1&{written}")


TRACKING_PARAMETERS: tuple[TrackingParameter, ...] = (
    # Campaign suites
    _p("utm_*", "utm_source=rss&utm_medium=feed"),
    _p("mtm_*", "mtm_campaign=news"),
    _p("pk_*", "pk_campaign=feed"),
    _p("at_*", "at_medium=RSS&at_campaign=KARANGA"),
    _p("ns_*", "ns_mchannel=rss&ns_source=PublicRSS20-sa"),
    _p("wt_mc", "wt_mc=rss.red.ho"),
    _p("wt.mc_id", "WT.mc_id=feed"),
    _p("xtor", "xtor=RSS-3208"),
    _p("cmpid", "cmpid=rss"),
    _p("ocid", "ocid=rss-news"),
    _p("ncid", "ncid=rss"),
    _p("s_cid", "s_cid=rss:1"),
    _p("smid", "smid=url-share"),
    _p("_openstat", "_openstat=cmVnO2Jhbm5lcg"),
    _p("piwik_*", "piwik_campaign=feed"),
    _p("matomo_*", "matomo_campaign=feed"),
    _p("hsa_*", "hsa_cam=1&hsa_src=x"),
    _p("maca", "maca=en-rss-en-all-1573-rdf"),
    _p("cmp", "CMP=share_btn_tw"),
    _p("intcmp", "INTCMP=feed"),
    _p("icid", "ICID=ref_fark"),
    _p("ftag", "ftag=YHF4eb9d17"),
    _p("ftcamp", "ftcamp=published_links/rss/home/feed//product"),
    _p("mbid", "mbid=social_twitter"),
    _p("tpcc", "tpcc=rss"),
    _p("wprov", "wprov=rarw1"),
    _p("sc_camp", "sc_camp=1A2B"),
    _p("trk", "trk=feed-detail"),
    _p("trkcampaign", "trkCampaign=news"),
    _p("itm_*", "itm_source=parsely-api"),
    _p("int_source", "int_source=feed"),
    _p("traffic_source", "traffic_source=rss"),
    _p("pgv_ref", "pgv_ref=aio2015"),
    _p("adtag", "ADTAG=tgi.wx.share"),
    # Advertisement clicks
    _p("gclid", "gclid=Cj0KCQ"),
    _p("gclsrc", "gclsrc=aw.ds"),
    _p("dclid", "dclid=CJ"),
    _p("gbraid", "gbraid=0AAAA"),
    _p("wbraid", "wbraid=CjkK"),
    _p("fbclid", "fbclid=IwAR0"),
    _p("msclkid", "msclkid=1a2b"),
    _p("twclid", "twclid=2-3"),
    _p("ttclid", "ttclid=E.C.P"),
    _p("yclid", "yclid=123"),
    _p("ysclid", "ysclid=l1abc"),
    _p("li_fat_id", "li_fat_id=8f1"),
    _p("rdt_cid", "rdt_cid=12"),
    _p("scclid", "ScClid=ab"),
    _p("bd_vid", "bd_vid=108"),
    _p("_branch_match_id", "_branch_match_id=96"),
    _p("_ga", "_ga=2.1.2"),
    _p("_gl", "_gl=1*abc"),
    # Newsletters
    _p("mc_cid", "mc_cid=3f7a"),
    _p("mc_eid", "mc_eid=9b1c"),
    _p("mkt_tok", "mkt_tok=eyJpIjo"),
    _p("_hsenc", "_hsenc=p2ANqtz"),
    _p("_hsmi", "_hsmi=2468"),
    _p("vero_id", "vero_id=me"),
    _p("oly_enc_id", "oly_enc_id=12"),
    _p("oly_anon_id", "oly_anon_id=12"),
    # Shares
    _p("igshid", "igshid=MzRl"),
    _p("igsh", "igsh=MzRl"),
    _p("ref_src", "ref_src=twsrc%5Etfw"),
    _p("__twitter_impression", "__twitter_impression=true"),
    _p("guce_referrer*", "guce_referrer=aHR0&guce_referrer_sig=AQAA"),
    _p("guccounter", "guccounter=1"),
    _p("sr_share", "sr_share=facebook"),
    _p("fb_action_ids", "fb_action_ids=1"),
    _p("fb_action_types", "fb_action_types=og.likes"),
    _p("fb_ref", "fb_ref=Default"),
    _p("fb_source", "fb_source=feed"),
    _p("soc_src", "soc_src=social-sh"),
    _p("soc_trk", "soc_trk=tw"),
    _p("feature=share", "feature=share"),
    _p("feature=youtu.be", "feature=youtu.be"),
    # Feeds
    _p("ref=rss", "ref=rss"),
    _p("source=rss", "source=rss"),
    _p("partner=rss", "partner=rss"),
    _p("partner=rssnyt", "partner=rssnyt"),
    _p("emc=rss", "emc=rss"),
    _p("from=rss", "from=rss"),
    _p("from=feed", "from=feed"),
    _p("src=rss", "src=rss"),
    _p("mod=rss", "mod=rss"),
    _p("feedtype=rss", "feedType=RSS"),
    _p("feedname=*", "feedName=topNews"),
    _p("rss=1", "rss=1"),
    # Chinese sites and WeChat
    _p("spm", "spm=a2c4e.1153"),
    _p("spm_id_from", "spm_id_from=333.999"),
    _p("vd_source", "vd_source=6f1"),
    _p("share_source", "share_source=copy_web"),
    _p("share_medium", "share_medium=android"),
    _p("from=timeline", "from=timeline"),
    _p("from=singlemessage", "from=singlemessage"),
    _p("from=groupmessage", "from=groupmessage"),
    _p("isappinstalled", "isappinstalled=0"),
    _p("nsukey", "nsukey=Bq3x"),
    _p("wfr", "wfr=spider"),
    _p("mpshare", "mpshare=1"),
    _p("chksm", "chksm=bd2e"),
    _p("sharer_*", "sharer_sharetime=1708388784&sharer_shareid=6f1"),
    _p("share_token", "share_token=9c3d"),
    _p("share_from", "share_from=qq"),
    _p("tt_from", "tt_from=weixin"),
    _p("clickfrom", "clickfrom=w_yw"),
    _p("spss", "spss=newsapp"),
    _p("spssid", "spssid=1a2b"),
    _p("scm", "scm=1002.0.0.0"),
    # A page for phones or for AMP's cache: without it the page opens as well, and is the one page for all
    _p("amp=1", "amp=1"),
    _p("amp=true", "amp=true"),
    _p("outputtype=amp", "outputType=amp"),
    _p("output=amp", "output=amp"),
)

SESSION_PARAMETERS: tuple[SessionParameter, ...] = (
    SessionParameter("jsessionid", r".*", "https://example.com/a?jsessionid=1A2B3C.node1&id=1"),
    SessionParameter("phpsessid", r".*", "https://example.com/a?PHPSESSID=9f86d081884c7d659a2feaa0c5&id=1"),
    SessionParameter("aspsessionid*", r".*", "https://example.com/a?ASPSESSIONIDQQABCD=KLMN&id=1"),
    SessionParameter("cfid", r"\d+", "https://example.com/a?CFID=1234&id=1"),
    SessionParameter("cftoken", r"[\w-]{6,}", "https://example.com/a?CFTOKEN=56789012&id=1"),
    SessionParameter("oscsid", r"\w{20,}", "https://example.com/a?osCsid=9f86d081884c7d659a2feaa0c5&id=1"),
    SessionParameter("zenid", r"\w{20,}", "https://example.com/a?zenid=9f86d081884c7d659a2feaa0c5&id=1"),
    # Names that others use for a page: a session where the value is a long random one alone
    SessionParameter("sid", r"[0-9a-f]{26,64}", "https://example.com/a?sid=9f86d081884c7d659a2feaa0c55ad015&id=1"),
    SessionParameter("sessionid", r"[\w-]{16,}", "https://example.com/a?sessionid=9f86d081884c7d65&id=1"),
    SessionParameter("session_id", r"[\w-]{16,}", "https://example.com/a?session_id=9f86d081884c7d65&id=1"),
)

REDIRECTORS: tuple[Redirector, ...] = (
    Redirector(
        "www.google.com",
        "/url",
        ("url", "q"),
        "https://www.google.com/url?rct=j&sa=t&url=https://example.com/a%3Fid%3D1&ct=ga&cd=CAI",
    ),
    Redirector(
        "www.bing.com",
        "/news/apiclick.aspx",
        ("url",),
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url=https%3a%2f%2fexample.com%2fa%3fid%3d1&c=2",
    ),
    Redirector(
        "www.google.com.hk",
        "/url",
        ("url", "q"),
        "https://www.google.com.hk/url?sa=t&url=https://example.com/a%3Fid%3D1",
    ),
    Redirector(
        "www.youtube.com",
        "/redirect",
        ("q",),
        "https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1",
    ),
    Redirector(
        "t.umblr.com", "/redirect", ("z",), "https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1&t=Y"
    ),
    Redirector("vk.com", "/away.php", ("to",), "https://vk.com/away.php?to=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1"),
    Redirector("link.zhihu.com", "/", ("target",), "https://link.zhihu.com/?target=https%3A//example.com/a%3Fid%3D1"),
    Redirector(
        "l.instagram.com", "/", ("u",), "https://l.instagram.com/?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1&e=AT"
    ),
    Redirector(
        "lm.facebook.com", "/l.php", ("u",), "https://lm.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1"
    ),
    Redirector(
        "l.facebook.com", "/l.php", ("u",), "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1&h=AT"
    ),
)

AMP_CACHES: tuple[AmpCache, ...] = (
    AmpCache(r"www\.google\.(?:com?\.)?[a-z]{2,3}", r"/amp/(s/)?", "https://www.google.com/amp/s/example.com/a?id=1"),
    AmpCache(
        r"[a-z0-9-]+\.cdn\.ampproject\.org",
        r"/[cvi]/(s/)?",
        "https://example-com.cdn.ampproject.org/c/s/example.com/a?id=1",
    ),
    AmpCache(r"[a-z0-9-]+\.bing-amp\.com", r"/[cv]/(s/)?", "https://example-com.bing-amp.com/c/s/example.com/a?id=1"),
)

_WHOLE = frozenset(row.name for row in TRACKING_PARAMETERS if not row.name.endswith("*"))
_PREFIXES = tuple(row.name[:-1] for row in TRACKING_PARAMETERS if row.name.endswith("*"))
_SESSIONS = {row.name.removesuffix("*"): re.compile(row.value, re.IGNORECASE) for row in SESSION_PARAMETERS}
_SESSION_PREFIXES = tuple(row.name[:-1] for row in SESSION_PARAMETERS if row.name.endswith("*"))
_REDIRECTORS = {(row.host, row.path): row.parameters for row in REDIRECTORS}
_AMP_CACHES = tuple((re.compile(row.host), re.compile(row.path)) for row in AMP_CACHES)


def is_tracking(parameter: str) -> bool:
    """Whether a query's part, as written (`name=value`), is for bookkeeping or a session alone."""
    written = parameter.lower()
    name, _, value = written.partition("=")
    if name in _WHOLE or written in _WHOLE or written.startswith(_PREFIXES):
        return True
    session = _SESSIONS.get(name)
    return session.fullmatch(value) is not None if session else name.startswith(_SESSION_PREFIXES)


def target_parameters(host: str, path: str) -> tuple[str, ...]:
    """The parameters in which a redirector of this address carries its target; none where it is none."""
    return _REDIRECTORS.get((host, path), ())


def cached_by_amp(host: str, path: str) -> str:
    """The URL, without its query, of the page that a copy in AMP's cache was made of; "" where it is none."""
    if not host.startswith("www.google.") and not host.endswith(("ampproject.org", "bing-amp.com")):
        return ""
    for cache, prefix in _AMP_CACHES:
        if cache.fullmatch(host) and (match := prefix.match(path)):
            return f"http{'s' if match[1] else ''}://{path[match.end() :]}"
    return ""
