"""`feedwatch bounces`: mails that came back, looking into the boxes now, and trying out a saved mail."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    Limit,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    print_table,
    stderr,
    stdout,
)
from feedwatch.deliver.bounces import MOST_BYTES, read_bounces
from feedwatch.jobs.bounces import BoxesReport, new_bounce, read_boxes
from feedwatch.jobs.context import open_context
from feedwatch.store.bounces import BounceRow, list_bounces, prove

if TYPE_CHECKING:
    from feedwatch.config import Config
    from feedwatch.deliver.bounces import BounceReport
    from feedwatch.store import Store
    from feedwatch.store.bounces import Proof, Recorded

app = typer.Typer(no_args_is_help=True, help="Mails that came back, and the addresses that get none any more.")

_KINDS = {"hard": "the address is at fault for good", "soft": "it may pass", "complaint": "its owner does not want it"}


@app.command("list")
def list_(
    address: Annotated[str | None, typer.Option(metavar="EMAIL", help="Of this address alone.")] = None,
    limit: Limit = 50,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """The latest bounces, and which addresses get no more mail because of them."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_bounces(session, address=address, limit=limit)
    if as_json:
        print_json(rows)
        return
    cells = [
        (
            local(row.at),
            row.address,
            row.status or "-",
            "yes" if row.is_hard else "no",
            Text("blocked", style="red") if row.blocked_at is not None else "-",
            row.reason,
        )
        for row in rows
    ]
    empty = f"No mail to {address} came back." if address else "No mail came back so far."
    columns = ("when", "address", "code", "counts", "now", "answer")
    print_table(columns, cells, empty=empty, widest="address", below="answer")
    _say_how_to_resume(rows)


def _say_how_to_resume(rows: list[BounceRow]) -> None:
    if stdout.is_terminal and any(row.blocked_at is not None for row in rows):
        stdout.print("\nTo send to a blocked address again: feedwatch subscribers resume EMAIL", soft_wrap=True)


@app.command()
def read(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Look into the boxes now, and say what came; the exit code is 1 if one cannot be read."""
    loaded = load_config(config)
    bounces = loaded.settings.mail.bounces
    if bounces.maildir is None and bounces.imap is None:
        raise CallError(f"{config} names no box: give maildir or imap under mail.bounces")
    with open_store(loaded) as store:
        report = asyncio.run(_read(loaded, store))
    if as_json:
        print_json({"mails": report.mails, "troubles": report.troubles})
    else:
        _tell(report)
    if report.troubles:
        raise typer.Exit(1)


async def _read(loaded: Config, store: Store) -> BoxesReport:
    async with open_context(loaded.settings, store) as context:
        return await read_boxes(context)


def _tell(report: BoxesReport) -> None:
    kinds = Counter(mail.what for mail in report.mails)
    left = kinds["something else"]
    told = {
        plural(kinds["report"], "report"): kinds["report"],
        plural(kinds["automatic reply"], "automatic reply", "automatic replies"): kinds["automatic reply"],
        f"{plural(left, 'mail')} that {'is' if left == 1 else 'are'} left for you to read, flagged": left,
    }
    if report.mails:
        stdout.print(f"{', '.join(words for words, count in told.items() if count)}.", markup=False, soft_wrap=True)
    elif not report.troubles:
        stdout.print("Nothing new in the boxes.")
    for recorded in (one for mail in report.mails for one in mail.recorded):
        stdout.print(_line(recorded), markup=False, soft_wrap=True)
    for problem in report.troubles.values():
        stderr.print(f"not read: {problem}", markup=False, soft_wrap=True)


def _line(recorded: Recorded) -> str:
    words = {"unproven": "not counted", "noted": "not counted", "known": "not counted again"}
    return f"{recorded.address}: {words.get(recorded.outcome, recorded.outcome)}: {recorded.why}"


@app.command("try")
def try_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved mail, as .eml.", exists=True, dir_okay=False)],
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Say what would be read of a saved mail, and whether it would count; nothing is recorded."""
    with file.open("rb") as opened:
        mail = read_bounces(opened.read(MOST_BYTES))
    with open_store(load_config(config)) as store, store.read() as session:
        proofs = [prove(session, new_bounce(report)) for report in mail.reports]
    if as_json:
        found = [{"report": report, "proof": proof} for report, proof in zip(mail.reports, proofs, strict=True)]
        print_json({"what": mail.what, "found": found})
        return
    if mail.what == "something else":
        stdout.print("No bounce that can be read: it would be left in its box, flagged.")
    elif not mail.reports:
        is_report = mail.what == "report"
        stdout.print("A report that nothing failed." if is_report else "An automatic reply: it would be passed over.")
    for report, proof in zip(mail.reports, proofs, strict=True):
        for line in _explained(report, proof):
            stdout.print(line, markup=False, soft_wrap=True)


def _explained(report: BounceReport, proof: Proof) -> list[str]:
    is_counted = proof.address is not None and report.kind != "soft"
    counted = proof.why if is_counted or proof.address is None else f"{proof.why}, but does not count against it"
    return [
        f"{', '.join(report.addresses) or 'an address that is not told'}: {report.kind}: {_KINDS[report.kind]}",
        f"  code     {report.status or '-'}",
        f"  answer   {report.reason or '-'}",
        f"  mail     {report.message_id or '-'}",
        f"  counts   {'yes' if is_counted else 'no'}: {counted}",
    ]
