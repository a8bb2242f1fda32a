"""Table: API keys, of which only the digest is kept."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped


class ApiKey(TenantOwned, Timestamped, Base):
    """A key a program calls with. `digest` is unique over all tenants: it is looked up before the tenant is known."""

    __tablename__ = "api_key"
    __table_args__ = (sa.Index("uq_api_key_digest", "digest", unique=True),)

    name: Mapped[str]
    digest: Mapped[str]
    prefix: Mapped[str]
    scopes: Mapped[list[str]]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    created_by: Mapped[str] = mapped_column(server_default="")
