"""How the tables of words are written, and how a mail is searched for them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sales_agent.content import Finding, Severity, Span
from sales_agent.safety.findings import CheckedDraft, finding_at


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that mean one thing wherever they stand: one row of a table."""

    code: str
    severity: Severity
    pattern: re.Pattern[str]
    message: str
    fix: str


def phrases(code: str, severity: Severity, message: str, fix: str, written: str) -> Wording:
    """A row from whole phrases, told apart by ` | ` or line ends, in any case; the rest is a regular expression."""
    alternatives = (phrase.strip() for line in written.splitlines() for phrase in line.split(" | "))
    joined = "|".join(phrase.removeprefix("| ").replace(" ", r"\s") for phrase in alternatives if phrase)
    return Wording(code, severity, re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE), message, fix)


def exactly(phrase: str) -> re.Pattern[str]:
    """Matches this phrase, as whole words, whatever its case and spacing."""
    spaced = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)


def search(
    check: str, draft: CheckedDraft, wordings: Iterable[Wording], parts: tuple[tuple[str, str], ...] | None = None
) -> Iterator[Finding]:
    """One finding for every place where a row matches the subject or the body (or `parts` of the same length)."""
    searched = draft.parts() if parts is None else parts
    for row in wordings:
        for part, text in searched:
            for match in row.pattern.finditer(text):
                span = Span(part, match.start(), match.end())
                yield finding_at(check, row.code, row.severity, (row.message, row.fix), span, draft)
