"""The suppression list over HTTP: who may add, look, lift and carry it about, and what is never shown."""

import csv
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import psycopg
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.controls.suppression import is_suppressed, suppress
from sales_agent.controls.suppression_entries import address_digest
from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for, serving

LIST = "/api/admin/suppressions"
ADA = "ada@fabrikam.example"


@dataclass(frozen=True, slots=True)
class Callers:
    """Headers of one tenant's callers, and of another tenant's owner."""

    read: Mapping[str, str]
    operate: Mapping[str, str]
    admin: Mapping[str, str]
    owner: Mapping[str, str]
    stranger: Mapping[str, str]


@pytest.fixture
async def callers(database: Database, tenant_id: UUID, other_tenant_id: UUID) -> Callers:
    scopes = (Scope.READ, Scope.OPERATE, Scope.ADMIN, Scope.OWNER)
    own = [await headers_for(database, tenant_id, scope) for scope in scopes]
    return Callers(*own, stranger=await headers_for(database, other_tenant_id, Scope.OWNER))


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(database_urls.app, data_dir) as client:
        yield client


async def added(client: httpx2.AsyncClient, headers: Mapping[str, str], **body: str) -> dict[str, Any]:
    answer = await client.post(LIST, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def exported(client: httpx2.AsyncClient, headers: Mapping[str, str]) -> str:
    answer = await client.get(f"{LIST}/export", headers=headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return answer.text


async def test_an_operator_adds_a_person_once_and_sees_the_beginning_of_a_digest(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    first = await added(client, callers.operate, address="Ada+x@Fabrikam.example", reason="opt_out")
    again = await added(client, callers.operate, address=ADA)
    listed = (await client.get(LIST, headers=callers.read)).json()

    assert (first["status"], again["status"]) == ("added", "known")
    assert first["entry"] == again["entry"] == listed["items"][0]
    assert (listed["total_count"], listed["next_cursor"]) == (1, None)
    assert first["entry"]["digest_prefix"] == address_digest(ADA)[:12]
    assert (first["entry"]["reason"], first["entry"]["source"], first["entry"]["added_by"]) == (
        "opt_out",
        "operator",
        "api_key:mara",
    )
    assert "fabrikam" not in str(listed).lower()
    async with database.transaction(tenant_id) as session:
        assert await is_suppressed(session, tenant_id, ADA)


async def test_a_domain_is_shown_in_clear_and_covers_its_people(client: httpx2.AsyncClient, callers: Callers):
    entry = (await added(client, callers.operate, domain="Contoso.example", reason="do_not_contact"))["entry"]
    asked = {"address": "x@mail.contoso.example"}
    check = (await client.post(f"{LIST}/check", json=asked, headers=callers.operate)).json()
    other = (await client.post(f"{LIST}/check", json={"address": ADA}, headers=callers.operate)).json()

    assert (entry["kind"], entry["domain"]) == ("domain", "contoso.example")
    assert check == {"suppressed": True, "entries": [entry]}
    assert other == {"suppressed": False, "entries": []}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "request_invalid"),
        ({"address": ADA, "domain": "fabrikam.example"}, 422, "request_invalid"),
        ({"address": ADA, "reason": "bored"}, 422, "request_invalid"),
        ({"address": "ada"}, 400, "address_not_understood"),
        ({"address": "a\ud800@fabrikam.example"}, 400, "text_not_storable"),
        ({"domain": "com"}, 400, "domain_not_understood"),
        ({"address_digest": "abc"}, 400, "digest_not_understood"),
    ],
)
async def test_what_cannot_be_added_says_why(
    client: httpx2.AsyncClient, callers: Callers, body: dict[str, str], status: int, code: str
):
    kind = {"content-type": "application/json"}
    answer = await client.post(LIST, content=json.dumps(body), headers={**callers.operate, **kind})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_admin_lifts_with_a_reason_that_stays(client: httpx2.AsyncClient, callers: Callers):
    entry = (await added(client, callers.operate, address=ADA, reason="bounce"))["entry"]
    place = f"{LIST}/{entry['id']}"

    refused = await client.request("DELETE", place, json={"reason": "it works again"}, headers=callers.operate)
    without = await client.request("DELETE", place, json={}, headers=callers.admin)
    lifted = await client.request("DELETE", place, json={"reason": "it works again"}, headers=callers.admin)
    again = await client.request("DELETE", place, json={"reason": "it works again"}, headers=callers.admin)

    assert [answer.status_code for answer in (refused, without, lifted, again)] == [403, 422, 200, 404]
    assert (await client.get(LIST, headers=callers.read)).json()["items"] == []
    (shown,) = (await client.get(f"{LIST}?with_lifted=true", headers=callers.read)).json()["items"]
    assert (shown["lifted_by"], shown["lifted_because"]) == ("api_key:mara", "it works again")


