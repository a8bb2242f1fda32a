"""The link in a mail: opening it changes nothing, one click is final at once, and nobody is named."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import psycopg
import pytest

from sales_agent.controls.suppression import is_suppressed, suppress
from sales_agent.controls.suppression_repository import SuppressionFilter, SuppressionRepository
from sales_agent.controls.unsubscribe import UnsubscribeLinks
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.conftest import DatabaseUrls
from tests.factories.api import serving
from tests.factories.controls import make_setting
from tests.factories.store import store

KEY = b"u" * 32
LINKS = UnsubscribeLinks("", KEY)
ADA = "ada@contoso.example"
ONE_CLICK = {"content": b"List-Unsubscribe=One-Click", "headers": {"content-type": "application/x-www-form-urlencoded"}}


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Whoever holds a link: no key, no cookie."""
    settings = {"unsubscribe_key": base64.b64encode(KEY).decode(), "seller_company": "Fabrikam & Söhne <GmbH>"}
    async with serving(database_urls.app, data_dir, **settings) as client:
        yield client


async def suppressed(database: Database, tenant_id: UUID, address: str = ADA) -> bool:
    async with database.transaction(tenant_id) as session:
        return await is_suppressed(session, tenant_id, address)


async def test_opening_the_link_shows_whose_mails_they_are_and_changes_nothing(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    for _ in range(3):
        answer = await client.get(LINKS.link(tenant_id, ADA))

    assert answer.status_code == 200
    assert "Fabrikam &amp; Söhne &lt;GmbH&gt;" in answer.text
    assert '<form method="post">' in answer.text
    assert "ada" not in answer.text.lower()
    assert "<script" not in answer.text
    assert not await suppressed(database, tenant_id)


async def test_one_click_suppresses_at_once_in_every_spelling_and_for_this_tenant_alone(
    client: httpx2.AsyncClient, database: Database, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    link = LINKS.link(tenant_id, "Ada+forms@Contoso.example")

    answers = [await client.post(link, **ONE_CLICK) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "set-cookie" not in answers[0].headers
    assert all([await suppressed(database, tenant_id, spelling) for spelling in (ADA, "ADA+x@CONTOSO.example")])
    assert not await suppressed(database, tenant_id, "bob@contoso.example")
    assert not await suppressed(database, other_tenant_id)
    async with database.transaction(tenant_id) as session:
        page = await SuppressionRepository(session, tenant_id).page(SuppressionFilter(), after=None, limit=9)
    assert [(row.reason, row.source) for row in page.rows] == [("opt_out", "unsubscribe_link")]
    with psycopg.connect(database_urls.superuser) as connection:
        events = connection.execute("select action, actor from audit_event").fetchall()
    assert events == [("address.suppressed", "unsubscribe_link")]


@pytest.mark.parametrize(
    "body", [b"", b"List-Unsubscribe=One-Click&x=1", b"\xff\x00", b"--b\r\nContent-Disposition: form"]
)
async def test_an_opt_out_is_not_lost_over_the_form_of_its_request(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, body: bytes
):
    kind = {"content-type": "multipart/form-data; boundary=b"}

    assert (await client.post(LINKS.link(tenant_id, ADA), content=body, headers=kind)).status_code == 200
    assert await suppressed(database, tenant_id)


async def test_an_opt_out_outweighs_what_an_operator_noted_before(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        await suppress(session, tenant_id, ADA, reason="manual", source="operator")

    await client.post(LINKS.link(tenant_id, ADA), **ONE_CLICK)

    async with database.transaction(tenant_id) as session:
        page = await SuppressionRepository(session, tenant_id).page(SuppressionFilter(), after=None, limit=9)
    assert [row.reason for row in page.rows] == ["opt_out"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_token_that_is_not_ours_finds_nothing(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID, method: str
):
    ours = LINKS.link(tenant_id, ADA)
    forged = UnsubscribeLinks("", b"f" * 32).link(tenant_id, ADA)
    gone = LINKS.link(new_id(), ADA)
    for link in (ours[:-1], ours + "A", ours.replace("/u/A", "/u/B"), "/u/x", "/u/%00", "/u/" + "é" * 92, forged, gone):
        answer = await client.request(method, link)
        assert answer.status_code == 404, link
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "Nothing was changed" in answer.text
    assert not await suppressed(database, tenant_id)


async def test_the_pages_keep_browsers_and_search_engines_careful(client: httpx2.AsyncClient, tenant_id: UUID):
    link = LINKS.link(tenant_id, ADA)
    for answer in (await client.get(link), await client.post(link, **ONE_CLICK), await client.get("/u/x")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe-inline" not in policy
        assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex, nofollow", "no-store")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert '<html lang="en">' in answer.text


async def test_the_pages_speak_the_language_of_the_mails(
    client: httpx2.AsyncClient, database: Database, tenant_id: UUID
):
    await store(database, make_setting(tenant_id, key="seller_language", value={"value": "de-DE"}))
    link = LINKS.link(tenant_id, ADA)

    shown, done = (await client.get(link)).text, (await client.post(link, **ONE_CLICK)).text

    assert '<html lang="de">' in shown
    assert "Abmelden" in shown
    assert "keine Mails mehr" in done


async def test_without_a_database_the_person_is_asked_to_come_back(data_dir: Path, tenant_id: UUID):
    settings = {"unsubscribe_key": base64.b64encode(KEY).decode()}
    async with serving("postgresql://nobody@127.0.0.1:1/none", data_dir, **settings) as client:
        answer = await client.post(LINKS.link(tenant_id, ADA), **ONE_CLICK)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "try again" in answer.text
