"""Links by which a person takes themselves off the list: they say who and from whom, sealed, and never end.

A token is base64url of version (1 byte), tenant (16), digest of the canonical address (32) and the first 20 bytes of an
HMAC-SHA256 over those: nothing is stored for it, nobody can make one up, and it names no address.
"""

import base64
import hmac
import os
import re
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sales_agent.config import Settings
from sales_agent.controls.suppression_entries import address_digest
from sales_agent.kit.errors import AppError
from sales_agent.kit.secret_file import kept_secret

_VERSION: Final = b"\x01"
_KEY_BYTES: Final = 32

# 160 bits cannot be guessed, and make the whole a multiple of three bytes: its last character has no idle bits, so a
# token has one spelling.
_SEAL_BYTES: Final = 20
_SEAL_FROM: Final = len(_VERSION) + 16 + 32
_TOKEN: Final = re.compile(rf"[A-Za-z0-9_-]{{{(_SEAL_FROM + _SEAL_BYTES) // 3 * 4}}}", re.ASCII)

PATH: Final = "/u/{token}"


class UnsubscribeKeyInvalid(AppError):
    """UNSUBSCRIBE_KEY is not base64 of at least 32 bytes."""


@dataclass(frozen=True, slots=True)
class UnsubscribeLinks:
    """Makes and reads the links of one installation. `base_url`: scheme and host people reach us under."""

    base_url: str
    key: bytes = field(repr=False)

    @staticmethod
    def template(base_url: str) -> str:
        """What every link looks like, with nobody's token in it."""
        return base_url.rstrip("/") + PATH

    def link(self, tenant_id: UUID, address: str) -> str:
        """The link under a mail of this tenant to this address, in any spelling of it."""
        said = _VERSION + tenant_id.bytes + bytes.fromhex(address_digest(address))
        token = base64.urlsafe_b64encode(said + self._seal(said)).decode()
        return self.template(self.base_url).replace("{token}", token)

    def read(self, token: str) -> tuple[UUID, str] | None:
        """The tenant and the digest of the address; None for whatever is not a token of ours, unchanged."""
        if not _TOKEN.fullmatch(token):
            return None
        raw = base64.urlsafe_b64decode(token)
        said, seal = raw[:_SEAL_FROM], raw[_SEAL_FROM:]
        if not hmac.compare_digest(seal, self._seal(said)) or said[:1] != _VERSION:
            return None
        return UUID(bytes=said[1:17]), said[17:].hex()

    def _seal(self, said: bytes) -> bytes:
        return hmac.digest(self.key, said, "sha256")[:_SEAL_BYTES]


def load_unsubscribe_key(settings: Settings) -> bytes:
    """The key of this installation's links. Raises UnsubscribeKeyInvalid.

    Without UNSUBSCRIBE_KEY it lies in DATA_DIR/secrets/unsubscribe_key. It is no encryption key and does not rotate
    with those: whoever loses it breaks the links in every mail that was sent. Several machines need the setting.
    """
    given = settings.unsubscribe_key.get_secret_value()
    return parse_unsubscribe_key(given or kept_secret(settings.data_dir / "secrets" / "unsubscribe_key", _new_key))


def parse_unsubscribe_key(text: str) -> bytes:
    """The key as the setting writes it. Raises UnsubscribeKeyInvalid."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise UnsubscribeKeyInvalid from error
    if len(key) < _KEY_BYTES:
        raise UnsubscribeKeyInvalid
    return key


def _new_key() -> str:
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()
