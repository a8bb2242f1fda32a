"""Table: files that may be offered, with a vector of their name and description."""

import datetime as dt

import sqlalchemy as sa
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped

DIMENSIONS = 384


class Asset(TenantOwned, Timestamped, Base):
    """One file as last listed. Its permissions are read anew before a link goes into a mail."""

    __tablename__ = "asset"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "provider_id"),)

    provider_id: Mapped[str]
    name: Mapped[str]
    mime_type: Mapped[str]
    link: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    model: Mapped[str]
    embedding: Mapped[list[float]] = mapped_column(VECTOR(DIMENSIONS))
    modified_at: Mapped[dt.datetime]
    fetched_at: Mapped[dt.datetime]