async def test_an_opt_out_is_lifted_by_an_owner_who_overrides_and_by_nobody_else(
    client: httpx2.AsyncClient, callers: Callers, database_urls: DatabaseUrls
):
    entry = (await added(client, callers.operate, address=ADA, reason="opt_out"))["entry"]
    place, plain = f"{LIST}/{entry['id']}", {"reason": "they asked us to write"}
    override = {**plain, "override": True}

    for headers, body in ((callers.admin, plain), (callers.admin, override), (callers.owner, plain)):
        refused = await client.request("DELETE", place, json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "opt_out_is_final")
    assert (await client.request("DELETE", place, json=override, headers=callers.owner)).status_code == 200

    with psycopg.connect(database_urls.superuser) as connection:
        told = "select action, facts from audit_event where action ~ 'suppress' order by id"
        events = connection.execute(told).fetchall()
    assert [action for action, _ in events] == ["address.suppressed", "suppression.lifted"]
    assert events[1][1] == {"kind": "address", "reason": "opt_out", "is_override": True}


async def test_another_tenants_list_is_neither_seen_nor_touched(client: httpx2.AsyncClient, callers: Callers):
    entry = (await added(client, callers.operate, address=ADA, reason="bounce"))["entry"]
    body = {"reason": "not mine", "override": True}

    assert (await client.get(LIST, headers=callers.stranger)).json()["items"] == []
    check = await client.post(f"{LIST}/check", json={"address": ADA}, headers=callers.stranger)
    assert check.json()["suppressed"] is False
    assert (
        await client.request("DELETE", f"{LIST}/{entry['id']}", json=body, headers=callers.stranger)
    ).status_code == 404
    assert (await exported(client, callers.stranger)).split() == ["kind,address_digest,domain,reason,source,since"]


@pytest.mark.parametrize(
    ("method", "path", "lowest"),
    [
        ("GET", "", "read"),
        ("POST", "", "operate"),
        ("POST", "/check", "operate"),
        ("DELETE", "/0198c0de-0000-7000-8000-000000000001", "admin"),
        ("POST", "/import", "admin"),
        ("GET", "/export", "admin"),
    ],
)
async def test_each_door_asks_for_its_scope(
    client: httpx2.AsyncClient, callers: Callers, method: str, path: str, lowest: str
):
    ranks = ("read", "operate", "admin", "owner")
    for rank in ranks:
        answer = await client.request(method, LIST + path, headers=getattr(callers, rank))
        assert (answer.status_code == 403) == (ranks.index(rank) < ranks.index(lowest)), rank


