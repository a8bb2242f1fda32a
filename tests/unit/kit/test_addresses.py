"""Two spellings of one mailbox are one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales_agent.kit.addresses import canonical_address


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("ada@fabrikam.example", "ada@fabrikam.example"),
        ("  Ada@Fabrikam.Example ", "ada@fabrikam.example"),
        ("ada+forms@fabrikam.example", "ada@fabrikam.example"),
        ("ada+a+b@fabrikam.example", "ada@fabrikam.example"),
        ("+ada@fabrikam.example", "+ada@fabrikam.example"),
        ('"a@b"@fabrikam.example', '"a@b"@fabrikam.example'),
        ("A.d.a+x@GoogleMail.com", "ada@gmail.com"),
        ("a.da@fabrikam.example", "a.da@fabrikam.example"),
        ("...@gmail.com", "...@gmail.com"),
        ("ada@fabrikam.example.", "ada@fabrikam.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("ada@BU\u0308CHER.example", "ada@bücher.example"),
        ("ada@xn--999999999.example", "ada@xn--999999999.example"),
        ("ada@xn--ü.example", "ada@xn--ü.example"),
        ("ada", ""),
        ("ada@", ""),
        ("@fabrikam.example", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_mailbox_are_compared_as_one(address: str, canonical: str):
    assert canonical_address(address) == canonical


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_canonical_address_is_its_own_canonical_address(name: str, domain: str):
    canonical = canonical_address(f"{name}@{domain}")

    assert canonical_address(canonical) == canonical
