"""`python -m tools.check_rules`: every breach of the house's own rules as file:line, and how to mend it."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.check_rules.exceptions import EXEMPTIONS, Exemption
from tools.check_rules.source import SourceFile, python_files
from tools.check_rules.table import RULES, Rule

CHECKOUT = Path(__file__).resolve().parents[2]


def breaches(
    files: Iterable[SourceFile], rules: Iterable[Rule] = RULES, exemptions: Iterable[Exemption] = EXEMPTIONS
) -> Iterator[str]:
    """One line a breach; an exemption that nothing needs is a breach itself."""
    unused = set(exemptions)
    rules = tuple(rules)
    for file in files:
        for rule in rules:
            if not rule.holds_for(file):
                continue
            excuses = {exemption for exemption in exemptions if exemption.covers(rule.name, file.path)}
            for breach in rule.check(file):
                unused -= excuses
                if not excuses:
                    yield f"{file.path}:{breach.line}: {rule.name}: {breach.what}; {rule.fix}"
    for exemption in sorted(unused, key=lambda exemption: (exemption.rule, exemption.path)):
        yield f"{exemption.path}:1: unused-exemption: nothing here breaks {exemption.rule}; delete it"


def main() -> int:
    folders = sorted({folder for rule in RULES for folder in rule.folders})
    found = list(breaches(file for folder in folders for file in python_files(CHECKOUT, folder)))
    print("\n".join(found) if found else "check_rules: nothing to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
