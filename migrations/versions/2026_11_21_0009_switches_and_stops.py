"""Switches: flags, history, the stop of everything

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import (
    DIRECTORY,
    READ_AND_ADD,
    READ_AND_WRITE,
    create_look_up,
    grant,
    hide_from_directory,
    protect,
    show_directory,
)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FUNCTIONS = {
    # Counts alone leave this function. `may_begin`: permitted so lately that the call may not have begun yet.
    "effects_in_flight(permit_seconds double precision)": """
        returns table (in_flight bigint, may_begin bigint) language sql volatile as $$
            select count(*), count(*) filter (
                where e.permitted_at > clock_timestamp() - make_interval(secs => permit_seconds)
            )
            from public.effect e where e.status = 'intended' and e.permitted_at is not null
        $$""",
    # Reads one index entry a tenant, however many drafts each has in that state. In a random order, so that a tenant
    # whose drafts stay where they are cannot keep the others out of a batch.
    "tenants_with_drafts_in(state text, batch integer)": """
        returns table (tenant_id uuid) language sql volatile as $$
            select t.id from public.tenant t
            where exists (
                select from public.draft d where d.tenant_id = t.id and d.state = tenants_with_drafts_in.state
            )
            order by random() limit batch
        $$""",
    "tenants_after(after uuid, batch integer)": """
        returns table (tenant_id uuid) language sql stable as $$
            select t.id from public.tenant t where t.id > tenants_after.after order by t.id limit batch
        $$""",
}


def upgrade() -> None:
    create_feature_flag()
    create_setting_change()
    create_installation_stop()
    create_installation_event()
    op.add_column("worker", sa.Column("stop_epoch", sa.BigInteger(), nullable=True))
    op.add_column("effect", sa.Column("permitted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"grant select (permitted_at) on effect to {DIRECTORY}")
    show_directory("draft", ("tenant_id", "state"))
    create_functions()


def downgrade() -> None:
    for signature in FUNCTIONS:
        op.execute(f"drop function directory.{signature}")
    hide_from_directory("draft")
    op.drop_column("effect", "permitted_at")
    op.drop_column("worker", "stop_epoch")
    op.drop_table("installation_event")
    op.drop_table("installation_stop")
    op.drop_table("setting_change")
    op.drop_table("feature_flag")


def create_feature_flag() -> None:
    op.create_table(
        "feature_flag",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_feature_flag_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feature_flag")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_feature_flag_tenant_id_name")),
    )
    protect("feature_flag", READ_AND_WRITE)


def create_setting_change() -> None:
    op.create_table(
        "setting_change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_setting_change_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_setting_change")),
    )
    op.create_index(op.f("ix_setting_change_tenant_id_key_at"), "setting_change", ["tenant_id", "key", "at"])
    op.create_index(op.f("ix_setting_change_tenant_id_at"), "setting_change", ["tenant_id", "at"])
    protect("setting_change", READ_AND_ADD)


def create_installation_stop() -> None:
    """One row for everybody, which is there from the start: a row that is missing reads as stopped."""
    op.create_table(
        "installation_stop",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_stop_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_stop")),
    )
    op.execute("insert into installation_stop (id) values (1)")
    grant("installation_stop", ("select", "update"))


def create_installation_event() -> None:
    op.create_table(
        "installation_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_event")),
    )
    grant("installation_event", READ_AND_ADD)


def create_functions() -> None:
    for signature, body in FUNCTIONS.items():
        create_look_up(signature, body)
