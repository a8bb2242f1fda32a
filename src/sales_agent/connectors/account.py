"""One account at one provider: the only way connectors call out, reads apart from writes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sales_agent.connectors.answer import JsonObject
from sales_agent.connectors.call import ProviderCall, Query, Retry
from sales_agent.connectors.errors import AuthExpired, Transient
from sales_agent.connectors.oauth import TokenSource
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.vendor import Vendor

NO_PARAMS: Mapping[str, str] = {}


class Reads(Protocol):
    """What a reader holds: an account it cannot write to."""

    async def read(
        self, path: str, params: Mapping[str, str] = NO_PARAMS, *, query: Query = (), json: object = None
    ) -> JsonObject:
        """A call that changes nothing, so it is asked again when it fails; POST when `json` is given."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """Reads and writes of one account. A token the provider rejects is renewed once: a 401 has done nothing."""

    transport: Transport
    vendor: Vendor
    base_url: str
    tokens: TokenSource
    patience: float = 1.0

    async def read(
        self, path: str, params: Mapping[str, str] = NO_PARAMS, *, query: Query = (), json: object = None
    ) -> JsonObject:
        """A call that changes nothing, so it is asked again when it fails; POST when `json` is given."""
        method = "GET" if json is None else "POST"
        return await self._call(self._request(method, path, params, query, json, Retry.READ))

    async def write(
        self, path: str, params: Mapping[str, str] = NO_PARAMS, *, json: object, permit: Permit, method: str = "POST"
    ) -> JsonObject:
        """A request that changes something, asked once. Raises PermitLapsed where it is too late to begin."""
        return await self._call(self._request(method, path, params, (), json, Retry.NEVER), permit)

    async def write_but_once(
        self, path: str, params: Mapping[str, str] = NO_PARAMS, *, json: object, permit: Permit
    ) -> JsonObject:
        """A POST that is one request for one permit, whatever comes back.

        A rejected token is renewed for the next permit: Transient says that nothing was done.
        """
        token = await self.tokens.token(self.transport)
        try:
            return await self._attempt(
                _signed(self._request("POST", path, params, (), json, Retry.NEVER), token), permit
            )
        except AuthExpired as error:
            if await self.tokens.token(self.transport, rejected=token) == token:
                raise
            detail = "the token was out of date and is renewed"
            raise Transient(detail, provider=self.vendor.name, may_have_acted=False) from error

    def _request(
        self, method: str, path: str, params: Mapping[str, str], query: Query, json: object, retry: Retry
    ) -> ProviderCall:
        return ProviderCall(
            self.vendor,
            method,
            self.base_url,
            path,
            params=params,
            query=query,
            json=json,
            retry=retry,
            patience=self.patience,
        )

    async def _call(self, request: ProviderCall, permit: Permit | None = None) -> JsonObject:
        token = await self.tokens.token(self.transport)
        try:
            return await self._attempt(_signed(request, token), permit)
        except AuthExpired:
            renewed = await self.tokens.token(self.transport, rejected=token)
            if renewed == token:
                raise
        return await self._attempt(_signed(request, renewed), permit)

    async def _attempt(self, request: ProviderCall, permit: Permit | None) -> JsonObject:
        if permit is None:
            return await self.transport.call(request)
        permit.confirm()
        return await self.transport.call(replace(request, begins_within_seconds=permit.seconds_left()))


def _signed(request: ProviderCall, token: str) -> ProviderCall:
    if not token:
        return request
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})
