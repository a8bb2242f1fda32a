"""Secrets at rest: AES-256-GCM under a rotating keyring, bound to the row they belong to; digests for look-up."""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sales_agent.kit.errors import AppError

_NONCE_BYTES = 12
_KEY_BYTES = 32


class SecretUnreadable(AppError):
    """A stored secret cannot be decrypted with any key of the keyring."""


class KeyringInvalid(AppError):
    """The encryption keys are not of the form `id:base64-of-32-bytes[,id:...]`, newest first."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id, newest first: the first one encrypts, all decrypt, so keys can rotate without a pause."""

    keys: Mapping[str, bytes]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """From `id:base64[,id:base64]`, newest first."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            key_id, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError as error:
                raise KeyringInvalid from error
            if not key_id or len(key) != _KEY_BYTES:
                raise KeyringInvalid
            keys[key_id] = key
        if not keys:
            raise KeyringInvalid
        return cls(keys)

    def encrypt(self, plain: str, *, bound_to: str) -> str:
        """`key_id:base64(nonce + ciphertext)`; `bound_to` (tenant and row) must be the same at decryption."""
        key_id, key = next(iter(self.keys.items()))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, plain.encode(), bound_to.encode())
        return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, *, bound_to: str) -> str:
        """The plain text, or SecretUnreadable."""
        key_id, _, encoded = stored.partition(":")
        key = self.keys.get(key_id)
        if key is None:
            raise SecretUnreadable(f"no key called {key_id!r} in the keyring")
        raw = base64.b64decode(encoded)
        try:
            return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode()).decode()
        except InvalidTag as error:
            raise SecretUnreadable from error


def new_key() -> str:
    """A fresh key line for the keyring: `k<8 hex>:base64`."""
    key = os.urandom(_KEY_BYTES)
    return f"k{os.urandom(4).hex()}:{base64.b64encode(key).decode()}"


def digest(text: str) -> str:
    """Hex SHA-256: for look-up of values that must not be stored (API keys have 256 bits, so no salt is needed)."""
    return hashlib.sha256(text.encode()).hexdigest()
