"""Two spellings of one mailbox are one person."""

import pytest

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
        ("ada", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_mailbox_are_compared_as_one(address: str, canonical: str):
    assert canonical_address(address) == canonical
