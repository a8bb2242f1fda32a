"""Secrets are encrypted at rest and tied to their row; tenants and sources have unique names."""

from uuid import UUID

import psycopg
import pytest

from sales_agent.access.tenancy.credential_repository import CredentialRepository
from sales_agent.access.tenancy.credentials import SourceKeyTaken
from sales_agent.access.tenancy.models import SignaturePolicy
from sales_agent.access.tenancy.repository import SlugTaken, TenantRepository, WebhookSourceRepository
from sales_agent.kit.crypto import Keyring, SecretUnreadable, new_key
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.conftest import DatabaseUrls

OLD, NEW = new_key(), new_key()
KEYRING = Keyring.parse(OLD)
SECRET = "a-client-secret"


async def put_source(database: Database, tenant_id: UUID, key: str = "forms", secret: str = SECRET) -> UUID:
    async with database.transaction(tenant_id) as session:
        return await WebhookSourceRepository(session, tenant_id, KEYRING).upsert(
            key=key, portal_id=4711, form_ids=["form-1"], signature=SignaturePolicy.V3, secret=secret
        )


async def test_a_source_comes_back_as_it_was_put_and_can_be_changed(database: Database, tenant_id: UUID):
    source_id = await put_source(database, tenant_id)
    assert await put_source(database, tenant_id, secret="another") == source_id
    async with database.transaction(tenant_id) as session:
        sources = WebhookSourceRepository(session, tenant_id, KEYRING)
        source = await sources.get(source_id)
        assert source is not None
        assert (source.key, source.portal_id, source.form_ids) == ("forms", 4711, frozenset({"form-1"}))
        assert (source.secret, source.signature) == ("another", SignaturePolicy.V3)
        assert await sources.all() == [source]
        assert "another" not in repr(source)


async def test_a_source_key_belongs_to_one_tenant(database: Database, tenant_id: UUID, other_tenant_id: UUID):
    await put_source(database, tenant_id)
    with pytest.raises(SourceKeyTaken):
        await put_source(database, other_tenant_id)


async def test_a_secret_cannot_be_read_in_the_database_or_moved_to_another_row(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    first, second = await put_source(database, tenant_id, "one"), await put_source(database, tenant_id, "two")
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute("select to_jsonb(s)::text from webhook_source s").fetchall()
        assert all(SECRET not in row[0] for row in rows)
        connection.execute(
            "update webhook_source set secret_encrypted = (select secret_encrypted from webhook_source where id = %s)"
            " where id = %s",
            (first, second),
        )
    async with database.transaction(tenant_id) as session:
        with pytest.raises(SecretUnreadable):
            await WebhookSourceRepository(session, tenant_id, KEYRING).get(second)


async def test_credentials_are_stored_replaced_and_deleted(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        credentials = CredentialRepository(session, tenant_id, KEYRING)
        assert await credentials.get("hubspot", "default") is None
        await credentials.put("hubspot", "default", "first")
        await credentials.put_if_absent("hubspot", "default", "ignored")
        found = await credentials.get("hubspot", "default")
        assert found is not None
        assert found.value == "first"
        assert "first" not in repr(found)
        await credentials.put("hubspot", "default", "second")
        replaced = await credentials.get("hubspot", "default")
        assert replaced is not None
        assert (replaced.id, replaced.value) == (found.id, "second")
        assert await credentials.delete("hubspot", "default")
        assert not await credentials.delete("hubspot", "default")


async def test_keys_can_rotate_without_a_pause(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await CredentialRepository(session, tenant_id, KEYRING).put("hubspot", "default", "token")
        rotated = CredentialRepository(session, tenant_id, Keyring.parse(f"{NEW},{OLD}"))
        found = await rotated.get("hubspot", "default")
        assert found is not None
        await rotated.put("hubspot", "default", found.value)
        only_new = CredentialRepository(session, tenant_id, Keyring.parse(NEW))
        assert await only_new.get("hubspot", "default") == found
        with pytest.raises(SecretUnreadable):
            await CredentialRepository(session, tenant_id, KEYRING).get("hubspot", "default")


async def test_a_tenant_is_made_in_a_transaction_of_its_own_and_its_slug_is_unique(database: Database):
    first, second = new_id(), new_id()
    async with database.transaction(first) as session:
        await TenantRepository(session, first).create(slug="northwind", name="Northwind")
    async with database.transaction(second) as session:
        tenants = TenantRepository(session, second)
        with pytest.raises(SlugTaken):
            await tenants.create(slug="northwind", name="Also Northwind")
        await tenants.create(slug="contoso", name="Contoso", is_demo=True)
    async with database.transaction(second) as session:
        made = await TenantRepository(session, second).get()
        assert made is not None
        assert (made.slug, made.is_demo) == ("contoso", True)
        assert await TenantRepository(session, first).get() is None
