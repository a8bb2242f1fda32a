"""What people write down of whom not to write to, as entries of the list: an address, its digest, or a domain."""

import re
from typing import Final

from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.suppression_repository import NewSuppression
from sales_agent.kit.addresses import canonical_address, canonical_domain
from sales_agent.kit.crypto import digest
from sales_agent.kit.errors import InvalidInput

# RFC 5321: no path is longer.
_LONGEST: Final = 254

# Written alone: no name beside it, no second address, nothing that cannot be stored.
_ADDRESS: Final = re.compile(r"[^\s@,;<>()\x00-\x1f\x7f\ud800-\udfff]+@(.+)")

# Two labels at least: one alone would be a whole country.
_DOMAIN: Final = re.compile(r"([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W_]([\w-]{0,61}[^\W_])?")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class AddressNotUnderstood(InvalidInput):
    """This is no mail address, written alone and in full."""


class DomainNotUnderstood(InvalidInput):
    """This is no domain of at least two parts, such as fabrikam.example."""


class DigestNotUnderstood(InvalidInput):
    """This is no hex SHA-256 of a canonical address."""


class ReasonNotKnown(InvalidInput):
    """This is none of the reasons for which somebody is not written to."""


def address_entry(email: str, reason: str) -> NewSuppression:
    """An entry for one person. Raises AddressNotUnderstood, ReasonNotKnown."""
    written = _ADDRESS.fullmatch(email.strip())
    if written is None or len(email) > _LONGEST or not _is_domain(canonical_domain(written[1])):
        raise AddressNotUnderstood
    return NewSuppression(address_digest(email), _known(reason))


def digest_entry(written: str, reason: str) -> NewSuppression:
    """An entry for one person of whom only the digest is known. Raises DigestNotUnderstood, ReasonNotKnown."""
    if not is_digest(written):
        raise DigestNotUnderstood
    return NewSuppression(written.strip().lower(), _known(reason))


def domain_entry(written: str, reason: str) -> NewSuppression:
    """An entry for everybody at a domain and below it. Raises DomainNotUnderstood, ReasonNotKnown."""
    domain = canonical_domain(written.strip().removeprefix("@"))
    if not _is_domain(domain):
        raise DomainNotUnderstood
    return NewSuppression(domain_digest(domain), _known(reason), domain)


def is_digest(written: str) -> bool:
    """Whether this can be the digest of an address."""
    return _DIGEST.fullmatch(written.strip().lower()) is not None


def address_digest(email: str) -> str:
    """What is kept of an address: the hex SHA-256 of its canonical form."""
    return digest(canonical_address(email))


def domain_digest(domain: str) -> str:
    """What a canonical domain is found by: never an address's digest, since no address begins with an at sign."""
    return digest(f"@{domain}")


def digests_covering(email: str) -> tuple[str, ...]:
    """Under which digests an entry would cover this address: its own, its domain's and those of all above; or none."""
    address = canonical_address(email)
    labels = address.rpartition("@")[2].split(".") if address else []
    domains = (".".join(labels[start:]) for start in range(len(labels)))
    return (digest(address), *map(domain_digest, domains)) if address else ()


def _is_domain(domain: str) -> bool:
    return len(domain) <= _LONGEST and _DOMAIN.fullmatch(domain) is not None


def _known(reason: str) -> SuppressionReason:
    try:
        return SuppressionReason(reason)
    except ValueError as error:
        raise ReasonNotKnown from error
