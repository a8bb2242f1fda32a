"""Passwords: argon2id in threads, few at a time, and as slow for people we do not know as for those we do."""

import asyncio
import functools
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from sales_agent.kit.errors import InvalidInput

# Long beats complicated: no other rule is asked of a password.
MIN_LENGTH = 12

# What a person may send; argon2 takes any length, and reading it costs time.
MAX_LENGTH = 256

# 24 letters and digits are 142 bits: nobody guesses a password we made.
_GENERATED_BYTES = 18

_HASHER = PasswordHash((Argon2Hasher(),))

# One hash holds 64 MB and a core for a fifth of a second: more at once would starve the requests beside them.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


class PasswordTooShort(InvalidInput):
    """A password has at least 12 characters."""


class PasswordTooLong(InvalidInput):
    """A password has at most 256 characters."""


def check_password(plain: str) -> None:
    """Raise PasswordTooShort or PasswordTooLong where it cannot be anybody's."""
    if len(plain) < MIN_LENGTH:
        raise PasswordTooShort
    if len(plain) > MAX_LENGTH:
        raise PasswordTooLong


def generate_password() -> str:
    """A password that no person chose; shown once."""
    return secrets.token_urlsafe(_GENERATED_BYTES)


async def hash_password(plain: str) -> str:
    """The argon2id hash, with its parameters and salt in it."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _hash, plain)


async def verify_password(password_hash: str | None, plain: str) -> bool:
    """Whether this is the password. Without a hash it is not, and finding out takes just as long."""
    is_right, _ = await verify_and_renew(password_hash, plain)
    return is_right


async def verify_and_renew(password_hash: str | None, plain: str) -> tuple[bool, str | None]:
    """Whether this is the password, and a hash to keep instead where the kept one is of older parameters."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, password_hash, plain)


def _hash(plain: str) -> str:
    return _HASHER.hash(_normal(plain))


def _verify(password_hash: str | None, plain: str) -> tuple[bool, str | None]:
    nobodys = _nobodys_hash()  # before the branch, so that its first call costs the same on both sides
    is_right, renewed = _HASHER.verify_and_update(_normal(plain), password_hash or nobodys)
    return (is_right, renewed) if password_hash else (False, None)


@functools.cache
def _nobodys_hash() -> str:
    return _hash(generate_password())


def _normal(plain: str) -> str:
    """One spelling, whichever keyboard wrote it."""
    return unicodedata.normalize("NFKC", plain)
