"""People: users, their sessions, and attempts that are counted

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import (
    READ_AND_CHANGE,
    READ_AND_WRITE,
    create_look_up,
    grant,
    protect,
    show_directory,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A reserved word: unquoted it is the login.
USER = '"user"'

FUNCTIONS = {
    "session(digest text)": """
        returns table (tenant_id uuid, session_id uuid) language sql stable as $$
            select s.tenant_id, s.id from public.session s where s.digest = session.digest
        $$""",
    "users_by_email(email_canonical text)": """
        returns table (tenant_id uuid, user_id uuid) language sql stable as $$
            select u.tenant_id, u.id from public."user" u where u.email_canonical = users_by_email.email_canonical
        $$""",
    "users_by_subject(oidc_subject text)": """
        returns table (tenant_id uuid, user_id uuid) language sql stable as $$
            select u.tenant_id, u.id from public."user" u where u.oidc_subject = users_by_subject.oidc_subject
        $$""",
}


def upgrade() -> None:
    create_user()
    create_session()
    create_attempt()
    show_directory(USER, ("tenant_id", "id", "email_canonical", "oidc_subject"))
    show_directory("session", ("tenant_id", "id", "digest"))
    create_functions()


def downgrade() -> None:
    for signature in FUNCTIONS:
        op.execute(f"drop function directory.{signature}")
    op.drop_table("attempt")
    op.drop_table("session")
    op.drop_table("user")


def create_user() -> None:
    op.create_table(
        "user",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_canonical", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("oidc_subject", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role in ('viewer', 'operator', 'admin', 'owner')", name=op.f("ck_user_role")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_user_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_user")),
        sa.UniqueConstraint("tenant_id", "email_canonical", name=op.f("uq_user_tenant_id_email_canonical")),
        sa.UniqueConstraint("tenant_id", "oidc_subject", name=op.f("uq_user_tenant_id_oidc_subject")),
    )
    op.create_index(op.f("ix_user_email_canonical"), "user", ["email_canonical"], unique=False)
    op.create_index(op.f("ix_user_oidc_subject"), "user", ["oidc_subject"], unique=False)
    protect(USER, READ_AND_CHANGE)


def create_session() -> None:
    op.create_table(
        "session",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user.tenant_id", "user.id"],
            name=op.f("fk_session_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_session_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_tenant_id_user_id"), "session", ["tenant_id", "user_id"], unique=False)
    op.create_index("uq_session_digest", "session", ["digest"], unique=True)
    protect("session", READ_AND_CHANGE)


def create_attempt() -> None:
    """Nobody's rows, as those of `worker`: digests and counts."""
    op.create_table(
        "attempt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_window_started_at"), "attempt", ["window_started_at"], unique=False)
    grant("attempt", READ_AND_WRITE)


def create_functions() -> None:
    for signature, body in FUNCTIONS.items():
        create_look_up(signature, body)
