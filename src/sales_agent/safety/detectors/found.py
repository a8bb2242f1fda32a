"""What every detector answers: a kind and a place."""

import re
from dataclasses import dataclass
from enum import StrEnum


class PersonalData(StrEnum):
    """What may not stand in a mail unless it belongs to the two people who write to each other."""

    SSN = "ssn"
    ITIN = "itin"
    IBAN = "iban"
    CARD = "payment_card"
    PHONE = "phone_number"
    ADDRESS = "email_address"
    CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True)
class Found:
    """Characters [start, end) of the text."""

    kind: PersonalData
    start: int
    end: int

    def overlaps(self, other: "Found") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


# How far before a number its name may stand: "social security number (for the background check): ..."
CONTEXT_CHARACTERS = 48

# A number that follows one of these counts things, and belongs to nobody's person.
_COUNTS_THINGS = re.compile(
    r"""(?ix)
    (?: \b(?: orders? | invoices? | rechnung | bestellung | tickets? | cases? | ref | reference | tracking | shipment
            | serial | part | sku | p\.?o | quotes? | version | build | article | item | model | batch | lot | asset
            | isbn | issn | ean | upc | imei | vin | doi | rfc | patent | container | policy | booking | confirmation
            | timestamp | epoch | transaction | portal | form | hub | object | deal | record | revision | commit
            | room | flight | meeting | webinar | passcode | id | sn | s/n | document | licen[cs]e )
        [\s._-]* (?: no | nr | number | num | id | code | key | nummer )? [\s.:#=(]* (?: is | was )? \s* [#:]? \s*
      | [#\u2116] \s*
    ) $
    """
)


def counts_things(text: str, start: int) -> bool:
    """Whether the words just before say that the number is an order's, a ticket's, a part's."""
    return _COUNTS_THINGS.search(text[max(0, start - CONTEXT_CHARACTERS) : start]) is not None
