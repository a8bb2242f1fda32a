"""Queue and drafting: jobs, those that gave up, drafts and voices

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import READ_AND_ADD, READ_AND_CHANGE, grant, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_job()
    create_failed_task()
    create_draft()
    create_draft_version()
    create_voice_profile()


def downgrade() -> None:
    op.drop_table("voice_profile")
    op.drop_table("draft_version")
    op.drop_table("draft")
    op.drop_table("failed_task")
    op.drop_table("job")


def create_job() -> None:
    op.create_table(
        "job",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("unique_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("claims", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.Uuid(), nullable=True),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("trace_id", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('due', 'handed', 'running', 'parked', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_job_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_due", "job", ["queue", "next_run_at"], unique=False, postgresql_where=sa.text("state = 'due'")
    )
    op.create_index(
        "ix_job_handed", "job", ["queue", "handed_at"], unique=False, postgresql_where=sa.text("state = 'handed'")
    )
    op.create_index("ix_job_parked", "job", ["next_run_at"], unique=False, postgresql_where=sa.text("state = 'parked'"))
    op.create_index(
        "ix_job_running", "job", ["lease_expires_at"], unique=False, postgresql_where=sa.text("state = 'running'")
    )
    op.create_index(op.f("ix_job_tenant_id_subject_id"), "job", ["tenant_id", "subject_id"], unique=False)
    op.create_index(
        "uq_job_unique_key",
        "job",
        ["tenant_id", "unique_key"],
        unique=True,
        postgresql_where=sa.text("unique_key is not null and state in ('due','handed','running','parked')"),
    )
    protect("job", READ_AND_CHANGE)


def create_failed_task() -> None:
    op.create_table(
        "failed_task",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="failed", nullable=False),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("context", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("retry_count", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status in ('failed', 'manual_retry', 'resolved')", name=op.f("ck_failed_task_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "job_id"],
            ["job.tenant_id", "job.id"],
            name=op.f("fk_failed_task_tenant_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_failed_task_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_failed_task")),
    )
    op.create_index(
        op.f("ix_failed_task_tenant_id_created_at"), "failed_task", ["tenant_id", "created_at"], unique=False
    )
    protect("failed_task", READ_AND_CHANGE)


def create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=True),
        sa.Column("in_reply_to", sa.Text(), server_default="", nullable=False),
        sa.Column("references_header", sa.Text(), server_default="", nullable=False),
        sa.Column("mail_draft_id", sa.Text(), nullable=True),
        sa.Column("worst_severity", sa.Text(), nullable=True),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('drafting', 'needs_review', 'auto_approved', 'blocked', 'approved', "
            "'queued', 'sending', 'sent', 'simulated', 'held', 'rejected', 'snoozed', 'expired', "
            "'superseded', 'send_failed', 'unknown', 'cancelled')",
            name=op.f("ck_draft_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_draft_tenant_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_draft_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_draft")),
        sa.UniqueConstraint("tenant_id", "run_id", name=op.f("uq_draft_tenant_id_run_id")),
    )
    op.create_index(op.f("ix_draft_tenant_id_contact_id"), "draft", ["tenant_id", "contact_id"], unique=False)
    op.create_index(
        op.f("ix_draft_tenant_id_state_created_at"), "draft", ["tenant_id", "state", "created_at"], unique=False
    )
    protect("draft", READ_AND_CHANGE)


def create_draft_version() -> None:
    op.create_table(
        "draft_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("pipeline_version", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["draft.tenant_id", "draft.id"],
            name=op.f("fk_draft_version_tenant_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_draft_version_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_draft_version")),
        sa.UniqueConstraint(
            "tenant_id", "draft_id", "version", name=op.f("uq_draft_version_tenant_id_draft_id_version")
        ),
    )
    protect("draft_version", READ_AND_ADD)
    # The words never change; what was found in them is filled in once.
    grant("draft_version", ("update (findings)",))
    op.execute(
        "create policy found_once on draft_version as restrictive for update using (findings is null) with check (true)"
    )


def create_voice_profile() -> None:
    op.create_table(
        "voice_profile",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("profile", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_voice_profile_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_voice_profile")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_voice_profile_tenant_id_name")),
    )
    protect("voice_profile")
