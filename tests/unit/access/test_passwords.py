"""A password is long, kept as argon2id, and wrong just as slowly for people we do not know."""

import time

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from sales_agent.access.auth.password import (
    PasswordTooLong,
    PasswordTooShort,
    check_password,
    generate_password,
    hash_password,
    verify_and_renew,
    verify_password,
)


async def test_a_hash_proves_its_password_and_no_other():
    kept = await hash_password("a horse that reads")
    assert kept.startswith("$argon2id$")
    assert await verify_password(kept, "a horse that reads")
    assert not await verify_password(kept, "a horse that reads ")
    assert kept != await hash_password("a horse that reads")


async def test_the_same_letters_typed_otherwise_are_the_same_password():
    kept = await hash_password("Zürich am Montag")
    assert await verify_password(kept, "Zu\u0308rich am Montag")


async def test_without_a_hash_nothing_is_the_password():
    assert not await verify_password(None, "")
    assert await verify_and_renew(None, "a horse that reads") == (False, None)


async def test_a_hash_of_weaker_parameters_is_renewed_once_proved():
    weak = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash("a horse that reads")
    is_right, renewed = await verify_and_renew(weak, "a horse that reads")
    assert is_right
    assert renewed is not None
    assert await verify_and_renew(renewed, "a horse that reads") == (True, None)
    assert await verify_and_renew(weak, "wrong") == (False, None)


async def test_a_stranger_is_refused_no_faster_than_somebody_known():
    kept = await hash_password("a horse that reads")
    await verify_password(None, "warm")

    async def seconds(password_hash: str | None) -> float:
        began = time.perf_counter()
        await verify_password(password_hash, "another password")
        return time.perf_counter() - began

    # The best of three: a machine with other work may be slow, but it is never fast by accident.
    known = min([await seconds(kept) for _ in range(3)])
    unknown = min([await seconds(None) for _ in range(3)])
    assert unknown > known / 2


@pytest.mark.parametrize(("length", "refusal"), [(0, PasswordTooShort), (11, PasswordTooShort), (257, PasswordTooLong)])
def test_a_password_has_12_to_256_characters(length: int, refusal: type[Exception]):
    with pytest.raises(refusal):
        check_password("x" * length)


def test_what_we_make_up_passes_and_differs():
    made = {generate_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password)
