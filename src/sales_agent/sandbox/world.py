"""Everything the sandbox remembers, in one object that can be written down and taken up again."""

from typing import Any

from sales_agent.sandbox.clock import SandboxClock
from sales_agent.sandbox.google.calendar_store import CalendarStore
from sales_agent.sandbox.google.drive_store import DriveStore
from sales_agent.sandbox.google.mailbox import Mailbox
from sales_agent.sandbox.hubspot.store import CrmStore
from sales_agent.sandbox.seller import SELLER
from sales_agent.sandbox.tokens import TokenStore


class World:
    """One portal, one mailbox, one Drive, one set of calendars: the accounts of one seller."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.crm = CrmStore(clock)
        self.mailbox = Mailbox(clock, SELLER.address, SELLER.name)
        self.drive = DriveStore()
        self.calendars = CalendarStore(SELLER.address, SELLER.time_zone)
        self.tokens = TokenStore()
        self.is_obedient = False

    def dump(self) -> dict[str, Any]:
        return {
            "clock_offset_seconds": self.clock.offset_seconds,
            "crm": self.crm.dump(),
            "mailbox": self.mailbox.dump(),
            "drive": self.drive.dump(),
            "calendars": self.calendars.dump(),
            "tokens": self.tokens.dump(),
            "is_obedient": self.is_obedient,
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Take a dump back into a new, empty world."""
        self.clock.offset_seconds = saved["clock_offset_seconds"]
        self.crm.load(saved["crm"])
        self.mailbox.load(saved["mailbox"])
        self.drive.load(saved["drive"])
        self.calendars.load(saved["calendars"])
        self.tokens.load(saved["tokens"])
        self.is_obedient = saved["is_obedient"]
