"""THE table of vendors: which paths are whose, which endpoints they serve, and how they refuse."""

import dataclasses
from collections.abc import Callable, Iterable
from http import HTTPStatus

from sales_agent.sandbox.google import (
    calendar_events,
    calendar_list,
    drive,
    free_busy,
    gmail_drafts,
    gmail_labels,
    gmail_reading,
)
from sales_agent.sandbox.google import errors as google_errors
from sales_agent.sandbox.google import token_endpoint as google_tokens
from sales_agent.sandbox.hubspot import associations, forms, objects, owners, search
from sales_agent.sandbox.hubspot import errors as hubspot_errors
from sales_agent.sandbox.hubspot import token_endpoint as hubspot_tokens
from sales_agent.sandbox.openai import chat, embeddings, models
from sales_agent.sandbox.openai import errors as openai_errors
from sales_agent.sandbox.routing import Route, RouteTable
from sales_agent.sandbox.wire import Answer, Provider


@dataclasses.dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor's share of the server. `needs_token` is false where a request carries its own proof."""

    provider: Provider
    prefixes: tuple[str, ...]
    routes: Iterable[Route]
    error_of_status: Callable[[int, str], Answer]
    unauthenticated: Callable[..., Answer]
    needs_token: bool = True


def _google_error(status: int, reason: str) -> Answer:
    return google_errors.error(status, reason=reason)


def _oauth_error(status: int, reason: str) -> Answer:
    return Answer({"error": reason or "internal_failure", "error_description": "Bad Request"}, status)


_GMAIL = (*gmail_drafts.ROUTES, *gmail_labels.ROUTES, *gmail_reading.ROUTES)
_CALENDAR = (*free_busy.ROUTES, *calendar_events.ROUTES, *calendar_list.ROUTES)
_HUBSPOT = (*search.ROUTES, *associations.ROUTES, *objects.ROUTES, *owners.ROUTES, *forms.ROUTES)
_OPENAI = (*chat.ROUTES, *embeddings.ROUTES, *models.ROUTES)
_HUBSPOT_REFUSES = (hubspot_errors.error_of_status, hubspot_errors.unauthenticated)
_GOOGLE_REFUSES = (_google_error, google_errors.unauthenticated)
_OPENAI_REFUSES = (openai_errors.error_of_status, openai_errors.unauthenticated)

VENDORS = (
    Vendor(Provider.HUBSPOT, ("/oauth/",), hubspot_tokens.ROUTES, *_HUBSPOT_REFUSES, needs_token=False),
    Vendor(Provider.HUBSPOT, ("/crm/", "/form-integrations/", "/account-info/"), _HUBSPOT, *_HUBSPOT_REFUSES),
    Vendor(Provider.GMAIL, ("/gmail/",), _GMAIL, *_GOOGLE_REFUSES),
    Vendor(Provider.DRIVE, ("/drive/",), drive.ROUTES, *_GOOGLE_REFUSES),
    Vendor(Provider.CALENDAR, ("/calendar/",), _CALENDAR, *_GOOGLE_REFUSES),
    Vendor(
        Provider.GOOGLE_OAUTH,
        ("/token",),
        google_tokens.ROUTES,
        _oauth_error,
        google_errors.unauthenticated,
        needs_token=False,
    ),
    Vendor(Provider.OPENAI, ("/v1/",), _OPENAI, *_OPENAI_REFUSES),
)


def route_table() -> RouteTable:
    table = RouteTable()
    for vendor in VENDORS:
        table.add(vendor.provider, vendor.routes)
    return table


def vendor_of(path: str) -> Vendor | None:
    """Whose path this is; None for nobody's."""
    return next((vendor for vendor in VENDORS if path.startswith(vendor.prefixes)), None)


def nobodys_path(path: str) -> Answer:
    return Answer({"error": f"no vendor serves {path}"}, HTTPStatus.NOT_FOUND)
