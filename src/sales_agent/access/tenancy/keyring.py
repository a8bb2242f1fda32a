"""The keys that secrets at rest are encrypted with: from the settings, else made once in the data folder."""

from sales_agent.config import Settings
from sales_agent.kit.crypto import Keyring, new_key
from sales_agent.kit.secret_file import kept_secret


def load_keyring(settings: Settings) -> Keyring:
    """The keyring of this installation. Raises KeyringInvalid.

    Without ENCRYPTION_KEYS the key lies in DATA_DIR/secrets/encryption_keys, and whoever loses that folder loses every
    stored secret; several machines on one database need the setting.
    """
    given = settings.encryption_keys.get_secret_value()
    return Keyring.parse(given or kept_secret(settings.data_dir / "secrets" / "encryption_keys", new_key))
