"""Where the bearer token of a call comes from: a fixed one, a Google refresh token, or none."""

import asyncio
import time
from dataclasses import dataclass
from typing import Protocol

from sales_agent.connectors.answer import count_at, text_at
from sales_agent.connectors.call import ProviderCall, Retry
from sales_agent.connectors.errors import AuthExpired, ProviderError, Transient
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.vendor import Refusal, Vendor

# Renewed this long before it expires, so that no call goes out with a token that dies on the way.
_EARLY_SECONDS = 60.0


class TokenSource(Protocol):
    """Gives the token of one account."""

    async def token(self, transport: Transport, *, rejected: str = "") -> str:
        """A token, other than the `rejected` one where the source can renew it; "" for a server that wants none.

        Raises AuthExpired when there is none to be had, Transient or RateLimited when there is none just now.
        """
        ...


@dataclass(frozen=True, slots=True)
class StaticToken:
    """A token that does not change: a HubSpot service key, an API key. Empty: the account is not connected."""

    value: str

    async def token(self, transport: Transport, *, rejected: str = "") -> str:
        """The token, whether it was rejected or not: there is no other."""
        del transport, rejected
        if not self.value:
            raise AuthExpired("no credential is set")
        return self.value


@dataclass(frozen=True, slots=True)
class NoToken:
    """For a local OpenAI-compatible server that asks for no key."""

    async def token(self, transport: Transport, *, rejected: str = "") -> str:
        """Always the empty string: no Authorization header is sent."""
        del transport, rejected
        return ""


def _revoked_or_misconfigured(refusal: Refusal) -> ProviderError | None:
    """`invalid_grant` ends this mailbox's access; `invalid_client` is our own setting and revokes nobody."""
    word = text_at(refusal.body, "error")
    if word == "invalid_grant":
        return AuthExpired(word, provider=refusal.vendor, http_status=refusal.status)
    if word in {"invalid_client", "unauthorized_client"}:
        return refusal.permanent(word)
    return None


GOOGLE_OAUTH = Vendor(
    "google_oauth", read_refusal=_revoked_or_misconfigured, code_of=lambda body: text_at(body, "error")
)


class GoogleRefreshToken:
    """Exchanges a refresh token for access tokens of an hour; many calls at once wait for one exchange."""

    def __init__(self, *, token_url: str, client_id: str, client_secret: str, refresh_token: str) -> None:
        self._token_url = token_url
        self._form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        self._token = ""
        self._good_until = 0.0
        self._lock = asyncio.Lock()

    async def token(self, transport: Transport, *, rejected: str = "") -> str:
        """The present token, or a new one when it is about to expire or is the rejected one."""
        async with self._lock:
            if not self._token or self._token == rejected or time.monotonic() >= self._good_until:
                await self._refresh(transport)
            return self._token

    async def _refresh(self, transport: Transport) -> None:
        began = time.monotonic()
        answer = await transport.call(
            ProviderCall(GOOGLE_OAUTH, "POST", self._token_url, "", form=self._form, retry=Retry.READ)
        )
        token = text_at(answer, "access_token")
        if not token:
            raise Transient("the answer has no access_token", provider=GOOGLE_OAUTH.name, may_have_acted=False)
        self._token = token
        self._good_until = began + count_at(answer, "expires_in") - _EARLY_SECONDS
