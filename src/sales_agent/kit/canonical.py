"""JSON in one spelling only: what is hashed, and what a hash is compared with, must never differ by a space."""

import json


def canonical_json(value: object) -> str:
    """Sorted names, no spaces, letters as they are; ValueError for NaN and infinity, which JSON does not have."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
