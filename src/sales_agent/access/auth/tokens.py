"""Secrets that stand for a caller: 256 random bits under a prefix that says of what kind they are."""

import base64
import os
import re
from enum import StrEnum

_BYTES = 32
_ENCODED = re.compile(r"[A-Za-z0-9_-]{43}")


class TokenKind(StrEnum):
    """The prefix of each kind."""

    API_KEY = "sa_"
    SESSION = "ss_"


def new_token(kind: TokenKind) -> str:
    """A new one, URL-safe. Nobody can show it again where only its digest is kept."""
    return kind + base64.urlsafe_b64encode(os.urandom(_BYTES)).decode().rstrip("=")


def is_token(kind: TokenKind, text: str) -> bool:
    """Whether the text has the form of this kind; what has not need not be looked up."""
    return text.startswith(kind) and _ENCODED.fullmatch(text.removeprefix(kind)) is not None
