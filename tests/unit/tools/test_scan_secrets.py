"""The secret scan sees tokens by their shape, names the kind and never repeats the token."""

import pytest

from tools.scan_secrets import found_in

# Put together here, so that no scan takes this file for a leak.
TOKENS = {
    "AWS Access Key": "AKIA" + "QW3RTYUIOPASDFGH",
    "GitHub Token": "ghp_" + "a1B2" * 9,
    "HubSpot token": "pat-" + "na1-01234567-89ab-cdef-0123-456789abcdef",
    "Google token": "GOCSPX-" + "aB3_" * 6,
    "Private Key": "-----BEGIN " + "RSA PRIVATE KEY-----",
}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_seen_by_its_shape(kind: str) -> None:
    assert list(found_in(["nothing here", f'token = "{TOKENS[kind]}"'])) == [(2, kind)]


@pytest.mark.parametrize("line", ["Berlin is a long way from Donaudampfschifffahrt", "sk-short", "pat-na1-notatoken"])
def test_prose_is_no_secret(line: str) -> None:
    assert not list(found_in([line]))


def test_a_made_up_token_may_say_so() -> None:
    assert not list(found_in([f'token = "{TOKENS["AWS Access Key"]}"  # pragma: allowlist secret']))
