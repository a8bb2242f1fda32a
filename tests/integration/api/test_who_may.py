"""Every route says who may use it: read from the application's own route table, so that none can be forgotten."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import HOLDS, Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.access.auth.roles import SCOPE_OF, Role
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.access.auth.tokens import TokenKind, new_token
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.kit.db import Database
from sales_agent.kit.http import PROBLEM_TYPE
from sales_agent.kit.ids import new_id
from tests.conftest import DatabaseUrls
from tests.factories.api import headers_for
from tests.factories.everything import one_row_each
from tests.factories.people import as_browser, make_person, signed_in_as, token_for
from tests.factories.store import store
from tests.integration.api.doors import Bodies, Door, doors
from tests.integration.tenancy.arguments import MARK, marked
from tests.integration.tenancy.test_rows_of_another_tenant import snapshot

# Answered without a credential, each with its reason.
OPEN = {
    ("POST", "/api/webhooks/hubspot/form-submission"): "HubSpot proves itself by its signature",
    ("GET", "/u/{token}"): "a person opens it from a mail: the sealed token is the credential, and nothing changes",
    ("POST", "/u/{token}"): "a mail program's one click has no session: the token opens nothing but the way out",
    (
        "POST",
        "/api/session",
    ): "who signs in has no session yet: the password proves them, and guesses are counted",
    ("GET", "/api/auth/oidc/start"): "as above: it sends the browser to the identity provider, and tells nothing",
    ("GET", "/api/auth/oidc/callback"): "the provider's signed word is the credential, for the browser that left alone",
    ("GET", "/health"): "probes have no credential, and nothing is told",
    ("GET", "/health/live"): "as /health",
    ("GET", "/health/ready"): "as /health: names of parts and classes of errors",
    ("GET", "/metrics"): "counts without anybody's data; a proxy keeps it inside",
    ("GET", "/openapi.json"): "the description is public with the source",
    ("GET", "/docs"): "the same as the document it is written from",
}

# A caller may come with the installation's password instead; this is what a credential must be good for.
WITH_A_PASSWORD = {
    ("POST", "/api/admin/emergency-stop"): Scope.OPERATE,
    ("POST", "/api/admin/emergency-resume"): Scope.ADMIN,
    ("GET", "/api/admin/emergency-status"): Scope.READ,
}

# What a name in a path is of which table. A door that names something else says here what.
COLUMNS = {
    "workflow_id": ("workflow_run", "id"),
    "task_id": ("job", "id"),
    "draft_id": ("draft", "id"),
    "rule_id": ("auto_approval_rule", "id"),
    "recipient_id": ("approved_recipient", "id"),
    "suppression_id": ("suppression", "id"),
    "effect_id": ("effect", "id"),
    "failed_task_id": ("failed_task", "id"),
    "user_id": ("user", "id"),
    "key_id": ("api_key", "id"),
    "email": ("contact", "email"),
}

# Words that every tenant has, so that they are nobody's.
WORDS = {"version": 1, "key": "draft_only", "name": "offer_files"}

DOORS = doors()
GUARDED = [door for door in DOORS if door.name not in OPEN]


def needed(door: Door) -> Scope:
    scope = door.needs or WITH_A_PASSWORD.get(door.name)
    assert scope is not None, f"{door.name} does not say who may use it"
    return scope


def nobodys() -> dict[str, object]:
    """Values for the names in a path that belong to nobody."""
    ids = {name: new_id() if column == "id" else "nobody@nowhere.example" for name, (_, column) in COLUMNS.items()}
    return {**ids, **WORDS}


async def answers(
    client: httpx2.AsyncClient, asked: list[Door], headers: Mapping[str, str]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Status and code of each door, asked about things that nobody has."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for door in asked:
        answer = await client.request(door.method, door.filled(nobodys()), headers=headers)
        found[door.name] = outcome(answer)
    return found


def outcome(answer: httpx2.Response) -> tuple[int, str]:
    """Status, and the code of what is refused."""
    is_problem = answer.headers.get("content-type", "") == PROBLEM_TYPE
    return answer.status_code, answer.json()["code"] if is_problem else ""


def test_the_route_table_is_read_whole():
    known = {door.name for door in DOORS}
    assert ("GET", "/api/workflows") in known
    assert ("POST", "/api/demo/lead") in known
    assert set(OPEN) | set(WITH_A_PASSWORD) <= known
    assert len(DOORS) > 60


def test_every_door_says_who_may_use_it_or_why_everybody_may():
    silent = {door.name for door in DOORS if door.needs is None}
    assert silent == set(OPEN) | set(WITH_A_PASSWORD)


async def test_without_a_credential_every_door_stays_shut(client: httpx2.AsyncClient):
    found = await answers(client, GUARDED, {})
    assert found == {door.name: (401, "api_key_missing") for door in GUARDED}


async def key_of(
    database: Database, tenant_id: UUID, *, lives: dt.timedelta | None = None, is_revoked: bool = False
) -> str:
    """An owner's key."""
    expires_at = None if lives is None else dt.datetime.now(dt.UTC) + lives
    async with database.transaction(tenant_id) as session:
        key, plain = await create_api_key(session, tenant_id, name="ci", scopes={Scope.OWNER}, expires_at=expires_at)
        if is_revoked:
            await ApiKeyRepository(session, tenant_id).revoke(key.id)
    return plain


async def session_of(
    database: Database,
    tenant_id: UUID,
    *,
    lives: dt.timedelta = dt.timedelta(hours=1),
    is_revoked: bool = False,
    is_disabled: bool = False,
) -> str:
    """An owner's session."""
    person = await make_person(database, tenant_id, Role.OWNER)
    token = await token_for(database, person, lives=lives)
    async with database.transaction(tenant_id) as session:
        if is_revoked:
            await SessionRepository(session, tenant_id).revoke_all_of(person.user_id)
        if is_disabled:
            await UserRepository(session, tenant_id).disable(person.user_id)
    return token


def bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


async def useless(database: Database, tenant_id: UUID) -> dict[str, tuple[Mapping[str, str], str]]:
    """Headers of callers who were somebody once, or never were, and the code they are refused with."""
    over = dt.timedelta(seconds=-1)
    ended, late = (
        await session_of(database, tenant_id, is_revoked=True),
        await session_of(database, tenant_id, lives=over),
    )
    disabled = await session_of(database, tenant_id, is_disabled=True)
    return {
        "another scheme": ({"Authorization": "Basic bWFyYTp4"}, "api_key_missing"),
        "an empty key": ({"X-API-Key": ""}, "api_key_missing"),
        "words": (bearer("of bad news"), "api_key_invalid"),
        "half a key": (bearer("sa_abc"), "api_key_invalid"),
        "half a session": (bearer("ss_abc"), "session_invalid"),
        "an unknown key": (bearer(new_token(TokenKind.API_KEY)), "api_key_invalid"),
        "an unknown session": (as_browser(new_token(TokenKind.SESSION)), "session_invalid"),
        "an expired key": (bearer(await key_of(database, tenant_id, lives=over)), "api_key_invalid"),
        "a revoked key": (bearer(await key_of(database, tenant_id, is_revoked=True)), "api_key_invalid"),
        "a revoked key in its own header": (
            {"X-API-Key": await key_of(database, tenant_id, is_revoked=True)},
            "api_key_invalid",
        ),
        "a key in the place of a session": (as_browser(await key_of(database, tenant_id)), "session_invalid"),
        "an expired session": (bearer(late), "session_invalid"),
        "an expired session's cookie": (as_browser(late), "session_invalid"),
        "an ended session": (bearer(ended), "session_invalid"),
        "an ended session's cookie": (as_browser(ended), "session_invalid"),
        "a disabled person's session": (bearer(disabled), "session_invalid"),
        "a disabled person's cookie": (as_browser(disabled), "session_invalid"),
    }


async def test_a_credential_that_does_not_count_opens_no_door(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    for what, (headers, code) in (await useless(database, tenant_id)).items():
        assert await answers(client, GUARDED, headers) == {door.name: (401, code) for door in GUARDED}, what


@pytest.mark.parametrize("role", Role)
async def test_a_role_opens_its_own_doors_and_no_other(
    role: Role, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    headers = await signed_in_as(database, tenant_id, role)
    beyond = [door for door in GUARDED if needed(door) not in HOLDS[SCOPE_OF[role]]]
    within = [door for door in GUARDED if door not in beyond and door.name != ("DELETE", "/api/session")]
    refused = await answers(client, beyond, headers)
    assert {name: answer for name, answer in refused.items() if answer[0] != 403} == {}
    assert {code for _, code in refused.values()} <= {"scope_missing", "admin_password_missing", "admin_password_wrong"}
    opened = await answers(client, within, headers)
    assert {name: answer for name, answer in opened.items() if answer[1] == "scope_missing"} == {}
    assert {name: answer for name, answer in opened.items() if answer[0] in {401, 500}} == {}


async def test_the_demos_key_opens_the_demos_door_alone(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    headers = await headers_for(database, tenant_id, Scope.DEMO)
    beyond = [door for door in GUARDED if needed(door) is not Scope.DEMO]
    assert len(beyond) == len(GUARDED) - 1
    assert {status for status, _ in (await answers(client, beyond, headers)).values()} == {403}


@pytest.mark.parametrize("lacks", ["X-CSRF-Token", "a page of ours"])
async def test_an_owners_cookie_alone_changes_nothing_anywhere(
    lacks: str, client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    headers = as_browser(await session_of(database, tenant_id))
    if lacks == "X-CSRF-Token":
        del headers["X-CSRF-Token"]
    else:
        headers["Sec-Fetch-Site"] = "cross-site"
    code = "csrf_token_wrong" if lacks == "X-CSRF-Token" else "cross_site_refused"
    changing = [door for door in GUARDED if door.changes_something]
    assert await answers(client, changing, headers) == {door.name: (403, code) for door in changing}


async def test_what_belongs_to_another_tenant_is_answered_like_what_is_not_there(
    client: httpx2.AsyncClient, database: Database, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    rows = {row.__tablename__: row for row in marked(one_row_each(tenant_id))}
    await store(database, *rows.values())
    before = snapshot(database_urls, tenant_id)
    theirs = {**WORDS, **{name: getattr(rows[table], column) for name, (table, column) in COLUMNS.items()}}
    bodies, wrong = Bodies(), dict[tuple[str, str], object]()
    for door in GUARDED:
        stranger = await signed_in_as(database, other_tenant_id, Role.OWNER)  # one door is the way out
        body, paths = bodies.of(door), (door.filled(theirs), door.filled(nobodys()))
        told = [await client.request(door.method, path, headers=stranger, json=body) for path in paths]
        others = told[0].text.replace(paths[0], "")
        leaks = [row for row in rows.values() if str(row.id) in others and row.id not in theirs.values()]
        assert (MARK in others, leaks) == (False, []), door
        seen = [outcome(answer) for answer in told]
        is_about_a_row = any(COLUMNS[name][1] == "id" for name in door.parameters if name in COLUMNS)
        if (door.parameters and seen[0] != seen[1]) or (is_about_a_row and seen[0][0] != 404):
            wrong[door.name] = seen
    assert wrong == {}
    assert snapshot(database_urls, tenant_id) == before
