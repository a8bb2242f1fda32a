"""Tables: tenants, the webhook sources that lead to them, their encrypted credentials."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of


class SignaturePolicy(StrEnum):
    """Which signature a source's webhooks must carry. `any` takes v3 where its header is there, else v2."""

    V3 = "v3"
    V2 = "v2"
    ANY = "any"
    OFF = "off"


class Tenant(Timestamped, Base):
    """A company that uses Sales Agent. The only table a tenant's rows hang on; row-level security is on its own id."""

    __tablename__ = "tenant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(server_default=sa.false())


class WebhookSource(TenantOwned, Timestamped, Base):
    """Where webhooks come from: `?source=key` names the row, its secret verifies, its portal must agree."""

    __tablename__ = "webhook_source"
    # Unique over all tenants: the key is looked up before the tenant is known.
    __table_args__ = (
        sa.Index("uq_webhook_source_key", "key", unique=True),
        one_of("signature", SignaturePolicy),
    )

    key: Mapped[str]
    portal_id: Mapped[int]
    form_ids: Mapped[list[str]]
    secret_encrypted: Mapped[str]
    signature: Mapped[str]


class Credential(TenantOwned, Timestamped, Base):
    """A provider credential, encrypted and bound to its row."""

    __tablename__ = "credential"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "provider", "name"),)

    provider: Mapped[str]
    name: Mapped[str]
    value_encrypted: Mapped[str]
    expires_at: Mapped[dt.datetime | None]
