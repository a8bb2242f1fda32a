"""All personal data of a text, each character claimed by one kind only."""

from sales_agent.safety.detectors.addresses import find_addresses
from sales_agent.safety.detectors.credentials import find_credentials
from sales_agent.safety.detectors.folding import fold
from sales_agent.safety.detectors.found import Found
from sales_agent.safety.detectors.identity_numbers import find_cards, find_ibans, find_tax_numbers
from sales_agent.safety.detectors.phones import find_phones

# The surer kind first: a card is not also a telephone number, nor the digits of a token an account.
_DETECTORS = (find_credentials, find_ibans, find_cards, find_tax_numbers, find_addresses, find_phones)


def find_personal_data(text: str) -> tuple[Found, ...]:
    """Everything found, in the order of the text; overlapping finds of a less sure kind are dropped."""
    plain = fold(text)
    kept: list[Found] = []
    for detector in _DETECTORS:
        for found in detector(plain):
            if not any(found.overlaps(other) for other in kept):
                kept.append(found)
    return tuple(sorted(kept, key=lambda found: found.start))
