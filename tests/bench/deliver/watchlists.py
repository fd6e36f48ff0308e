"""Fifty watchlists as monitors keep them, of what the news of the corpus is about: from rare topics to broad ones."""

from __future__ import annotations

from feedwatch.model import WatchlistDef

_QUERIES = {
    "Artificial intelligence": '"artificial intelligence" OR AI OR "machine learning" OR 人工智能',
    "Language models": 'LLM* OR "language model*" OR ChatGPT OR OpenAI OR Claude OR Gemini',
    "Security": '(security OR vulnerab*) AND NOT "social security"',
    "Breaches and attacks": 'breach* OR ransomware OR malware OR phishing OR (attack* NEAR/6 "system*")',
    "Open source": '"open source" OR "free software" OR GPL',
    "Linux": "Linux OR Ubuntu OR Debian OR Fedora",
    "Python": 'Python AND NOT "Monty Python"',
    "Rust and Go": 'Rust OR golang OR "Go language"',
    "JavaScript": "JavaScript OR TypeScript OR Node* OR React",
    "Web platform": "CSS OR HTML OR WebAssembly OR browser*",
    "Databases": "PostgreSQL OR Postgres OR SQLite OR MySQL OR database*",
    "Cloud": "AWS OR Azure OR Kubernetes OR Docker OR serverless",
    "Apple": "Apple AND (iPhone OR iOS OR Mac OR iPad OR watch)",
    "Google": "Google OR Android OR Chrome",
    "Microsoft": "Microsoft OR Windows OR Xbox",
    "Amazon": 'Amazon AND NOT "Amazon river"',
    "Social networks": "Twitter OR Facebook OR Mastodon OR Bluesky OR Instagram OR TikTok",
    "Video and streaming": "YouTube OR Netflix OR streaming OR podcast*",
    "Games": "(game OR games OR gaming) AND (play* OR studio OR release*)",
    "Chips": '(chip OR chips OR semiconductor* OR 芯片) AND NOT "chocolate chip"',
    "Hardware": "CPU OR GPU OR laptop* OR motherboard OR keyboard*",
    "Privacy": "privacy OR GDPR OR surveillance OR tracking",
    "Law and courts": "court OR lawsuit OR judge OR 法院",
    "Elections": "election* OR vote OR voters OR ballot",
    "United States": 'Trump OR Biden OR Congress OR "White House"',
    "China": "China OR Chinese OR Beijing OR 中国",
    "Greater Bay Area": '"Greater Bay Area" OR GBA OR 大湾区 OR Shenzhen OR Guangzhou',
    "Hong Kong": '"Hong Kong" OR 香港',
    "High-quality development": '"high-quality development" OR 高质量发展 OR 高质量',
    "India": "India OR Indian OR Delhi OR Mumbai",
    "Europe": 'Europe OR "European Union" OR Brussels OR Germany OR France',
    "Russia and Ukraine": "Russia* OR Ukrain* OR Putin OR Kyiv",
    "Middle East": "Israel* OR Gaza OR Iran OR Syria",
    "Trade": "tariff* OR export* OR import* OR 贸易",
    "Economy": "(economy OR inflation OR GDP OR 经济) AND NOT games",
    "Markets": '"stock market" OR shares OR investor* OR IPO',
    "Banks and money": '"central bank" OR bank OR banks OR bitcoin OR crypto* OR 银行',
    "Start-ups": 'startup* OR founder* OR "venture capital"',
    "Energy": "solar OR nuclear OR battery OR batteries OR electricity",
    "Climate": '"climate change" OR emissions OR carbon OR "global warming"',
    "Transport": "railway OR train OR bridge OR airport OR 高铁 OR 铁路",
    "Cars": "Tesla OR car OR cars OR 汽车",
    "Space": "NASA OR SpaceX OR satellite* OR telescope",
    "Science": '(study NEAR/5 found) OR researchers OR "new research"',
    "Health": "health OR hospital OR vaccine* OR covid*",
    "Education": "school OR schools OR university OR students",
    "Books and writing": "(book OR books OR novel) AND (read OR reading OR author OR writing)",
    "Music": "music OR album OR band",
    "Food and travel": "restaurant* OR recipe* OR travel* OR hotel*",
    "Work": '"remote work" OR hiring OR layoff* OR salary OR productivity',
}


def fifty_watchlists() -> tuple[WatchlistDef, ...]:
    """Each with one query of feedwatch's language; a quarter of them stand before the others in a digest."""
    return tuple(
        WatchlistDef(name, queries=(query,), priority=int(number % 4 == 0))
        for number, (name, query) in enumerate(_QUERIES.items())
    )
