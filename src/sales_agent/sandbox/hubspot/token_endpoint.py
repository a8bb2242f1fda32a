"""HubSpot's OAuth token endpoint: refresh tokens and codes become access tokens of half an hour."""

from http import HTTPStatus

from sales_agent.sandbox.hubspot.owners import PORTAL_ID
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# How long HubSpot's access tokens live, in seconds.
ACCESS_TOKEN_SECONDS = 1800


def issue(call: Call) -> Answer:
    """An access token, or HubSpot's own words for why not: BAD_CLIENT_ID, BAD_REFRESH_TOKEN, BAD_AUTH_CODE."""
    fields = call.fields
    if not fields.get("client_id") or not fields.get("client_secret"):
        return _refused("BAD_CLIENT_ID", "missing or invalid client id")
    grant = fields.get("grant_type")
    if grant == "refresh_token":
        refresh_token = str(fields.get("refresh_token") or "")
        if not call.world.tokens.is_accepted(refresh_token):
            return _refused("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
    elif grant == "authorization_code" and str(fields.get("code") or "").startswith("sandbox-"):
        refresh_token = call.world.tokens.issue("hubspot-refresh")
    elif grant == "authorization_code":
        return _refused("BAD_AUTH_CODE", "missing or unknown auth code")
    else:
        return _refused("BAD_GRANT_TYPE", "missing or unknown grant type")
    body = {
        "token_type": "bearer",
        "refresh_token": refresh_token,
        "access_token": call.world.tokens.issue("hubspot-access"),
        "expires_in": ACCESS_TOKEN_SECONDS,
        "hub_id": PORTAL_ID,
    }
    return Answer(body)


def _refused(status: str, message: str) -> Answer:
    return Answer({"status": status, "message": message}, HTTPStatus.BAD_REQUEST)


ROUTES = (
    Route("POST", "/oauth/v1/token", issue),
    Route("POST", "/oauth/v3/token", issue),
    Route("POST", "/oauth/2026-03/token", issue),
    Route("POST", "/oauth/2026-09/token", issue),
)
