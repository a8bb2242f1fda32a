"""When two spellings of a mail address are one person: the comparison every table and every list uses."""

import unicodedata
from typing import Final

# Here dots in the name mean nothing, and both domains are one. At companies that use Google's mail, dots do count.
_GMAIL: Final = frozenset({"gmail.com", "googlemail.com"})

# Marks a label that is written in ASCII for machines (RFC 3492).
_ENCODED_LABEL: Final = "xn--"

# No label of a domain is longer (RFC 1035), and decoding takes the square of the length.
_LONGEST_LABEL: Final = 63


def canonical_address(address: str) -> str:
    """One spelling for each person; the empty string for what is no address.

    Lower case, without a plus tag (`Ada+news@Fabrikam.example` is `ada@fabrikam.example`), the domain as people read
    it, and without dots at Gmail (`a.da@googlemail.com` is `ada@gmail.com`). To compare by, never to write to.
    """
    written, _, host = unicodedata.normalize("NFC", address.strip().lower()).rpartition("@")
    domain = canonical_domain(host)
    name = written.partition("+")[0] or written
    if domain == "gmail.com":
        name = name.replace(".", "") or name
    return f"{name}@{domain}" if name and domain else ""


def canonical_domain(domain: str) -> str:
    """One spelling for each mail domain: lower case, without the final dot, `xn--` labels in their own letters."""
    labels = unicodedata.normalize("NFC", domain.strip().lower()).rstrip(".").split(".")
    readable = ".".join(_readable(label) for label in labels)
    return "gmail.com" if readable in _GMAIL else readable


def _readable(label: str) -> str:
    if not label.startswith(_ENCODED_LABEL) or len(label) > _LONGEST_LABEL:
        return label
    try:
        decoded = label.removeprefix(_ENCODED_LABEL).encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    return unicodedata.normalize("NFC", decoded.lower())
