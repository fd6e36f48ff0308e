"""What columns and keys are called, here and elsewhere."""

from __future__ import annotations

import re

KEYS = {
    "name": "name watchlist topic searchname title alert alertname campaign monitor project group "
    "名称 名稱 主题 主題 监测主题",
    "terms": "term phrase keyword 关键词 關鍵詞 关键字 關鍵字 词语",
    "queries": "query querie boolean booleanquery booleansearch search searchstring searchquery expression rule "
    "keeprule 检索式 检索词 查询 查詢",
    "exclude": "exclude excluded exclusion not without none negative excludedkeyword negativekeyword block blockrule "
    "排除 排除词 排除詞",
    "exclude_queries": "excludequery excludequerie",
    "languages": "language lang 语言 語言",
    "sources": "source feed 来源 來源",
    "tags": "tag label category 标签 標籤",
    "synonyms": "synonym 同义词 同義詞",
    "owner": "owner contact responsible 负责人 負責人",
    "description": "description note comment remark 说明 說明 备注 備註",
    "priority": "priority importance 优先级 優先級",
    "mode": "mode",
    "min_score": "minscore minimumscore",
    "enabled": "enabled active",
    "exact": "exact casesensitive",
    "stem": "stem stemming",
}
"""Our keys, and how people write them: in small letters, without blanks, signs and a plural's s."""

_KNOWN = {called: key for key, names in KEYS.items() for called in names.split()}


def key_of(called: str) -> str | None:
    """Our key for a column or key of a file; None for one that is not known."""
    plain = re.sub(r"[\W_]+", "", called).lower()
    plain = re.sub(r"(?<=.)[sS]$", "", re.sub(r"\(s\)$", "", plain))
    return _KNOWN.get(plain)


YES = frozenset({"true", "yes", "y", "1", "on", "active", "enabled", "x", "是"})
NO = frozenset({"false", "no", "n", "0", "off", "inactive", "disabled", "paused", "否", ""})
"""What people write for on and off."""
