"""The generated passwords of the embedded servers: one 0600 file each, made when first asked for."""

import json
import secrets
from pathlib import Path

from sales_agent.embedded.folders import private_folder, write_private

# 192 bits: beyond guessing, and made of characters that no URL escapes.
_PASSWORD_BYTES = 24


def password_of(login: str, file: Path) -> str:
    """The password of a login, kept in `file`; a new one if there is none yet.

    Raises:
        EmbeddedNotOurs: the folder of the file belongs to another account.
    """
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if login not in known:
        known[login] = secrets.token_urlsafe(_PASSWORD_BYTES)
        private_folder(file.parent)
        write_private(file, json.dumps(known))
    return known[login]
