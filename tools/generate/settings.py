"""Writes the reference page of the settings."""

from itertools import groupby

from tools.generate.markdown import notice, table
from tools.generate.settings_rows import SettingRow, setting_rows


def render() -> str:
    sections = groupby(setting_rows(), key=lambda row: row.section)
    return (
        notice("src/sales_agent/config.py")
        + "# Settings\n\nEvery one is an environment variable or a line of `.env`; the environment wins.\n"
        + "".join(_section(title, list(rows)) for title, rows in sections)
    )


def _section(title: str, rows: list[SettingRow]) -> str:
    cells = [
        (f"`{row.variable}`", f"`{row.default}`" if row.default else "", row.kind, row.description) for row in rows
    ]
    return f"\n## {title}\n\n" + table(("variable", "default", "value", "what it does"), cells)
