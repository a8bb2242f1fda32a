"""The keys that secrets at rest are encrypted with: from the settings, else made once in the data folder."""

import os
from pathlib import Path

from sales_agent.config import Settings
from sales_agent.kit.crypto import Keyring, new_key


def load_keyring(settings: Settings) -> Keyring:
    """The keyring of this installation. Raises KeyringInvalid.

    Without ENCRYPTION_KEYS the key lies in DATA_DIR/secrets/encryption_keys, and whoever loses that folder loses every
    stored secret; several machines on one database need the setting.
    """
    given = settings.encryption_keys.get_secret_value()
    return Keyring.parse(given or _generated(settings.data_dir / "secrets" / "encryption_keys"))


def _generated(file: Path) -> str:
    """The content of the file, after making it where it is missing: whole or not at all, by one of many processes."""
    try:
        return file.read_text()
    except FileNotFoundError:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = file.with_name(f".{file.name}.{os.getpid()}")
    own.unlink(missing_ok=True)  # left by a process of this number that was killed here
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(new_key())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        file.hardlink_to(own)
    except FileExistsError:
        pass  # another process was first, and its key counts
    finally:
        own.unlink()
    return file.read_text()
