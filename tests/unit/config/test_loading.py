"""What a right config.yaml means."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.jobs.provision import watchlist_def
from feedwatch.kinds import parse_duration, show_duration
from feedwatch.model import QueryDef, WatchlistDef
from tests.unit.config.conftest import LoadText


@pytest.mark.parametrize(
    "text, duration",
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
        ("0.5s", timedelta(milliseconds=500)),
        ("1h30m", timedelta(minutes=90)),
        ("1h 30m", timedelta(minutes=90)),
        (" 5 M ", timedelta(minutes=5)),
    ],
)
def test_duration(load_text: LoadText, text: str, duration: timedelta) -> None:
    assert load_text(f"poll: {{interval: '{text}'}}").poll.interval == duration


@given(st.integers(0, 36500 * 86400))
def test_a_duration_is_read_back_as_it_is_shown(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(show_duration(duration)) == duration


@pytest.mark.parametrize(
    "text, size",
    [
        ("500KB", 500_000),
        ("10MB", 10_000_000),
        ("2 GB", 2_000_000_000),
        ("1MiB", 1 << 20),
        (4096, 4096),
        ("4096", 4096),
    ],
)
def test_size(load_text: LoadText, text: str | int, size: int) -> None:
    assert load_text(f"fetch: {{max_body: {text}}}").fetch.max_body == size


@pytest.mark.parametrize(
    "text, environment, data_dir",
    [
        ("${DATA}", {"DATA": "/srv/data"}, "/srv/data"),
        ("${DATA}/${NAME}", {"DATA": "/srv", "NAME": "x"}, "/srv/x"),
        ("${DATA:-/var/data}", {}, "/var/data"),
        ("${DATA:-/var/data}", {"DATA": "/srv/data"}, "/srv/data"),
        ("/a${EMPTY:-}", {}, "/a"),
        (
            "'/a: ${DATA}'",
            {"DATA": "${NAME} 'b' #c: d"},
            "/a: ${NAME} 'b' #c: d",
        ),  # text, never YAML or a variable again
        ("$DATA", {"DATA": "x"}, "{folder}/$DATA"),
        ("${1}", {}, "{folder}/${1}"),
        ("data", {}, "{folder}/data"),
        ("../data", {}, "{above}/data"),
    ],
)
def test_variables_and_folders(
    tmp_path: Path, load_text: LoadText, text: str, environment: dict[str, str], data_dir: str
) -> None:
    expected = data_dir.replace("{folder}", str(tmp_path)).replace("{above}", str(tmp_path.parent))
    assert str(load_text(f"data_dir: {text}", environment).data_dir) == expected


def test_what_is_not_given_lies_in_the_folder_of_the_file_too(tmp_path: Path, load_text: LoadText) -> None:
    settings = load_text("log: {level: info}")
    assert settings.data_dir == tmp_path / "data"
    assert settings.outbox == tmp_path / "data" / "outbox"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/feedwatch.db"


@pytest.mark.parametrize(
    "database, url",
    [
        ("sqlite:///a/feedwatch.db", "sqlite:///{folder}/a/feedwatch.db"),
        ("sqlite:////srv/feedwatch.db", "sqlite:////srv/feedwatch.db"),
        ("postgresql://db/feedwatch", "postgresql+psycopg://db/feedwatch"),
        ("postgres:///feedwatch?host=/run/x", "postgresql+psycopg:///feedwatch?host=/run/x"),
    ],
)
def test_a_relative_database_lies_in_the_folder_of_the_file(
    tmp_path: Path, load_text: LoadText, database: str, url: str
) -> None:
    assert load_text(f"database: {database}").database_url == url.replace("{folder}", str(tmp_path))


def test_numbers_and_switches_come_from_the_environment_too(load_text: LoadText) -> None:
    text = "fetch: {concurrency: '${N}'}\nsources: [{name: a, url: https://a.example/, push: '${P}'}]"
    loaded = load_text(text, {"N": "7", "P": "false"})
    assert (loaded.fetch.concurrency, loaded.sources[0].push) == (7, False)


@pytest.mark.parametrize(
    "database",
    [
        "postgresql://me:${P}@db/feedwatch",
        "postgresql://me:${P:-}@db/feedwatch",
        "postgresql://${USER_NAME:-me}:${P}@db/feedwatch",
        "postgresql://me@db/feedwatch",
        "postgresql://db:5432/feedwatch",
        "postgresql:///feedwatch?host=/run/postgresql&password=${P}",
        "sqlite:////srv/a:b@c/feedwatch.db",
        "${URL}",
        "${URL:-sqlite:///x.db}",
    ],
)
def test_a_password_from_the_environment_is_fine(load_text: LoadText, database: str) -> None:
    environment = {"P": "hunter2", "URL": "postgresql://me:hunter2@db/feedwatch"}
    text = f"database: {database}\nmail: {{smtp: {{host: a, password: '${{P}}'}}}}"
    settings = load_text(text, environment)
    assert settings.database is not None
    assert settings.mail.smtp is not None
    assert settings.mail.smtp.password is not None
    assert settings.mail.smtp.password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings.mail)


@pytest.mark.parametrize(
    "written, in_force",
    [
        ("postgresql://db/x", "postgresql+psycopg://db/x"),
        ("postgres://db/x", "postgresql+psycopg://db/x"),
        ("postgresql+psycopg://db/x", "postgresql+psycopg://db/x"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_database_url(load_text: LoadText, written: str, in_force: str) -> None:
    assert load_text(f"database: {written}").database_url == in_force


def test_what_is_not_said_lies_under_data_dir(load_text: LoadText) -> None:
    settings = load_text("data_dir: /srv/feedwatch")
    assert settings.database_url == "sqlite:////srv/feedwatch/feedwatch.db"
    assert settings.outbox == Path("/srv/feedwatch/outbox")
    assert load_text("data_dir: /srv\nmail: {outbox: /var/out}").outbox == Path("/var/out")


def test_a_section_whose_lines_are_all_commented_out_has_its_defaults(load_text: LoadText) -> None:
    settings = load_text("fetch:\n  # timeout: 10s\nsources:\n  # - name: a\nmail:\n  smtp:\nlog: {}\n")
    assert settings == load_text("log: {}")


def test_anchors_and_merge_keys(load_text: LoadText) -> None:
    settings = load_text(
        """\
        sources:
          - &hong-kong
            name: a
            url: https://example.org/a
            timezone: Asia/Hong_Kong
            tags: &tags [Hong Kong]
          - <<: *hong-kong
            name: b
          - &both
            <<: *hong-kong
            name: c
            url: https://example.org/c
            timezone: UTC
          - {<<: [*both, *hong-kong], name: d}
          - {name: e, url: https://example.org/e, tags: *tags}
        """
    )
    assert [(source.name, source.url, source.timezone, source.tags) for source in settings.sources] == [
        ("a", "https://example.org/a", "Asia/Hong_Kong", ("Hong Kong",)),
        ("b", "https://example.org/a", "Asia/Hong_Kong", ("Hong Kong",)),
        ("c", "https://example.org/c", "UTC", ("Hong Kong",)),
        ("d", "https://example.org/c", "UTC", ("Hong Kong",)),
        ("e", "https://example.org/e", "UTC", ("Hong Kong",)),
    ]


def test_what_yaml_takes_for_a_date_or_a_merge_is_text(load_text: LoadText) -> None:
    (source,) = load_text("sources: [{name: 2026-11-25, url: https://example.org, tags: [12:30, =, <<]}]").sources
    assert (source.name, source.tags) == ("2026-11-25", ("12:30", "=", "<<"))


def test_a_local_file_is_a_source(tmp_path: Path, load_text: LoadText) -> None:
    (tmp_path / "新聞 1.xml").write_bytes(b"<rss/>")
    (source,) = load_text("sources: [{name: a, path: 新聞 1.xml}]").sources
    assert source.location == f"{tmp_path.as_uri()}/%E6%96%B0%E8%81%9E%201.xml"


@pytest.mark.parametrize(
    "address", ["feedwatch@example.org", "feedwatch <feedwatch@example.org>", '"A, B" <a@example.org>']
)
def test_mailbox(load_text: LoadText, address: str) -> None:
    assert load_text(f"mail: {{sender: '{address}'}}").mail.sender == address


def test_a_watchlist_with_every_key(load_text: LoadText) -> None:
    loaded = load_text(
        """\
        synonyms:
          GBA: [GBA, 大湾区]
        watchlists:
          - name: Bay
            owner: Ann
            terms: [bay]
            queries:
              - a NOT b
              - {query: Ban, exact: true}
              - {query: ban, stem: en}
            exclude: [{query: X, exact: true}, {query: y}]
            mode: all
            languages: [en, zh-Hant]
            sources: [rthk-*]
            tags: [Hong Kong]
            min_score: 0.5
            priority: -2
            synonyms: [GBA]
          - {name: Plain, terms: [x]}
        """
    )
    bay, plain = (watchlist_def(watchlist, loaded.synonyms) for watchlist in loaded.watchlists)
    assert bay == WatchlistDef(
        "Bay",
        terms=("bay",),
        queries=("a NOT b", QueryDef("Ban", exact=True), QueryDef("ban", stem="en")),
        exclude=(QueryDef("X", exact=True), "y"),
        owner="Ann",
        mode="all",
        languages=("en", "zh-Hant"),
        sources=("rthk-*",),
        tags=("Hong Kong",),
        min_score=0.5,
        priority=-2,
        synonyms=(("GBA", "大湾区"),),
    )
    assert plain == WatchlistDef("Plain", ("x",))


def test_synonyms_of_which_every_line_is_commented_out_are_none(load_text: LoadText) -> None:
    assert load_text("synonyms:\n  # GBA: [a, b]\nlog: {}").synonyms == {}
