"""The house's own rules hold in the whole checkout, and no exemption outlives its reason."""

from tools.check_rules.__main__ import CHECKOUT, breaches
from tools.check_rules.source import python_files
from tools.check_rules.table import RULES


def test_no_file_breaks_a_rule() -> None:
    folders = sorted({folder for rule in RULES for folder in rule.folders})
    files = [file for folder in folders for file in python_files(CHECKOUT, folder)]
    assert files
    assert list(breaches(files)) == []
