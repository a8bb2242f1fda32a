"""Rows of tenancy and auth."""

import datetime as dt
from uuid import UUID

from sales_agent.access.auth.models import ApiKey, User, UserSession
from sales_agent.access.tenancy.credentials import bound_to
from sales_agent.access.tenancy.models import Credential, Tenant, WebhookSource
from sales_agent.kit.crypto import Keyring, new_key
from sales_agent.kit.ids import new_id

KEYRING = Keyring.parse(new_key())


def make_tenant(**changes: object) -> Tenant:
    tenant_id = new_id()
    return Tenant(**{"id": tenant_id, "slug": f"tenant-{tenant_id.hex}", "name": "Northwind", **changes})


def make_webhook_source(tenant_id: UUID, *, signed_with: str = "shared", **changes: object) -> WebhookSource:
    source_id = new_id()
    values = {"key": f"source-{source_id.hex}", "portal_id": 4711, "form_ids": ["form-1"], "signature": "v3"}
    encrypted = KEYRING.encrypt(signed_with, bound_to=bound_to(tenant_id, source_id))
    return WebhookSource(
        **{"tenant_id": tenant_id, "id": source_id, "secret_encrypted": encrypted, **values, **changes}
    )


def make_credential(tenant_id: UUID, *, value: str = "pat-na1-0000", **changes: object) -> Credential:
    credential_id = new_id()
    encrypted = KEYRING.encrypt(value, bound_to=bound_to(tenant_id, credential_id))
    values = {"provider": "hubspot", "name": credential_id.hex, "value_encrypted": encrypted}
    return Credential(**{"tenant_id": tenant_id, "id": credential_id, **values, **changes})


def make_api_key(tenant_id: UUID, **changes: object) -> ApiKey:
    key_id = new_id()
    values = {"name": "ci", "digest": key_id.hex, "prefix": "sa_abc", "scopes": ["read"]}
    return ApiKey(**{"tenant_id": tenant_id, "id": key_id, **values, **changes})


def make_user(tenant_id: UUID, **changes: object) -> User:
    user_id = new_id()
    address = f"mara-{user_id.hex}@northwind.example"
    values = {"email": address, "email_canonical": address, "name": "Mara", "role": "operator"}
    return User(**{"tenant_id": tenant_id, "id": user_id, **values, **changes})


def make_session(tenant_id: UUID, user_id: UUID, **changes: object) -> UserSession:
    session_id = new_id()
    values = {"digest": session_id.hex, "expires_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}
    return UserSession(**{"tenant_id": tenant_id, "id": session_id, "user_id": user_id, **values, **changes})
