"""What an admin reads when config.yaml is wrong: every problem at once, each with its line and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedwatch.config import load
from feedwatch.errors import ConfigError
from feedwatch.match.stem import languages
from tests.unit.config.conftest import LoadText, ProblemsIn

FETCH_KEYS = (
    "timeout, connect_timeout, max_body, max_redirects, concurrency, per_host, contact, allow_private_hosts, proxy, "
    "pages_per_poll, bridges"
)
SOURCE_KEYS = (
    "name, title, url, path, kind, selectors, full_text, archive_pages, rules_off, preferred, weight, keep, "
    "keep_items, push, headers, cookies, auth, proxy, language, timezone, interval, tags, enabled"
)
TOP_KEYS = (
    "data_dir, database, log, fetch, poll, items, stories, digest, mail, channels, web, retention, sources, synonyms, "
    "watchlists, subscribers"
)
DURATION = "expected a duration with its unit, such as 30s, 15m, 2h or 1d"
LIST = "expected a list (lines that begin with '- ')"
MAPPING = "expected a mapping (lines of 'key: value')"
SCHEDULE = (
    "expected instant, hourly, daily, weekly, or a cron line of five fields "
    "(minute, hour, day of month, month, day of week); this has "
)
FIRST = "subscribers[0].subscriptions[0]"
UNIQUE = "has it already, and it must be unique"
UNKNOWN = "but no watchlist has this name"
SECRET = "a password must not stand in this file; write "
SMTP_SECRET = f"1: mail.smtp.password: {SECRET}${{SMTP_PASSWORD}}, or use password_file"
DATABASE_SECRET = f"1: database: {SECRET}${{DATABASE_URL}} or ...:${{PASSWORD}}@..."

WATCHLIST = "watchlists: [{name: a, terms: [x]"
QUERIES = "watchlists: [{name: a, queries: ["
WATCHLIST_KEYS = (
    "name, description, owner, terms, queries, exclude, mode, languages, sources, tags, min_score, priority, synonyms, "
    "enabled"
)
SOURCE = "sources: [{name: a, url: https://a.example/"

PROBLEMS: dict[str, list[tuple[str, list[str]]]] = {
    "delivery": [
        (
            "mail: {smtp: {host: a, domains: {gmail.com: 0}}}",
            ["1: mail.smtp.domains.gmail.com: found 0, expected at least 1"],
        ),
        (
            "mail: {bounces: {imap: {host: a, username: me, password: secret}}}",
            [
                "1: mail.bounces.imap.password: a password must not stand in this file; write ${IMAP_PASSWORD}, "
                "or use password_file"
            ],
        ),
        (
            "mail: {bounces: {imap: {host: a, username: me}}}",
            ["1: mail.bounces.imap: expected either password or password_file"],
        ),
        (
            "mail: {bounces: {hook_token: a-secret-of-16-or-more}}",
            ["1: mail.bounces.hook_token: a token must not stand in this file; write ${BOUNCE_TOKEN}"],
        ),
        (
            "mail: {dkim: {domain: a b, selector: s, key_file: none.pem}}",
            [
                "1: mail.dkim.domain: found 'a b', expected a domain such as news.example.org",
                "1: mail.dkim.key_file: found 'none.pem', there is no such file: none.pem",
            ],
        ),
        ("channels: {chat: {}}", ["1: channels.chat: expected either apprise or webhook"]),
        (
            "channels: {chat: {webhook: 'https://a.example/'}}",
            ["1: channels.chat: expected a secret for a webhook, and for nothing else"],
        ),
        (
            "channels: {chat: {webhook: 'https://a.example/', secret: abc}}",
            ["1: channels.chat.secret: a secret must not stand in this file; write ${WEBHOOK_SECRET}"],
        ),
        (
            "channels: {chat: {apprise: 'slack://a/b/c'}}",
            [
                "1: channels.chat.apprise: a URL must not stand in this file whole: "
                "write what is secret in it as ${VARIABLE}"
            ],
        ),
        (
            "channels: {mail: {apprise: 'slack://${EMPTY}'}}",
            ["1: channels.mail: this name is taken: it stands for mail itself"],
        ),
        (
            "channels: {Mail: {apprise: 'slack://${EMPTY}'}}",
            ["1: channels.Mail: this name is taken: it stands for mail itself"],
        ),
        (
            "subscribers: [{name: A, email: a@example.org, quiet_hours: '22-7', subscriptions: [{channels: [chat]}]}]",
            [
                "1: subscribers[0].quiet_hours: found '22-7', expected two times of day, such as 22:00-07:00",
                "1: subscribers[0].subscriptions[0].channels[0]: found 'chat', but no channel has this name; "
                "declared are: mail",
            ],
        ),
        (
            "subscribers: [{name: A, email: a@example.org, quiet_hours: '7:00-07:00'}]",
            [
                "1: subscribers[0].quiet_hours: found '7:00-07:00', "
                "expected two times that differ: nothing would ever be sent"
            ],
        ),
        (
            "web: {signup: {watchlists: [Chips]}}",
            ["1: web.signup.watchlists[0]: found 'Chips', but no watchlist has this name; declared are: none"],
        ),
    ],
    "ages": [("retention: {items: ever}", [f"1: retention.items: found 'ever', {DURATION}, or forever"])],
    "unknown keys": [
        (
            "fetch:\n  time_out: 3s",
            [f"2: fetch.time_out: unknown key; did you mean 'timeout'? allowed here: {FETCH_KEYS}"],
        ),
        ("\n\nfetchh: {}", [f"3: fetchh: unknown key; did you mean 'fetch'? allowed here: {TOP_KEYS}"]),
        ("zzz: 1", [f"1: zzz: unknown key; allowed here: {TOP_KEYS}"]),
        (
            """\
            sources:
              - name: a
                url: https://example.org/

              - name: b
                url: https://example.org/
                titel: B
            """,
            [f"7: sources[1].titel: unknown key; did you mean 'title'? allowed here: {SOURCE_KEYS}"],
        ),
        (
            "{1: x, on: y}",
            [f"1: 1: unknown key; allowed here: {TOP_KEYS}", f"1: on: unknown key; allowed here: {TOP_KEYS}"],
        ),
        ("? [a, b]\n: c", ["1: the key in line 1 is no plain text"]),
    ],
    "access to sources": [
        (
            f"{SOURCE}, headers: {{Cookie: a=b}}}}]",
            ["1: sources[0].headers.Cookie: this key is not allowed: expected cookies to be used instead"],
        ),
        (
            f"{SOURCE}, headers: {{Host: a}}}}]",
            [
                "1: sources[0].headers.Host: this key is not allowed: "
                "expected another header: this one is feedwatch's to set"
            ],
        ),
        (
            f'{SOURCE}, headers: {{X-A: "k\\nb"}}}}]',
            ["1: sources[0].headers.X-A: found something else, expected one line of latin-1 text"],
        ),
        (
            f"{SOURCE}, auth: {{username: me, password: secret}}}}]",
            ["1: sources[0].auth.password: a password must not stand in this file; write ${PASSWORD}"],
        ),
        (
            f"{SOURCE}, auth: {{token: secret}}}}]",
            ["1: sources[0].auth.token: a token must not stand in this file; write ${TOKEN}"],
        ),
        (f"{SOURCE}, auth: {{username: me}}}}]", ["1: sources[0].auth: expected a password for the username"]),
        (
            f"{SOURCE}, proxy: 'socks5://a'}}]",
            [
                "1: sources[0].proxy: found something else, expected the URL of an HTTP proxy, such as http://proxy.example:3128"
            ],
        ),
        (
            f"{SOURCE}, proxy: 'http://me:secret@a:1'}}]",
            ["1: sources[0].proxy: a password must not stand in this file; write http://...:${PASSWORD}@..."],
        ),
        (f"{SOURCE}, kind: page}}]", ["1: sources[0]: expected selectors for a page, and for nothing else"]),
        (
            f"{SOURCE}, kind: page, selectors: {{item: 'li['}}}}]",
            [
                "1: sources[0].selectors.item: found 'li[', "
                "expected a CSS selector, such as `ul.news > li`; 'li[' is none that is known"
            ],
        ),
        ("web: {listen: 8080}", ["1: web.listen: found 8080, expected text (put it in quotes)"]),
    ],
    "rhythm": [
        (
            "poll: {max_interval: 1m}",
            ["1: poll: expected a min_interval that is no longer than max_interval"],
        ),
    ],
    "wrong types": [
        ("fetch: {concurrency: many}", ["1: fetch.concurrency: found 'many', expected a whole number"]),
        ("fetch: {concurrency: 2.5}", ["1: fetch.concurrency: found 2.5, expected a whole number"]),
        ("fetch: {concurrency: .inf}", ["1: fetch.concurrency: found .inf, expected a whole number"]),
        (
            "sources: [{name: a, url: https://a.example/, push: perhaps}]",
            ["1: sources[0].push: found 'perhaps', expected true or false"],
        ),
        ("fetch: {max_body: big}", ["1: fetch.max_body: found 'big', expected a size such as 500KB or 10MB"]),
        ("fetch: {max_body: 0}", ["1: fetch.max_body: found 0, expected a size above zero"]),
        ("fetch: 3", [f"1: fetch: found 3, {MAPPING}"]),
        ("log: [a]", [f"1: log: found a list, {MAPPING}"]),
        ("sources: x", [f"1: sources: found 'x', {LIST}"]),
        ("sources: {name: x}", [f"1: sources: found a mapping, {LIST}"]),
        ("sources:\n  - just text", [f"2: sources[0]: found 'just text', {MAPPING}"]),
        ("watchlists:\n  - name: a\n    terms: x", [f"3: watchlists[0].terms: found 'x', {LIST}"]),
        (
            "watchlists:\n  - name: a\n    terms: [x, no, 2026]",  # as written, not as YAML reads it
            [
                "3: watchlists[0].terms[1]: found no, expected text (put it in quotes)",
                "3: watchlists[0].terms[2]: found 2026, expected text (put it in quotes)",
            ],
        ),
        ("database: [x]", ["1: database: found a list, expected text (put it in quotes)"]),
        ("data_dir: 5", ["1: data_dir: found 5, expected the path of a file or folder"]),
        (
            "fetch: {concurrency: 0x_}",
            ["1: fetch.concurrency: found 0x_, which cannot be read as a number; put it in quotes"],
        ),
    ],
    "out of range": [
        ("fetch: {concurrency: 0}", ["1: fetch.concurrency: found 0, expected at least 1"]),
        ("fetch: {max_redirects: 21}", ["1: fetch.max_redirects: found 21, expected at most 20"]),
        (
            "log: {level: verbose}",
            ["1: log.level: found 'verbose', expected one of 'debug', 'info', 'warning' or 'error'"],
        ),
        (
            f"sources: [{{name: {'x' * 81}, url: https://example.org}}]",
            [f"1: sources[0].name: found '{'x' * 57}...', expected at most 80 characters"],
        ),
        ("watchlists: [{name: '', terms: [x]}]", ["1: watchlists[0].name: found '', expected some text"]),
        ("mail: {smtp: {host: ''}}", ["1: mail.smtp.host: found '', expected some text"]),
    ],
    "durations": [
        ("fetch: {timeout: 10}", [f"1: fetch.timeout: found 10, {DURATION}"]),
        ("fetch: {timeout: 10 parsecs}", [f"1: fetch.timeout: found '10 parsecs', {DURATION}"]),
        ("fetch: {timeout: 1:30}", [f"1: fetch.timeout: found '1:30', {DURATION}"]),  # YAML 1.1 has it as 90
        ("fetch: {timeout: true}", [f"1: fetch.timeout: found true, {DURATION}"]),
        ("fetch:\n  timeout:", [f"2: fetch.timeout: found nothing, {DURATION}"]),
        ("fetch: {timeout: 0s}", ["1: fetch.timeout: found '0s', expected a duration above zero"]),
        (
            "poll: {interval: 999999999w}",
            ["1: poll.interval: found '999999999w', expected a duration of at most 36500d"],
        ),
    ],
    "forms of text": [
        (
            "sources: [{name: My Source, url: https://example.org}]",
            [
                (
                    "1: sources[0].name: found 'My Source', "
                    "expected small letters, digits, dots, - and _ alone, such as rthk-local-en"
                )
            ],
        ),
        (
            "sources: [{name: a, url: ftp://example.org}]",
            ["1: sources[0].url: found 'ftp://example.org', expected a URL that begins with http:// or https://"],
        ),
        (
            "sources: [{name: a, url: https://example.org, language: Chinese (HK)}]",
            ["1: sources[0].language: found 'Chinese (HK)', expected a language tag such as en or zh-Hant"],
        ),
        (
            "sources: [{name: a, url: https://example.org, timezone: Peking}]",
            ["1: sources[0].timezone: found 'Peking', expected an IANA time zone such as Asia/Hong_Kong or UTC"],
        ),
        (
            "subscribers: [{name: A, email: nobody}]",
            ["1: subscribers[0].email: found 'nobody', expected a mail address such as me@example.org"],
        ),
        (
            'subscribers: [{name: A, email: "a@example.org\\nBcc: b@example.org"}]',
            [
                (
                    "1: subscribers[0].email: found 'a@example.org\\nBcc: b@example.org', "
                    "expected a mail address such as me@example.org"
                )
            ],
        ),
        (
            'subscribers: [{name: "A\\nB", email: a@example.org}]',
            ["1: subscribers[0].name: found 'A\\nB', expected one line of text with no space at its ends"],
        ),
        (
            "mail: {list_domain: a b}",
            ["1: mail.list_domain: found 'a b', expected a domain such as news.example.org"],
        ),
        (
            "fetch: {contact: call me}",
            ["1: fetch.contact: found 'call me', expected a URL or mail address without spaces, in ASCII"],
        ),
        (
            "database: feedwatch.db",
            [
                "1: database: found something else, expected a URL such as sqlite:///feedwatch.db or postgresql://host/feedwatch"
            ],
        ),
        ('data_dir: "a\\0b"', ["1: data_dir: found 'a\\x00b', expected a path, which holds no NUL character"]),
        (
            'watchlists: [{name: a, terms: ["\\ud800"]}]',
            ["1: watchlists[0].terms[0]: holds a character that is no character (half of a surrogate pair)"],
        ),
    ],
    "what must be given": [
        ("sources:\n  - url: https://example.org", ["2: sources[0].name: missing; this key must be given"]),
        ("mail:\n\n  smtp:\n    port: 25", ["3: mail.smtp.host: missing; this key must be given"]),
        (
            "sources:\n  - name: a\n  - name: b",
            ["2: sources[0]: expected either url or path", "3: sources[1]: expected either url or path"],
        ),
        (
            "watchlists:\n  - name: a\n    description: b",
            ["2: watchlists[0]: expected at least one entry in terms or queries"],
        ),
        (
            "sources:\n  - name: a\n    path: none.xml",
            ["3: sources[0].path: found 'none.xml', there is no such file: none.xml"],
        ),
    ],
    "schedules": [
        (
            "subscribers:\n  - name: A\n    email: a@example.org\n    subscriptions:\n      - schedule: 61 * * * *",
            ["5: subscribers[0].subscriptions[0].schedule: found '61 * * * *', the minute 61 is not in 0-59"],
        ),
        (
            "subscribers: [{name: A, email: a@example.org, subscriptions: [{schedule: often}]}]",
            [f"1: {FIRST}.schedule: found 'often', {SCHEDULE}1"],
        ),
    ],
    "queries": [
        (
            "watchlists:\n  - name: a\n    queries:\n      - x\n      - chip AND (export OR",
            [
                (
                    "5: watchlists[0].queries[1]: OR has nothing after it: the query ends, expected a word, "
                    "a phrase or a parenthesis\n"
                    "  chip AND (export OR\n"
                    "                   ^"
                )
            ],
        ),
        (
            "watchlists:\n  - name: a\n    terms: [x]\n    exclude: ['\"b']",
            [
                (
                    "4: watchlists[0].exclude[0]: this quotation mark has no partner: expected a closing one after the "
                    'phrase\n  "b\n  ^'
                )
            ],
        ),
        (
            "watchlists:\n  - name: a\n    terms: ['']",
            ["3: watchlists[0].terms[0]: found '', the term is empty: expected words to find"],
        ),
    ],
    "names": [
        (
            "watchlists:\n  - name: A\n    terms: [x]\n  - name: a\n    terms: [y]",
            [f"4: watchlists[1].name: found 'a' a second time; watchlists[0] {UNIQUE}"],
        ),
        (
            "sources:\n  - {name: a, url: https://example.org/1}\n  - {name: a, url: https://example.org/2}",
            [f"3: sources[1].name: found 'a' a second time; sources[0] {UNIQUE}"],
        ),
        (
            "subscribers:\n  - {name: A, email: a@example.org}\n  - {name: B, email: A@example.org}",
            [f"3: subscribers[1].email: found 'A@example.org' a second time; subscribers[0] {UNIQUE}"],
        ),
        (
            "subscribers:\n- name: A\n  email: a@example.org\n  subscriptions: [\n   {}, {schedule: weekly}]",
            [f"5: subscribers[0].subscriptions[1].name: missing, and so 'Digest' a second time; {FIRST} {UNIQUE}"],
        ),
        (
            """\
            watchlists:
              - {name: Greater Bay Area, terms: [GBA]}
            subscribers:
              - name: A
                email: a@example.org
                subscriptions:
                  - watchlists:
                      - Greater Bay Area
                      - Greter Bay
                      - Trade
            """,
            [
                f"10: {FIRST}.watchlists[2]: found 'Trade', {UNKNOWN}; declared are: Greater Bay Area",
                f"9: {FIRST}.watchlists[1]: found 'Greter Bay', {UNKNOWN}; did you mean 'Greater Bay Area'?",
            ],
        ),
        (
            "subscribers: [{name: A, email: a@example.org, subscriptions: [{watchlists: [x]}]}]",
            [f"1: {FIRST}.watchlists[0]: found 'x', {UNKNOWN}; declared are: none"],
        ),
    ],
    "secrets": [
        ("mail: {smtp: {host: a, password: hunter2}}", [SMTP_SECRET]),
        ("mail: {smtp: {host: a, password: '${P:-hunter2}'}}", [SMTP_SECRET]),
        ("mail: {smtp: {host: a, password: 'hunter${EMPTY}'}}", [SMTP_SECRET]),
        (
            "mail: {smtp: {host: a, password: 1234}}",  # nor is it shown
            [SMTP_SECRET, "1: mail.smtp.password: found something else, expected text (put it in quotes)"],
        ),
        ("database: postgresql://me:hunter2@db/feedwatch", [DATABASE_SECRET]),
        ("database: postgresql://me:hunter2@${HOST:-db}/feedwatch", [DATABASE_SECRET]),
        ("database: postgresql://me:${P:-hunter2}@db/feedwatch", [DATABASE_SECRET]),
        ("database: ${URL:-postgresql://me:hunter2@db/feedwatch}", [DATABASE_SECRET]),
        ("database: postgresql:///feedwatch?password=hunter2", [DATABASE_SECRET]),
    ],
    "variables": [
        ("data_dir: ${NONE}", ["1: data_dir: the environment variable NONE is not set"]),
        ("fetch:\n  concurrency: ${NONE}", ["2: fetch.concurrency: the environment variable NONE is not set"]),
        (
            "database: postgresql://${ONE}:${TWO}@db/x",
            [
                "1: database: the environment variable ONE is not set",
                "1: database: the environment variable TWO is not set",
            ],
        ),
    ],
    "YAML": [
        ("log: {}\nfetch: {}\nlog: {}", ["3: log: given twice; first in line 1"]),
        ("log:\n  level: info\n  format: auto\n  level: debug", ["4: log.level: given twice; first in line 2"]),
        ("log:\n  level: info\n fetch: {}", ["3: not valid YAML: the indentation does not fit the lines above"]),
        (
            "log:\n\tlevel: info",
            ["2: not valid YAML: a tab stands where spaces are expected; YAML is indented with spaces alone"],
        ),
        ("log: {}\ndata_dir: 'a\nfetch: {}\n", ["2: not valid YAML: a quotation mark is never closed"]),
        (
            "sources:\n  - title: News: local",
            ["2: not valid YAML: a value that contains ': ' must be in quotes; else check the indentation"],
        ),
        (
            "watchlists:\n  - terms: [a, b\n    name: c",
            ["3: not valid YAML: after the [ or { of line 2 a comma, or its partner, is missing"],
        ),
        ("log: {", ["1: not valid YAML: a value, or the closing ] or }, is missing"]),
        ("a: @b", ["1: not valid YAML: a value that begins with @ must be in quotes"]),
        ("a: *b", ["1: not valid YAML: a value that begins with * must be in quotes"]),
        ("a: * b", ["1: not valid YAML: a value that begins with * must be in quotes"]),
        ("a: & b", ["1: not valid YAML: a value that begins with & must be in quotes"]),
        ("a: !b c", ["1: not valid YAML: the tag !b is not known; a value that begins with ! must be in quotes"]),
        ("log: {}\nfetch\nmail: {}", ["3: not valid YAML: a key needs a colon and a space after it"]),
        ("log: {}\n---\nlog: {}", ["2: not valid YAML: a second document begins here (---); only one is read"]),
        ("log: {}\na: b\0c", ["2: not valid YAML: the character U+0000 is not allowed"]),
        ("log: {<<: 5}", ["1: not valid YAML: << takes a mapping, or a list of mappings"]),
        ("log: &a\n  level: *a", ["2: log.level: contains itself, by way of an alias (*)"]),
        ("a: " + "[" * 1500, ["1: not valid YAML: lists and mappings are nested too deeply"]),
    ],
    "watchlists": [
        (
            "watchlists: [{name: a, terms: [x], term: y}]",
            [f"1: watchlists[0].term: unknown key; did you mean 'terms'? allowed here: {WATCHLIST_KEYS}"],
        ),
        (
            f"{QUERIES}{{query: 'ban AND', exact: true}}]}}]",
            [
                "1: watchlists[0].queries[0].query: AND has nothing after it: the query ends, expected a word, "
                "a phrase or a parenthesis\n  ban AND\n      ^"
            ],
        ),
        (
            f"{QUERIES}{{query: ban, stemm: en}}]}}]",
            ["1: watchlists[0].queries[0].stemm: unknown key; did you mean 'stem'? allowed here: query, exact, stem"],
        ),
        (
            f"{QUERIES}{{query: ban, stem: tlh}}]}}]",
            [
                "1: watchlists[0].queries[0].stem: found 'tlh', expected a language whose word forms are known: "
                f"{', '.join(languages())}"
            ],
        ),
        (f"{QUERIES}{{exact: true}}]}}]", ["1: watchlists[0].queries[0].query: missing; this key must be given"]),
        (
            f"{QUERIES}{{query: ban, exact: true, stem: en}}]}}]",
            ["1: watchlists[0].queries[0]: expected exact or stem, not both"],
        ),
        (f"{QUERIES}2026]}}]", ["1: watchlists[0].queries[0]: found 2026, expected text (put it in quotes)"]),
        (
            f"{WATCHLIST}, exclude: {{query: a}}}}]",
            [f"1: watchlists[0].exclude: found a mapping, {LIST}"],
        ),
        (
            f"{WATCHLIST}, languages: [en, x y]}}]",
            ["1: watchlists[0].languages[1]: found 'x y', expected a language tag such as en or zh-Hant"],
        ),
        (
            f"{WATCHLIST}, sources: [RTHK]}}]",
            [
                "1: watchlists[0].sources[0]: found 'RTHK', expected a source's name, "
                "in which * stands for any characters, such as rthk-*"
            ],
        ),
        (f"{WATCHLIST}, mode: some}}]", ["1: watchlists[0].mode: found 'some', expected one of 'any' or 'all'"]),
        (f"{WATCHLIST}, min_score: -1}}]", ["1: watchlists[0].min_score: found -1, expected at least 0"]),
        (f"{WATCHLIST}, min_score: .nan}}]", ["1: watchlists[0].min_score: found .nan, expected at most 1000"]),
        (f"{WATCHLIST}, min_score: much}}]", ["1: watchlists[0].min_score: found 'much', expected a number"]),
        (f"{WATCHLIST}, priority: 101}}]", ["1: watchlists[0].priority: found 101, expected at most 100"]),
    ],
    "synonyms": [
        ("synonyms: [a, b]", [f"1: synonyms: found a list, {MAPPING}"]),
        ("synonyms: {GBA: [x]}", ["1: synonyms.GBA: found a list, expected at least two phrases that mean the same"]),
        (
            "synonyms: {GBA: [x, '!']}",
            ["1: synonyms.GBA[1]: the term ! has no letter or digit: expected words to find\n  !\n  ^"],
        ),
        ("synonyms: {GBA: [x, 5]}", ["1: synonyms.GBA[1]: found 5, expected text (put it in quotes)"]),
        (
            f"synonyms: {{GBA: [x, y], Macao: [a, b]}}\n{WATCHLIST}, synonyms: [GBB]}}]",
            ["2: watchlists[0].synonyms[0]: found 'GBB', but no synonyms set has this name; did you mean 'GBA'?"],
        ),
        (
            f"{WATCHLIST}, synonyms: [GBA]}}]",
            ["1: watchlists[0].synonyms[0]: found 'GBA', but no synonyms set has this name; declared are: none"],
        ),
    ],
    "the whole file": [
        ("", ["1: the file is empty; 'feedwatch init' writes an example"]),
        ("# nothing but a comment\n", ["1: the file is empty; 'feedwatch init' writes an example"]),
        ("- a", ["1: expected a mapping (lines of 'key: value') at the top"]),
        ("hello", ["1: expected a mapping (lines of 'key: value') at the top"]),
    ],
}
ROWS = [
    pytest.param(text, lines, id=f"{kind}-{i}")
    for kind, rows in PROBLEMS.items()
    for i, (text, lines) in enumerate(rows)
]


@pytest.mark.parametrize("text, lines", ROWS)
def test_problem(problems_in: ProblemsIn, text: str, lines: list[str]) -> None:
    found = problems_in(text, {"EMPTY": ""})
    assert sorted(found) == [f"config.yaml:{line}" for line in lines]


def test_every_problem_is_found_at_once_in_the_order_of_lines(problems_in: ProblemsIn) -> None:
    found = problems_in(
        """\
        fetch:
          timeout: soon
          http3: true
        sources:
          - name: a
            url: ${NONE}
          - name: a
            url: https://example.org
            interval: 1
        watchlists:
          - name: b
            queries: [a AND]
        mail:
          smtp:
            password: hunter2
        """
    )
    assert [line.partition(" ")[2].partition(":")[0] for line in found] == [
        "fetch.timeout",
        "fetch.http3",
        "sources[0].url",
        "sources[1].name",
        "sources[1].interval",
        "watchlists[0].queries[0]",
        "mail.smtp.host",
        "mail.smtp.password",
    ]
    assert [int(line.split(":")[1]) for line in found] == [2, 3, 6, 7, 9, 12, 14, 15]


def test_a_secret_from_the_environment_is_never_shown(problems_in: ProblemsIn) -> None:
    text = "database: ${URL}\nmail:\n  smtp:\n    password: ${P}\n    port: 99999"
    found = "\n".join(problems_in(text, {"URL": "mysql://me:hunter2@db", "P": "hunter2"}))
    assert "mail.smtp.port" in found
    assert "database" in found
    assert "hunter2" not in found


@pytest.mark.parametrize("token", ["a/slash-in-hunter2", "hunter2", "a space in hunter2", "港hunter2-hunter2-"])
def test_a_hook_token_that_no_url_would_match(token: str, problems_in: ProblemsIn) -> None:
    (found,) = problems_in("mail: {bounces: {hook_token: '${T}'}}", {"T": token})
    assert found == (
        "config.yaml:1: mail.bounces.hook_token: found something else, expected at least 16 letters, digits, - and _, "
        "as it is part of a URL"
    )


@pytest.mark.parametrize("token", ["AZaz09-_AZaz09-_", ""])
def test_a_hook_token_that_can_be_told_or_is_none(token: str, load_text: LoadText) -> None:
    held = load_text("mail: {bounces: {hook_token: '${T}'}}", {"T": token}).mail.bounces.hook_token
    assert held is not None
    assert held.get_secret_value() == token


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.problems == [
        f"{path}: there is no such file; write one with 'feedwatch init', or name another with --config"
    ]


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert caught.value.problems == [f"{tmp_path}: cannot be read: Is a directory"]


@pytest.mark.parametrize(
    "content, line", [("log: {}\ndata_dir: 數據".encode("utf-16"), 1), ("log: {}\ndata_dir: 數據".encode("gbk"), 2)]
)
def test_not_utf8(problems_in: ProblemsIn, content: bytes, line: int) -> None:
    assert problems_in(content) == [f"config.yaml:{line}: not UTF-8 text; save the file in UTF-8"]


def test_aliases_that_stand_for_a_billion_values_are_refused(problems_in: ProblemsIn) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]" for i in range(8)]
    assert problems_in("\n".join(lines)) == [
        "config.yaml:1: holds more than 500000 values once its aliases (*) are written out"
    ]


def test_links_that_lead_in_a_circle(tmp_path: Path, problems_in: ProblemsIn) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (line,) = problems_in("sources: [{name: x, path: a}]")
    assert line.startswith("config.yaml:1: sources[0].path: found 'a', ")


def test_a_path_longer_than_paths_may_be(problems_in: ProblemsIn) -> None:
    (line,) = problems_in(f"sources: [{{name: x, path: {'a' * 300}}}]")
    assert line.startswith("config.yaml:1: sources[0].path: found 'aaa")


def test_windows_line_ends_and_a_byte_order_mark_are_read(load_text: LoadText) -> None:
    assert load_text("\ufefflog:\r\n  level: debug\r\n".encode()).log.level == "debug"
