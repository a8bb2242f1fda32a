"""Google's OAuth token endpoint: refresh tokens and codes become access tokens of an hour."""

from http import HTTPStatus

from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# How long Google says its access tokens live, in seconds.
ACCESS_TOKEN_SECONDS = 3599

_SCOPES = " ".join(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("gmail.modify", "drive.readonly", "calendar.events", "calendar.readonly")
)


def issue(call: Call) -> Answer:
    """An access token; a refresh token comes along only with a code, never with a refresh."""
    fields = call.fields
    if not fields.get("client_id") or not fields.get("client_secret"):
        return _refused("invalid_client", "The OAuth client was not found.", HTTPStatus.UNAUTHORIZED)
    body: JsonObject = {
        "access_token": call.world.tokens.issue("google-access"),
        "expires_in": ACCESS_TOKEN_SECONDS,
        "scope": _SCOPES,
        "token_type": "Bearer",
    }
    grant = fields.get("grant_type")
    if grant == "refresh_token":
        if not call.world.tokens.is_accepted(str(fields.get("refresh_token") or "")):
            return _refused("invalid_grant", "Token has been expired or revoked.")
        return Answer(body)
    if grant == "authorization_code":
        if not str(fields.get("code") or "").startswith("sandbox-"):
            return _refused("invalid_grant", "Malformed auth code.")
        return Answer({**body, "refresh_token": call.world.tokens.issue("google-refresh")})
    return _refused("unsupported_grant_type", f"Invalid grant_type: {grant}")


def _refused(code: str, description: str, status: int = HTTPStatus.BAD_REQUEST) -> Answer:
    return Answer({"error": code, "error_description": description}, status)


ROUTES = (Route("POST", "/token", issue),)
