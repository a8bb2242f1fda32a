"""From a parsed request to the vendor's answer: whose it is, whether it may, and what it does."""

import dataclasses
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sales_agent.sandbox.faults import MODEL_KINDS, Fault
from sales_agent.sandbox.hubspot.paths import folded, is_served
from sales_agent.sandbox.hubspot.rate_limit import RateLimit
from sales_agent.sandbox.openai.chat import with_model_fault
from sales_agent.sandbox.vendors import Vendor, nobodys_path, route_table, vendor_of
from sales_agent.sandbox.wire import Answer, Call, Provider, Query, Refused
from sales_agent.sandbox.world import World


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One request as it came over the wire, its body read and parsed. `path` is still percent-encoded."""

    method: str
    path: str
    query: Query
    headers: Mapping[str, str]
    body: Any
    is_unreadable: bool = False

    @property
    def vendor(self) -> Vendor | None:
        return vendor_of(self.path)

    @property
    def provider(self) -> Provider:
        vendor = self.vendor
        return vendor.provider if vendor else Provider.UNKNOWN


class Performer:
    """Plays requests against a world."""

    def __init__(self) -> None:
        self._routes = route_table()
        self.hubspot_limit = RateLimit()

    def perform(self, request: Request, world: World, fault: Fault | None = None) -> Answer:
        """The vendor's answer, after it did what was asked; `fault` may change what the model says."""
        vendor = request.vendor
        if vendor is None:
            return nobodys_path(request.path)
        is_metered = vendor.provider is Provider.HUBSPOT and vendor.needs_token
        answer = self.hubspot_limit.refusal(world.clock.now_ms()) if is_metered else None
        answer = answer or self._answered(vendor, request, world)
        if fault and fault.kind in MODEL_KINDS and vendor.provider is Provider.OPENAI:
            answer = with_model_fault(answer, fault.kind)
        if is_metered and not request.path.endswith("/search"):
            answer = dataclasses.replace(answer, headers={**answer.headers, **self.hubspot_limit.headers()})
        return answer

    def _answered(self, vendor: Vendor, request: Request, world: World) -> Answer:
        if vendor.needs_token and (refusal := _token_refusal(vendor, request, world)):
            return refusal
        path = folded(request.path)
        match = self._routes.find(request.method, path)
        if match is None or match.provider is not vendor.provider or not is_served(path):
            return vendor.error_of_status(HTTPStatus.NOT_FOUND, "")
        if request.is_unreadable:
            return vendor.error_of_status(HTTPStatus.BAD_REQUEST, "")
        call = Call(world, request.method, request.path, match.params, request.query, request.headers, request.body)
        try:
            return match.route.act(call)
        except Refused as refused:
            return refused.answer


def _token_refusal(vendor: Vendor, request: Request, world: World) -> Answer | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return vendor.unauthenticated()
    if not world.tokens.is_accepted(token.strip()):
        return vendor.unauthenticated(is_expired=True)
    if world.tokens.is_narrow(token):
        return vendor.error_of_status(HTTPStatus.FORBIDDEN, "")
    return None
