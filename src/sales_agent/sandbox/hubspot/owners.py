"""The people of the portal who own records, and the portal itself."""

from sales_agent.sandbox.hubspot.errors import not_found
from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call

# The portal every record of the sandbox lives in.
PORTAL_ID = 24601357


def list_owners(call: Call) -> Answer:
    """Owners in pages of at most 500; `email` narrows to one."""
    email = call.query.get("email").lower()
    owners = [owner for owner in call.world.crm.owners.values() if not email or owner["email"] == email]
    limit, after = call.count("limit", 100, 500), int(call.query.get("after") or 0)
    body: JsonObject = {"results": owners[after : after + limit]}
    if after + limit < len(owners):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body)


def read_owner(call: Call) -> Answer:
    """One owner by its id, or by its user id with `idProperty=userId`."""
    key = call.params["owner_id"]
    if call.query.get("idProperty") == "userId":
        owner = next((o for o in call.world.crm.owners.values() if str(o["userId"]) == key), None)
    else:
        owner = call.world.crm.owners.get(key)
    if owner is None:
        raise not_found(f"No owner with id {key}")
    return Answer(owner)


def read_account(_call: Call) -> Answer:
    """Which portal a token belongs to, and its time zone."""
    body: JsonObject = {
        "portalId": PORTAL_ID,
        "accountType": "STANDARD",
        "timeZone": "Europe/Berlin",
        "companyCurrency": "EUR",
        "additionalCurrencies": [],
        "utcOffset": "+01:00",
        "utcOffsetMilliseconds": 3_600_000,
        "uiDomain": "app.hubspot.example",
        "dataHostingLocation": "eu1",
    }
    return Answer(body)


ROUTES = (
    Route("GET", "/crm/owners/{version}", list_owners),
    Route("GET", "/crm/owners/{version}/{owner_id}", read_owner),
    Route("GET", "/account-info/v3/details", read_account),
)