async def test_what_one_house_exports_another_imports(
    client: httpx2.AsyncClient, callers: Callers, database: Database, other_tenant_id: UUID
):
    await added(client, callers.operate, address=ADA, reason="opt_out")
    await added(client, callers.operate, address="bob@fabrikam.example", reason="bounce")
    await added(client, callers.operate, domain="bücher.example", reason="do_not_contact")
    lifted = (await added(client, callers.operate, address="eve@fabrikam.example", reason="manual"))["entry"]
    await client.request("DELETE", f"{LIST}/{lifted['id']}", json={"reason": "a mistake"}, headers=callers.admin)

    theirs = await exported(client, callers.admin)
    first = await client.post(f"{LIST}/import", content=theirs.encode(), headers=callers.stranger)
    again = await client.post(f"{LIST}/import", content=theirs.encode(), headers=callers.stranger)

    assert first.json() == {"added": 3, "known": 0, "invalid": 0, "invalid_lines": []}
    assert again.json() == {"added": 0, "known": 3, "invalid": 0, "invalid_lines": []}
    told = [
        [row[:4] for row in csv.reader(io.StringIO(text))]
        for text in (theirs, await exported(client, callers.stranger))
    ]
    assert sorted(told[0]) == sorted(told[1])
    assert "fabrikam" not in theirs
    async with database.transaction(other_tenant_id) as session:
        for address in (ADA, "bob@fabrikam.example", "x@xn--bcher-kva.example"):
            assert await is_suppressed(session, other_tenant_id, address)
        assert not await is_suppressed(session, other_tenant_id, "eve@fabrikam.example")


async def test_bad_lines_are_named_and_the_good_ones_added(client: httpx2.AsyncClient, callers: Callers):
    text = f"email\n{ADA}\nnobody\nADA@fabrikam.example\n"

    answer = await client.post(f"{LIST}/import?reason=complaint", content=text.encode(), headers=callers.admin)

    assert answer.json() == {
        "added": 1,
        "known": 1,
        "invalid": 1,
        "invalid_lines": [{"line": 3, "says": "This is no mail address, written alone and in full."}],
    }
    (entry,) = (await client.get(f"{LIST}?reason=complaint", headers=callers.read)).json()["items"]
    assert entry["source"] == "import"


async def test_ten_thousand_lines_are_taken_over_in_seconds_and_handed_out_whole(
    client: httpx2.AsyncClient, callers: Callers
):
    lines = [f"p{number}@fabrikam.example,opt_out" for number in range(10_000)]
    began = time.perf_counter()

    answer = await client.post(
        f"{LIST}/import", content="\n".join(["email,reason", *lines]).encode(), headers=callers.admin
    )

    assert answer.json()["added"] == 10_000
    assert time.perf_counter() - began < 20
    rows = list(csv.DictReader(io.StringIO(await exported(client, callers.admin))))
    assert len({row["address_digest"] for row in rows}) == len(rows) == 10_000
    page = (await client.get(f"{LIST}?limit=200", headers=callers.read)).json()
    assert (page["total_count"], len(page["items"])) == (10_000, 200)
    assert page["next_cursor"] is not None


async def test_a_list_beyond_the_limit_is_refused(client: httpx2.AsyncClient, callers: Callers):
    fits = b"email\n" + b"#" * 3_000_000
    beyond = b"email\n" + b"#" * 6_000_000

    assert (await client.post(f"{LIST}/import", content=fits, headers=callers.admin)).status_code == 200
    assert (await client.post(f"{LIST}/import", content=beyond, headers=callers.admin)).status_code == 413


async def test_what_is_no_text_is_refused(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.post(f"{LIST}/import", content=b"\xff\xfea\x00", headers=callers.admin)

    assert (answer.status_code, answer.json()["code"]) == (400, "list_not_understood")


async def test_the_list_is_paged(client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID):
    for number in range(5):
        async with database.transaction(tenant_id) as session:
            await suppress(session, tenant_id, f"p{number}@fabrikam.example", reason="manual", source="operator")
    seen: list[str] = []
    cursor: str | None = None
    while not seen or cursor is not None:
        query: dict[str, str | int] = {"limit": 2, "kind": "address", **({"cursor": cursor} if cursor else {})}
        page = (await client.get(LIST, params=query, headers=callers.read)).json()
        seen += [entry["digest_prefix"] for entry in page["items"]]
        cursor = page["next_cursor"]

    assert seen == [address_digest(f"p{number}@fabrikam.example")[:12] for number in reversed(range(5))]
