"""Watchlists in and out of files: CSV and YAML, ours and other monitors', with the queries translated.

`read_watchlists` makes drafts of a file's bytes, `write_yaml` and `write_csv` a file's text of definitions.
"""

from __future__ import annotations

from feedwatch.watchlists.dialects import DIALECTS
from feedwatch.watchlists.draft import Draft, ReadFile, Remark
from feedwatch.watchlists.read import read_watchlists
from feedwatch.watchlists.translate import Translated, translate
from feedwatch.watchlists.write_csv import write_csv
from feedwatch.watchlists.write_yaml import write_yaml

__all__ = [
    "DIALECTS",
    "Draft",
    "ReadFile",
    "Remark",
    "Translated",
    "read_watchlists",
    "translate",
    "write_csv",
    "write_yaml",
]
