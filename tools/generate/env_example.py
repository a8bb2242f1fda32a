"""Writes `.env.example`: every setting with its sentence and its default, ready to be copied to `.env`."""

from itertools import groupby
from textwrap import wrap

from tools.generate.settings_rows import SettingRow, setting_rows

_HEAD = """\
# Written by `make docs` from src/sales_agent/config.py: change that, not this file.
# Copy it to .env and change what you need; everything has a default, and an empty secret is a missing one.
"""


def render() -> str:
    rows = [row for row in setting_rows() if not row.is_for_tests]
    sections = groupby(rows, key=lambda row: row.section)
    return _HEAD + "".join(f"\n# == {title} ==\n" + "".join(map(_entry, entries)) for title, entries in sections)


def _entry(row: SettingRow) -> str:
    lines = [f"# {line}" for line in wrap(row.description, 110)]
    return "\n".join([*lines, f"{row.variable}={row.default}"]) + "\n"
