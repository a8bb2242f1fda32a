"""Which bearer tokens the sandbox takes: any that begins with `sandbox-`, until it is revoked."""

import dataclasses
from typing import Any

# Every token of the sandbox begins so; a real credential sent here by mistake is refused.
PREFIX = "sandbox-"
# Tokens with these beginnings play a role from the start, so that a test needs no preparation.
_ALWAYS_REVOKED = ("sandbox-revoked", "sandbox-expired")
_NARROW = "sandbox-narrow"


@dataclasses.dataclass(slots=True)
class TokenStore:
    """Revoked tokens and the count of those issued."""

    revoked: set[str] = dataclasses.field(default_factory=set[str])
    issued: int = 0

    def is_accepted(self, token: str) -> bool:
        return token.startswith(PREFIX) and not token.startswith(_ALWAYS_REVOKED) and token not in self.revoked

    def is_narrow(self, token: str) -> bool:
        """Accepted, but granted too few scopes for anything."""
        return token.startswith(_NARROW)

    def issue(self, kind: str) -> str:
        """A new token; its kind is in its name."""
        self.issued += 1
        return f"{PREFIX}{kind}-{self.issued:06d}"

    def dump(self) -> dict[str, Any]:
        return {"revoked": sorted(self.revoked), "issued": self.issued}

    def load(self, saved: dict[str, Any]) -> None:
        self.revoked, self.issued = set(saved["revoked"]), saved["issued"]
