"""Write one-story.md: seven documents as they come, and what feedwatch makes of them.

python docs/make_one_story.py            write it
python docs/make_one_story.py --check    exit with 1 if it is not what would be written

A folder of its own, a database of its own, and the commands that anybody would call.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

TARGET = Path(__file__).with_name("one-story.md")
FEEDS = Path(__file__).with_name("one-story")
SAMPLE = Path(__file__).parents[1] / "samples" / "jiangmen-republished.xml"
ONE_BY_ONE = """
import json, sys
from feedwatch.cli.app import app
for words in json.loads(sys.argv.pop()):
    app(words, standalone_mode=False)
    print(end="\\0")
"""
WHAT_WAS_DONE = {
    "0-the-sample": "as a scraper republished it: debris in front, a time without a zone and a row of tags behind",
    "1-another-headline": "another headline and dateline; a share button and a footer behind",
    "2-escaped-twice": "HTML that was escaped twice, a counting pixel, the address for phones, and “Read more”",
    "3-teaser": "sixty words of it, under a headline of its own",
    "4-updated-figures": "two figures changed, the dateline and a part left out, plain quotes, the editor's name",
    "5-mojibake": "quotes that were decoded wrongly, a headline that shouts, an advertisement and tags behind",
    "6-the-chinese-original": "the short report in Chinese that all of them go back to",
}
HEAD = """\
# One story, told once

The article of `samples/` as one site republished it, five further republications as sites make them, and a report in
Chinese on the same meeting. `python docs/make_one_story.py` polls them into an empty database and writes this page; the
documents lie in [one-story/](one-story). They are synthetic but for the article itself.

## Before: seven documents
"""


def write_page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        documents = {"0-the-sample": SAMPLE} | {path.stem: path for path in sorted(FEEDS.glob("*.xml"))}
        place.joinpath("config.yaml").write_text(_config(documents), encoding="utf-8")
        # One after the other, so that they are numbered alike every time.
        *_, exported = _feedwatch(place, *(("poll", name) for name in documents), ("items", "--export", "jsonl"))
        items = [json.loads(line) for line in exported.splitlines()]
        # The sample's feed carries two small items beside the article.
        whole = {item["source"]: item for item in items if not item["title"].startswith(("Kaiping", "Xinhui"))}
        story = whole["0-the-sample"]["story_id"]
        (shown,) = _feedwatch(place, ("stories", str(story)))
    after = _after({name: whole[name] for name in documents})
    return "\n".join([HEAD, *_before(documents), *after, *_told(shown, story)])


def _config(documents: dict[str, Path]) -> str:
    lines = [
        "watchlists:",
        "  - {name: High-quality development, terms: [high-quality development, 高质量发展]}",
        "sources:",
    ]
    for name, path in documents.items():
        language = "zh-CN" if "chinese" in name else "en"
        lines.append(f"  - {{name: {name}, path: {path}, timezone: Asia/Shanghai, language: {language}}}")
    return "\n".join(lines) + "\n"


def _feedwatch(place: Path, *calls: Sequence[str]) -> list[str]:
    """What each of these calls prints; in one process, as starting takes longer than the work."""
    told = json.dumps([[*words, "--config", str(place / "config.yaml")] for words in calls])
    command = [sys.executable, "-c", ONE_BY_ONE, told]
    environment = os.environ | {"TZ": "Asia/Shanghai", "COLUMNS": "100", "NO_COLOR": "1", "FEEDWATCH_DATA": "data"}
    called = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=place)
    if called.returncode != 0:
        raise SystemExit(f"{told}: {called.stdout}{called.stderr}")
    return called.stdout.split("\0")[:-1]


def _before(documents: dict[str, Path]) -> Iterator[str]:
    for name, path in documents.items():
        item = etree.parse(path).find("channel/item")
        if item is None:
            raise SystemExit(f"{path} holds no item")
        text = item.findtext("description") or ""
        yield f"**{name}**: {WHAT_WAS_DONE[name]}.\n"
        yield f"```\n{item.findtext('title')}\n{item.findtext('link')}\n{item.findtext('pubDate') or '(no date)'}\n"
        yield f"{_ends(text.strip())}\n```\n"


def _after(whole: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield "## After: seven items\n"
    for name, item in whole.items():
        facts = {
            "published": f"{item['published_at']} (from: {item['published_from']})",
            "language": item["language"],
            "authors": ", ".join(item["authors"]),
            "place": item["place"],
            "origin": item["origin"],
            "tags": ", ".join(item["tags"]),
            "story": item["story_id"],
        }
        yield f"**{name}**\n"
        yield f"```\n{item['title']}\n{item['url']}"
        yield "\n".join(f"{fact}: {value}" for fact, value in facts.items() if value) + "\n"
        yield f"{_ends(item['text'])}\n```\n"


def _told(shown: str, story: int) -> Iterator[str]:
    yield "## One story\n"
    yield f"What `feedwatch stories {story}` says:\n"
    yield f"```\n{shown.rstrip()}\n```"
    yield ""


def _ends(text: str, start: int = 240, end: int = 160) -> str:
    if len(text) <= start + end:
        return text
    return f"{text[:start].rstrip()}\n[... {len(text) - start - end:,} characters ...]\n{text[-end:].lstrip()}"


def main() -> int:
    """Write or check; the exit code."""
    wanted = write_page()
    if "--check" in sys.argv[1:]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{TARGET} is stale; run: make docs", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
