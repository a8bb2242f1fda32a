"""The generated passwords of the embedded servers: one 0600 file each, made at the first start."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from sales_agent.embedded.errors import EmbeddedNeverStarted
from sales_agent.embedded.folders import private_folder, write_private

# 192 bits: beyond guessing, and free of characters that a URL would escape.
_PASSWORD_BYTES = 24


def read_passwords(file: Path) -> dict[str, str]:
    """The passwords by login.

    Raises:
        EmbeddedNeverStarted: there are none yet.
    """
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        raise EmbeddedNeverStarted(f"{file} is made by its first start.") from None


def ensure_passwords(file: Path, logins: Sequence[str]) -> dict[str, str]:
    """The passwords by login, after making those that are missing."""
    private_folder(file.parent)
    known = read_passwords(file) if file.exists() else {}
    missing = {login: secrets.token_urlsafe(_PASSWORD_BYTES) for login in logins if login not in known}
    if missing:
        write_private(file, json.dumps(known | missing))
    return known | missing
