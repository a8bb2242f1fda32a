"""Approval and workflow: rules, decisions, runs and their steps

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import READ_AND_ADD, READ_AND_CHANGE, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_auto_approval_rule()
    create_auto_approval_log()
    create_approved_recipient()
    create_workflow_run()
    create_step_run()


def downgrade() -> None:
    op.drop_table("step_run")
    op.drop_table("workflow_run")
    op.drop_table("approved_recipient")
    op.drop_table("auto_approval_log")
    op.drop_table("auto_approval_rule")


def create_auto_approval_rule() -> None:
    op.create_table(
        "auto_approval_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("mode in ('off', 'shadow', 'on')", name=op.f("ck_auto_approval_rule_mode")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_auto_approval_rule_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_auto_approval_rule")),
        sa.UniqueConstraint("tenant_id", "rule_type", name=op.f("uq_auto_approval_rule_tenant_id_rule_type")),
    )
    protect("auto_approval_rule", READ_AND_CHANGE)


def create_auto_approval_log() -> None:
    op.create_table(
        "auto_approval_log",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("draft_version", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("rule_type", sa.Text(), nullable=True),
        sa.Column("rule_version", sa.BigInteger(), nullable=True),
        sa.Column("would_approve", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["draft.tenant_id", "draft.id"],
            name=op.f("fk_auto_approval_log_tenant_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_auto_approval_log_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_auto_approval_log")),
        sa.UniqueConstraint(
            "tenant_id", "draft_id", "draft_version", name=op.f("uq_auto_approval_log_tenant_id_draft_id_draft_version")
        ),
    )
    protect("auto_approval_log", READ_AND_ADD)


def create_approved_recipient() -> None:
    op.create_table(
        "approved_recipient",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_canonical", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("total_sends", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_replies", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_approved_recipient_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_approved_recipient")),
        sa.UniqueConstraint(
            "tenant_id", "email_canonical", name=op.f("uq_approved_recipient_tenant_id_email_canonical")
        ),
    )
    protect("approved_recipient")


def create_workflow_run() -> None:
    op.create_table(
        "workflow_run",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trace_id", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('running', 'completed', 'rejected', 'suppressed', 'duplicate', 'failed')",
            name=op.f("ck_workflow_run_status"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["draft.tenant_id", "draft.id"],
            name=op.f("fk_workflow_run_tenant_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "submission_id"],
            ["submission.tenant_id", "submission.id"],
            name=op.f("fk_workflow_run_tenant_id_submission_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_workflow_run_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_workflow_run")),
    )
    op.create_index(op.f("ix_workflow_run_tenant_id_status"), "workflow_run", ["tenant_id", "status"], unique=False)
    op.create_index(
        op.f("ix_workflow_run_tenant_id_submission_id"), "workflow_run", ["tenant_id", "submission_id"], unique=False
    )
    protect("workflow_run", READ_AND_CHANGE)


def create_step_run() -> None:
    op.create_table(
        "step_run",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("output", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Double(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('done', 'skipped', 'failed')", name=op.f("ck_step_run_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["workflow_run.tenant_id", "workflow_run.id"],
            name=op.f("fk_step_run_tenant_id_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_step_run_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_step_run")),
    )
    op.create_index(op.f("ix_step_run_tenant_id_run_id"), "step_run", ["tenant_id", "run_id"], unique=False)
    op.create_index(
        "uq_step_run_checkpoint",
        "step_run",
        ["tenant_id", "run_id", "step"],
        unique=True,
        postgresql_where=sa.text("status in ('done','skipped') and superseded_at is null"),
    )
    protect("step_run", READ_AND_CHANGE)
