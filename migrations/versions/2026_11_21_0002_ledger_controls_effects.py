"""Ledger, controls, effects: what happened, what may happen, what was done outside

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import READ_AND_ADD, READ_AND_CHANGE, READ_AND_WRITE, grant, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_audit_event()
    create_audit_seal()
    create_usage_event()
    create_kill_switch()
    create_setting()
    create_suppression()
    create_worker()
    create_effect()


def downgrade() -> None:
    op.drop_table("effect")
    op.drop_table("worker")
    op.drop_table("suppression")
    op.drop_table("setting")
    op.drop_table("kill_switch")
    op.drop_table("usage_event")
    op.drop_table("audit_seal")
    op.drop_table("audit_event")


def create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("trace_id", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("private_encrypted", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_audit_event_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_tenant_id_at"), "audit_event", ["tenant_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_event_tenant_id_run_id"), "audit_event", ["tenant_id", "run_id"], unique=False)
    protect("audit_event", READ_AND_ADD)


def create_audit_seal() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_audit_seal_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("tenant_id", "sequence", name=op.f("uq_audit_seal_tenant_id_sequence")),
    )
    protect("audit_seal", READ_AND_ADD)


def create_usage_event() -> None:
    op.create_table(
        "usage_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_usage_event_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_usage_event")),
    )
    op.create_index(op.f("ix_usage_event_tenant_id_run_id"), "usage_event", ["tenant_id", "run_id"], unique=False)
    protect("usage_event", READ_AND_ADD)


def create_kill_switch() -> None:
    op.create_table(
        "kill_switch",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_kill_switch_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_kill_switch")),
    )
    protect("kill_switch", READ_AND_CHANGE)


def create_setting() -> None:
    op.create_table(
        "setting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_setting_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_setting")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_setting_tenant_id_key")),
    )
    protect("setting")


def create_suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_suppression_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("tenant_id", "address_digest", name=op.f("uq_suppression_tenant_id_address_digest")),
    )
    protect("suppression", READ_AND_ADD)


def create_worker() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("process_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    grant("worker", READ_AND_WRITE)


def create_effect() -> None:
    op.create_table(
        "effect",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("depends_on", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("held_because", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("holder_job_id", sa.Uuid(), nullable=True),
        sa.Column("holder_token", sa.BigInteger(), nullable=True),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('intended', 'done', 'unknown', 'refused', 'held', 'expired', 'cancelled')",
            name=op.f("ck_effect_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "depends_on"],
            ["effect.tenant_id", "effect.id"],
            name=op.f("fk_effect_tenant_id_depends_on"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_effect_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_effect")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_effect_tenant_id_key")),
    )
    op.create_index(
        "ix_effect_open",
        "effect",
        ["tenant_id", "status"],
        unique=False,
        postgresql_where=sa.text("status in ('intended','unknown','held')"),
    )
    op.create_index(op.f("ix_effect_tenant_id_run_id"), "effect", ["tenant_id", "run_id"], unique=False)
    protect("effect", READ_AND_CHANGE)
