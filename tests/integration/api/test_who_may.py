"""Every route says who may use it: read from the application's own route table, so that none can be forgotten."""

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from sales_agent.config import Settings
from sales_agent.kit.ids import new_id
from sales_agent.main import create_app

# Answered without a credential, each with its reason.
OPEN = {
    ("POST", "/api/webhooks/hubspot/form-submission"): "HubSpot proves itself by its signature",
    ("GET", "/u/{token}"): "a person opens it from a mail: the sealed token is the credential, and nothing changes",
    ("POST", "/u/{token}"): "a mail program's one click has no session: the token opens nothing but the way out",
    ("GET", "/health"): "probes have no credential, and nothing is told",
    ("GET", "/health/live"): "as /health",
    ("GET", "/health/ready"): "as /health: names of parts and classes of errors",
    ("GET", "/metrics"): "counts without anybody's data; a proxy keeps it inside",
    ("GET", "/openapi.json"): "the description is public with the source",
    ("GET", "/docs"): "the same as the document it is written from",
}


def doors() -> list[tuple[str, str]]:
    """Every method and path the application serves, those of included routers too."""
    routes = iter_route_contexts(create_app(Settings(_env_file=None)).routes)
    return sorted((method, route.path) for route in routes for method in route.methods or () if method != "HEAD")


def test_the_route_table_is_read_whole():
    assert ("GET", "/api/workflows") in doors()
    assert ("POST", "/api/demo/lead") in doors()
    assert set(OPEN) <= set(doors())


@pytest.mark.parametrize("door", [door for door in doors() if door not in OPEN], ids=" ".join)
async def test_without_a_credential_a_door_stays_shut(client: httpx2.AsyncClient, door: tuple[str, str]):
    method, path = door
    filled = "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))

    answer = await client.request(method, filled)

    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_missing")
