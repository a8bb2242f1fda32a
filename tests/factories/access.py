"""Rows of tenancy and auth."""

from uuid import UUID

from sales_agent.access.auth.models import ApiKey
from sales_agent.access.tenancy.models import Credential, Tenant, WebhookSource
from sales_agent.kit.ids import new_id


def make_tenant(**changes: object) -> Tenant:
    tenant_id = new_id()
    return Tenant(**{"id": tenant_id, "slug": f"tenant-{tenant_id.hex}", "name": "Northwind", **changes})


def make_webhook_source(tenant_id: UUID, **changes: object) -> WebhookSource:
    source_id = new_id()
    values = {"key": f"source-{source_id.hex}", "portal_id": 4711, "form_ids": ["form-1"], "signature": "v3"}
    return WebhookSource(
        **{"tenant_id": tenant_id, "id": source_id, "secret_encrypted": "k1:AAAA", **values, **changes}
    )


def make_credential(tenant_id: UUID, **changes: object) -> Credential:
    credential_id = new_id()
    values = {"provider": "hubspot", "name": credential_id.hex, "value_encrypted": "k1:AAAA"}
    return Credential(**{"tenant_id": tenant_id, "id": credential_id, **values, **changes})


def make_api_key(tenant_id: UUID, **changes: object) -> ApiKey:
    key_id = new_id()
    values = {"name": "ci", "digest": key_id.hex, "prefix": "sa_abc", "scopes": ["read"]}
    return ApiKey(**{"tenant_id": tenant_id, "id": key_id, **values, **changes})
