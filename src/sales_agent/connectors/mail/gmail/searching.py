"""What Gmail's search can be asked, and its pages: shared by all that look for something."""

import re

from sales_agent.connectors.answer import JsonObject, listed_at, objects_at

# Inside quotes Gmail's search knows no operators; an address with a quote or a blank in it cannot be asked for.
_SEARCHABLE = re.compile(r'[^\s"(){}<>\\]+@[^\s"(){}<>\\]+')


def is_searchable(address: str) -> bool:
    """Whether search can be asked for this address."""
    return _SEARCHABLE.fullmatch(address) is not None


def entries(answer: JsonObject, name: str) -> list[JsonObject]:
    """The entries of a page. An empty one has no list at all, and is told from an odd answer by its estimate."""
    return objects_at(answer, name) if "resultSizeEstimate" in answer else listed_at(answer, name)
