"""What can go wrong with a provider, by what to do about it.

ProviderError
  Transient          try again later, not before `retry_after_seconds` (0: any time); `may_have_acted` says
                     whether a write could have happened
  RateLimited        try again after `retry_after_seconds`
  AuthExpired        park the tenant's connector; no retry is spent
  Permanent          never try again
    Missing          the provider knows no such thing
    AlreadyExists    the provider has it already; `existing_id` names it
"""

from typing import ClassVar

from sales_agent.kit.errors import AppError


class ProviderError(AppError):
    """A provider did not do what it was asked."""

    status = 502
    error_class: ClassVar[str] = "permanent"

    def __init__(self, detail: str = "", *, provider: str = "", http_status: int | None = None) -> None:
        super().__init__(detail, provider=provider, http_status=http_status)
        self.provider = provider
        self.http_status = http_status


class Transient(ProviderError):
    """A provider could not answer just now."""

    error_class = "transient"

    def __init__(
        self,
        detail: str = "",
        *,
        provider: str = "",
        http_status: int | None = None,
        may_have_acted: bool = True,
        retry_after_seconds: float = 0.0,
    ) -> None:
        super().__init__(detail, provider=provider, http_status=http_status)
        self.may_have_acted = may_have_acted
        self.retry_after_seconds = retry_after_seconds


class RateLimited(ProviderError):
    """A provider asks to wait."""

    error_class = "rate_limited"

    def __init__(
        self, detail: str = "", *, provider: str = "", http_status: int | None = None, retry_after_seconds: float = 1.0
    ) -> None:
        super().__init__(detail, provider=provider, http_status=http_status)
        self.retry_after_seconds = retry_after_seconds


class AuthExpired(ProviderError):
    """A provider no longer accepts the credential; connect the account again."""

    error_class = "auth_expired"


class Permanent(ProviderError):
    """A provider refused, and would refuse again."""


class Missing(Permanent):
    """The provider knows no such thing."""


class AlreadyExists(Permanent):
    """The provider has this already."""

    def __init__(self, detail: str = "", *, provider: str = "", existing_id: str = "") -> None:
        super().__init__(detail, provider=provider, http_status=409)
        self.existing_id = existing_id
