"""E-mail addresses, also those dressed up so that machines pass over them."""

import re
from collections.abc import Iterator

from sales_agent.safety.detectors.found import Found, PersonalData

_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%'&*/=?^`{|}~!#$-]+@[\w-]+(?:\.[\w-]+)+")
_DRESSED_UP = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*[\w-]+(?:\s*(?:\.|[\[({<]\s*(?:dot|\.)\s*[\])}>]|\bdot\b)\s*[\w-]+)+"
    r"|(?<![\w.+-])[\w.+-]+\s+at\s+[\w-]+\s+dot\s+[a-z]{2,}\b",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Found]:
    """Every address; one dressed up ("jane [at] corp [dot] example") has its disguise inside the span."""
    for pattern in (_ADDRESS, _DRESSED_UP):
        for match in pattern.finditer(text):
            yield Found(PersonalData.ADDRESS, match.start(), match.end())
