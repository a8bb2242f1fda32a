"""When two spellings of a mail address are one person: the comparison every table and every list uses."""


def canonical_address(address: str) -> str:
    """Lower case, without a plus tag (`Ada+news@Fabrikam.example` is `ada@fabrikam.example`); empty for no address."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}" if at else ""
