"""The only lines that may break a rule, each with the reason why the rule would be wrong there."""

from dataclasses import dataclass
from fnmatch import fnmatch


@dataclass(frozen=True, slots=True)
class Exemption:
    """`rule` does not hold in `path`, a shell pattern over the path in the checkout."""

    rule: str
    path: str
    reason: str

    def covers(self, rule: str, path: str) -> bool:
        return rule == self.rule and fnmatch(path, self.path)


EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption(
        "front-pages-hold-one-docstring",
        "src/sales_agent/pipeline/approval/rules/__init__.py",
        "the table of the approval rules is the package's front page",
    ),
    Exemption(
        "front-pages-hold-one-docstring",
        "src/sales_agent/safety/checks/__init__.py",
        "the table of the safety checks is the package's front page",
    ),
    Exemption(
        "front-pages-hold-one-docstring",
        "src/sales_agent/cli/__init__.py",
        "the table of the command groups is the package's front page, and the entry point of the distribution",
    ),
)
