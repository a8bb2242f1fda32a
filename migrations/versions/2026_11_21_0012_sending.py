"""Sending: sends, each the carrying out of one approval, and the row a mailbox's quotas are counted under

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import READ_AND_CHANGE, create_look_up, hide_from_directory, protect, show_directory

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


# Both lists come in a random order, so that a tenant whose work stays undone cannot keep the others out of a batch.
PATROLS = {
    "tenants_with_waiting_sends(batch integer)": """
        returns table (tenant_id uuid) language sql volatile as $$
            select t.id from public.tenant t
            where exists (
                select from public.send s
                where s.tenant_id = t.id and s.status = 'held' and s.release_at is not null
            )
            order by random() limit batch
        $$""",
    # Drafts that lie in a mailbox, where a person may be at them.
    "tenants_to_watch(batch integer)": """
        returns table (tenant_id uuid) language sql volatile as $$
            select t.id from public.tenant t
            where exists (
                select from public.draft d
                where d.tenant_id = t.id
                    and d.state in ('needs_review', 'auto_approved', 'approved', 'held', 'snoozed', 'send_failed')
            )
            order by random() limit batch
        $$""",
}


def upgrade() -> None:
    create_send()
    create_quota()
    op.add_column("draft", sa.Column("mail_marker", sa.Text(), nullable=True))
    op.add_column("draft", sa.Column("mailbox_note", sa.Text(), nullable=True))
    show_directory("send", ("tenant_id", "status", "release_at"))
    for signature, body in PATROLS.items():
        create_look_up(signature, body)


def downgrade() -> None:
    for signature in PATROLS:
        op.execute(f"drop function directory.{signature}")
    hide_from_directory("send")
    op.drop_column("draft", "mailbox_note")
    op.drop_column("draft", "mail_marker")
    op.drop_table("quota")
    op.drop_table("send")


def create_send() -> None:
    op.create_table(
        "send",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("draft_version", sa.BigInteger(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("recipient_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gate", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("release", sa.Text(), nullable=True),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_in_mailbox", sa.Text(), nullable=True),
        sa.Column("pushed_message_id", sa.Text(), nullable=True),
        sa.Column("looks", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("asks_person", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("thread_id", sa.Text(), nullable=True),
        sa.Column("message_id_header", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('begun', 'sent', 'simulated', 'held', 'unknown', 'not_sent', 'cancelled')",
            name=op.f("ck_send_status"),
        ),
        sa.CheckConstraint("sent_by in ('sales_agent', 'person')", name=op.f("ck_send_sent_by")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_send_tenant_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["draft.tenant_id", "draft.id"],
            name=op.f("fk_send_tenant_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_send")),
        sa.UniqueConstraint("tenant_id", "approval_id", name=op.f("uq_send_tenant_id_approval_id")),
    )
    op.create_index("ix_send_tenant_id_draft_id", "send", ["tenant_id", "draft_id"])
    op.create_index(
        "ix_send_counted",
        "send",
        ["tenant_id", "mailbox", "counted_at"],
        postgresql_where=sa.text("counted_at is not null"),
    )
    op.create_index("ix_send_held", "send", ["tenant_id", "release_at"], postgresql_where=sa.text("status = 'held'"))
    protect("send", READ_AND_CHANGE)


def create_quota() -> None:
    op.create_table(
        "quota",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("last_counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_quota_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quota")),
        sa.UniqueConstraint("tenant_id", "mailbox", name=op.f("uq_quota_tenant_id_mailbox")),
    )
    protect("quota", READ_AND_CHANGE)
