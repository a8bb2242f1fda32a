"""The seller whose accounts the sandbox plays."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Seller:
    """Name, address, company and IANA zone of the person whose mailbox, Drive and calendars these are."""

    name: str
    address: str
    company: str
    time_zone: str


SELLER = Seller("Mara Lindqvist", "mara@brightpath.example", "Brightpath", "Europe/Berlin")
