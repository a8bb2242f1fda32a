"""A link opens the way out for one person and one tenant, and nobody can make one up or bend one."""

import base64
import stat
import string
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_agent.config import Settings
from sales_agent.controls.suppression_entries import address_digest
from sales_agent.controls.unsubscribe import UnsubscribeKeyInvalid, UnsubscribeLinks, load_unsubscribe_key

TENANT = UUID("01a1fd33-7d38-7a59-a674-69d7333722a4")
LINKS = UnsubscribeLinks("https://agent.fabrikam.example/", b"k" * 32)
ALPHABET = string.ascii_letters + string.digits + "-_"


def token_of(links: UnsubscribeLinks = LINKS, tenant_id: UUID = TENANT, address: str = "ada@contoso.example") -> str:
    return links.link(tenant_id, address).rpartition("/")[2]


def settings(data_dir: Path, key: str = "") -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, unsubscribe_key=key)  # pyright: ignore[reportCallIssue, reportArgumentType]


@given(st.uuids(), st.emails())
def test_a_link_says_for_ever_who_and_from_whom(tenant_id: UUID, address: str):
    assert LINKS.read(token_of(tenant_id=tenant_id, address=address)) == (tenant_id, address_digest(address))


def test_every_spelling_of_an_address_gets_the_same_link():
    assert token_of(address="Ada+news@Contoso.example") == token_of()
    assert LINKS.link(TENANT, "ada@contoso.example").startswith("https://agent.fabrikam.example/u/")


@given(st.integers(0, 91), st.sampled_from(ALPHABET))
def test_a_token_with_another_character_anywhere_is_none(place: int, character: str):
    token = token_of()
    bent = token[:place] + character + token[place + 1 :]

    assert (LINKS.read(bent) is None) == (bent != token)


@given(st.integers(0, 68), st.integers(1, 255))
def test_a_token_with_another_byte_anywhere_is_none(place: int, change: int):
    raw = bytearray(base64.urlsafe_b64decode(token_of()))
    raw[place] ^= change

    assert LINKS.read(base64.urlsafe_b64encode(raw).decode()) is None


@given(st.text(max_size=120))
def test_any_other_text_is_none(text: str):
    assert LINKS.read(text) is None


@pytest.mark.parametrize("shape", ["{}=", "{} ", "\n{}", "{}\n", "{}A", "{}%3D"])
def test_a_token_has_one_spelling(shape: str):
    assert LINKS.read(shape.format(token_of())) is None


def test_another_key_reads_nothing_and_the_key_is_not_shown():
    other = UnsubscribeLinks("https://agent.fabrikam.example", b"o" * 32)

    assert other.read(token_of()) is None
    assert "kkkk" not in repr(LINKS)


def test_a_token_of_another_version_is_none_even_under_our_key():
    said = b"\x02" + TENANT.bytes + bytes(32)
    seal = LINKS._seal(said)  # noqa: SLF001 - nobody else can make one

    assert LINKS.read(base64.urlsafe_b64encode(said + seal).decode()) is None


def test_without_a_setting_a_key_is_made_once_for_its_owner_alone(tmp_path: Path):
    first, second = load_unsubscribe_key(settings(tmp_path)), load_unsubscribe_key(settings(tmp_path))

    file = tmp_path / "secrets" / "unsubscribe_key"
    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_given_key_is_used_whatever_becomes_of_the_encryption_keys(tmp_path: Path):
    key = base64.b64encode(b"s" * 40).decode()

    assert load_unsubscribe_key(settings(tmp_path, f" {key}\n")) == b"s" * 40
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", ["short", "c2hvcnQ=", "not base64 at all, but long enough to be a key !!!!!!!!!"])
def test_a_key_of_another_form_is_refused(tmp_path: Path, wrong: str):
    with pytest.raises(UnsubscribeKeyInvalid):
        load_unsubscribe_key(settings(tmp_path, wrong))
