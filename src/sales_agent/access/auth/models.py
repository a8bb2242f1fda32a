"""Tables: people, their sessions, API keys, and attempts that are counted. Of secrets only digests are kept."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.access.auth.roles import Role
from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


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


class User(TenantOwned, Timestamped, Base):
    """A person in one tenant; who works in two tenants is a row in each.

    Without `password_hash` the person signs in elsewhere. `oidc_subject` is the provider's own id of the person, noted
    at the first sign-in there: addresses change hands, subjects do not.
    """

    __tablename__ = "user"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "email_canonical"),
        sa.UniqueConstraint("tenant_id", "oidc_subject"),
        # Both are looked up before the tenant is known.
        sa.Index(None, "email_canonical"),
        sa.Index(None, "oidc_subject"),
        one_of("role", Role),
    )

    email: Mapped[str]
    email_canonical: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    role: Mapped[str]
    password_hash: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    disabled_at: Mapped[dt.datetime | None]
    last_sign_in_at: Mapped[dt.datetime | None]


class UserSession(TenantOwned, Timestamped, Base):
    """A person who is signed in. `digest` is unique over all tenants: it is looked up before the tenant is known."""

    __tablename__ = "session"
    __table_args__ = (
        sa.Index("uq_session_digest", "digest", unique=True),
        tenant_reference("user_id", "user"),
        sa.Index(None, "tenant_id", "user_id"),
    )

    user_id: Mapped[UUID]
    digest: Mapped[str]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    last_seen_at: Mapped[dt.datetime | None]


class Attempt(Base):
    """How often something that may be guessed was tried lately. It belongs to no tenant: who guesses names none.

    `key` is a digest, so that neither an address nor a client's network stands here.
    """

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_started_at: Mapped[dt.datetime] = mapped_column(index=True)
    count: Mapped[int]
