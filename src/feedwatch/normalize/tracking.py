"""What is in a URL for the sender's bookkeeping alone. A table: add a row with its example, and the test reads it."""

from __future__ import annotations

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
class Redirector:
    """A counting redirect that carries its target in a parameter."""

    host: str
    path: str
    parameters: tuple[str, ...]
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
    # Feeds
    _p("ref=rss", "ref=rss"),
    _p("source=rss", "source=rss"),
    _p("partner=rss", "partner=rss"),
    _p("partner=rssnyt", "partner=rssnyt"),
    _p("emc=rss", "emc=rss"),
    _p("from=rss", "from=rss"),
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
        "l.facebook.com", "/l.php", ("u",), "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D1&h=AT"
    ),
)

_WHOLE = frozenset(row.name for row in TRACKING_PARAMETERS if not row.name.endswith("*"))
_PREFIXES = tuple(row.name[:-1] for row in TRACKING_PARAMETERS if row.name.endswith("*"))
_REDIRECTORS = {(row.host, row.path): row.parameters for row in REDIRECTORS}


def is_tracking(parameter: str) -> bool:
    """Whether a query's part, as written (`name=value`), is for bookkeeping alone."""
    written = parameter.lower()
    name = written.partition("=")[0]
    return name in _WHOLE or written in _WHOLE or name.startswith(_PREFIXES)


def target_parameters(host: str, path: str) -> tuple[str, ...]:
    """The parameters in which a redirector of this address carries its target; none where it is none."""
    return _REDIRECTORS.get((host, path), ())
