"""The password of whoever runs the installation: it stops and resumes everything, without any account."""

import hmac
import secrets

from sales_agent.config import Settings
from sales_agent.kit.secret_file import kept_secret

# As many random bytes as nobody guesses, in as few characters as can be typed in an emergency.
_GENERATED_BYTES = 18


def load_admin_password(settings: Settings) -> str:
    """The setting, else what lies in DATA_DIR/secrets/admin_password, made at first use by one of many processes."""
    given = settings.admin_password.get_secret_value()
    return given or kept_secret(settings.data_dir / "secrets" / "admin_password", _generated).strip()


def is_admin_password(expected: str, given: str) -> bool:
    """Whether this is it, in a time that tells nothing. An empty one is nobody's."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


def _generated() -> str:
    return secrets.token_urlsafe(_GENERATED_BYTES)
