"""How the tables of words are written, and how a mail is searched for them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sales_agent.content import Finding, Severity, Span
from sales_agent.safety.findings import CheckedDraft, finding_at


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that mean one thing wherever they stand: one row of a table.

    With `folds_case`, the pattern is written in lower case and matched against the text in lower case: twice as
    fast as asking the pattern to ignore case.
    """

    code: str
    severity: Severity
    pattern: re.Pattern[str]
    message: str
    fix: str
    folds_case: bool = False

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Every [start, end) where the words stand."""
        searched = lowered(text) if self.folds_case else text
        return ((match.start(), match.end()) for match in self.pattern.finditer(searched))

    def is_in(self, text: str) -> bool:
        """Whether the words stand anywhere in the text."""
        return self.pattern.search(lowered(text) if self.folds_case else text) is not None


def lowered(text: str) -> str:
    """In lower case and of the same length, which a few letters of the world would change."""
    plain = text.lower()
    return plain if len(plain) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def phrases(code: str, severity: Severity, message: str, fix: str, written: str) -> Wording:
    """A row from whole phrases, told apart by ` | ` or line ends, in any case; the rest is a regular expression."""
    alternatives = (phrase.strip() for line in written.splitlines() for phrase in line.split(" | "))
    joined = "|".join(phrase.removeprefix("| ").replace(" ", r"\s") for phrase in alternatives if phrase)
    return Wording(code, severity, re.compile(rf"(?<!\w)(?:{joined})(?!\w)"), message, fix, folds_case=True)


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
            for start, end in row.places(text):
                yield finding_at(check, row.code, row.severity, (row.message, row.fix), Span(part, start, end), draft)
