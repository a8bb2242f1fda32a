"""NUL and half characters, which no column keeps: every door refuses them in every text it takes; none breaks."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.kit.db import Database
from sales_agent.pipeline.intake.schemas import PATH as WEBHOOK
from tests.factories.api import headers_for
from tests.integration.api.changing_doors import CALLS, Place
from tests.integration.api.doors import Bodies, Door, application, doors

# A stop is heard however its reason is spelt, and a resume beside it: shown with the kill switch. A webhook's texts are
# made storable: shown with the hostile bodies.
STOPS = {"/api/admin/emergency-stop", "/api/admin/emergency-resume", "/api/admin/emergency-status"}
# Pages, not of the API: no opt-out is lost over its form.
PAGES = {"/", "/docs", "/openapi.json", "/u/{token}"}

DOORS = [door for door in doors() if door.path not in STOPS | PAGES | {WEBHOOK}]
ODD = {"NUL": "a\x00b", "half a character": "a\ud800b"}

REFUSED = (400, "text_not_storable")
AS_JSON = {"Content-Type": "application/json"}

BODIES = Bodies()
DOCUMENT = application().openapi()


def described(door: Door) -> Mapping[str, Any]:
    return DOCUMENT["paths"].get(door.path, {}).get(door.method.lower(), {})


def queries(door: Door) -> list[str]:
    """The names of what it takes behind the question mark."""
    return [known["name"] for known in described(door).get("parameters", ()) if known["in"] == "query"]


def texts_in(schema: Mapping[str, Any], odd: str) -> Iterator[Any]:
    """Values that fit the schema but for one text in them, which is odd: each text in turn, and each free name."""
    if "$ref" in schema:
        yield from texts_in(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], odd)
    for kind in ("anyOf", "oneOf", "allOf"):
        for below in schema.get(kind, ()):
            yield from texts_in(below, odd)
    match schema.get("type"):
        case "string":
            yield odd
        case "array":
            yield from ([value] for value in texts_in(schema.get("items", {}), odd))
        case "object":
            yield from objects_in(schema, odd)
        case None:
            if not schema.keys() & {"$ref", "anyOf", "oneOf", "allOf"}:
                yield odd
        case _:
            pass


def objects_in(schema: Mapping[str, Any], odd: str) -> Iterator[Any]:
    """Objects with an odd text in one of their fields, or in what is free in them."""
    for name, below in schema.get("properties", {}).items():
        yield from ({name: value} for value in texts_in(below, odd))
    if schema.get("additionalProperties", "properties" not in schema):
        yield from ({odd: 1}, {"name": odd}, {"name": {"below": [odd]}})


def bodies(door: Door, odd: str) -> Iterator[Any]:
    """What it takes as JSON, with an odd text at each place in turn."""
    content = described(door).get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return
    least = BODIES.of(door)
    for value in texts_in(content["application/json"]["schema"], odd):
        yield {**least, **value} if isinstance(least, dict) and isinstance(value, dict) else value


@pytest.fixture
async def place(client: httpx2.AsyncClient, database: Database, tenant_id: UUID) -> Place:
    return Place(client, database, tenant_id, await headers_for(database, tenant_id, Scope.OWNER))


async def path_of(door: Door, place: Place, **odd: str) -> str:
    """Its path, to something that is there where a row of the calls makes it."""
    call = CALLS.get(door.name)
    ids = await call.prepare(place) if call is not None and not odd else {}
    nobody = UUID(int=0)
    return door.filled({name: ids.get(name, nobody) for name in door.parameters} | odd)


def told(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json().get("code", "")


async def test_no_path_takes_a_nul(place: Place):
    for door in DOORS:
        for name in door.parameters:
            path = await path_of(door, place, **{name: "a%00b"})
            answer = await place.client.request(door.method, path, headers=place.owner, json=BODIES.of(door))
            assert told(answer) == REFUSED, (door, name)


async def test_an_unsubscribe_link_with_a_nul_in_it_is_an_unknown_one(place: Place):
    for method in ("GET", "POST"):
        answer = await place.client.request(method, "/u/a%00b", json={"a\x00": "\x00"})
        assert answer.status_code == 404


async def test_no_query_takes_a_nul(place: Place):
    for door in DOORS:
        path, names = await path_of(door, place), queries(door)
        for name in names:
            answer = await place.client.request(
                door.method, path, headers=place.owner, params={name: "a\x00b"}, json=BODIES.of(door)
            )
            assert told(answer) == REFUSED, (door, name)


@pytest.mark.parametrize("what", ODD)
async def test_no_body_takes_what_cannot_be_kept(place: Place, what: str):
    looked_at = 0
    for door in DOORS:
        path = await path_of(door, place)
        for body in bodies(door, ODD[what]):
            looked_at += 1
            raw = json.dumps(body)
            answer = await place.client.request(door.method, path, content=raw, headers={**place.owner, **AS_JSON})
            assert told(answer) == REFUSED, (door, raw)
            assert answer.json()["context"]["at"][0] == "body"
    assert looked_at > 50


@pytest.mark.parametrize(
    "raw",
    [
        b'{"name": "a\xed\xa0\x80b", "scopes": ["read"]}',
        '{"name": "a\\u0000b", "scopes": ["read"]}'.encode("utf-16"),
        '{"name": "a\\ud800b", "scopes": ["read"]}'.encode("utf-32"),
    ],
)
async def test_other_spellings_of_the_same_are_refused_too(place: Place, raw: bytes):
    headers = {**place.owner, "Content-Type": "application/vnd.ours+json; charset=utf-8"}

    answer = await place.client.post("/api/admin/api-keys", content=raw, headers=headers)

    assert told(answer) == REFUSED


async def test_whole_characters_and_their_spellings_are_kept(place: Place):
    for name in ("Žižka \U0001f600", "\\u0000", "\x01", "a\\ud800"):
        answer = await place.client.post(
            "/api/admin/api-keys", json={"name": name, "scopes": ["read"]}, headers=place.owner
        )
        assert (answer.status_code, answer.json()["details"]["name"]) == (201, name)


async def test_a_list_of_addresses_with_what_cannot_be_kept_breaks_nothing(place: Place):
    for line in ("a\x00b@fabrikam.example", "ada@fabrikam.example,a\x00b", "a\x00b.example"):
        answer = await place.client.post(
            "/api/admin/suppressions/import",
            content=f"address,note\n{line}\n".encode(),
            headers={**place.owner, "Content-Type": "text/csv"},
        )
        assert answer.status_code < 500
