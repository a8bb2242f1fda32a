"""HubSpot's three generations of paths, folded into one so that each endpoint is written once."""

import re

# Versions a portal of this sandbox serves: the legacy ones and the dated ones.
VERSIONS = frozenset({"v3", "v4", "2025-09", "2026-03", "2026-09"})

_LEGACY = re.compile(r"^/crm/(v[34])/(objects|associations|owners)(/|$)")
_DATED = re.compile(r"^/crm/(?:objects|associations|owners)/([^/]+)")


def folded(path: str) -> str:
    """`/crm/v3/objects/...` as `/crm/objects/v3/...`; dated paths stay as they are."""
    return _LEGACY.sub(r"/crm/\2/\1\3", path)


def is_served(folded_path: str) -> bool:
    """Whether the version in a folded path is one HubSpot answers."""
    found = _DATED.match(folded_path)
    return found is None or found.group(1) in VERSIONS
