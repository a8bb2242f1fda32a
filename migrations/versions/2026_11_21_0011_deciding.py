"""Deciding: approvals, decisions of people, notes, answered requests, and what a draft waits for

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import READ_AND_ADD, create_look_up, grant, protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DRAFT_COLUMNS = {
    "mail_message_id": sa.Text(),
    "send_at": sa.DateTime(timezone=True),
    "snoozed_until": sa.DateTime(timezone=True),
    "waits_since": sa.DateTime(timezone=True),
    "assigned_to": sa.Uuid(),
    "claimed_by": sa.Text(),
    "claimed_until": sa.DateTime(timezone=True),
    "instruction": sa.Text(),
}


# The states in which a draft may expire or wake, in a random order of tenants, so that none can keep the others out.
TO_TIDY = """
    returns table (tenant_id uuid) language sql volatile as $$
        select t.id from public.tenant t
        where exists (
            select from public.draft d
            where d.tenant_id = t.id
                and d.state in (
                    'needs_review', 'blocked', 'auto_approved', 'approved', 'held', 'send_failed', 'snoozed'
                )
        )
        order by random() limit batch
    $$"""


def upgrade() -> None:
    for name, kind in DRAFT_COLUMNS.items():
        op.add_column("draft", sa.Column(name, kind, nullable=True))
    op.add_column(
        "draft", sa.Column("state_since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    )
    create_draft_note()
    create_approval()
    create_operator_decision()
    create_idempotent_request()
    create_look_up("tenants_with_drafts_to_tidy(batch integer)", TO_TIDY)


def downgrade() -> None:
    op.execute("drop function directory.tenants_with_drafts_to_tidy(integer)")
    op.drop_table("idempotent_request")
    op.drop_table("operator_decision")
    op.drop_table("approval")
    op.drop_table("draft_note")
    for name in ("state_since", *DRAFT_COLUMNS):
        op.drop_column("draft", name)


def create_draft_note() -> None:
    op.create_table(
        "draft_note",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *of_a_draft("draft_note"),
    )
    op.create_index(op.f("ix_draft_note_tenant_id_draft_id"), "draft_note", ["tenant_id", "draft_id"], unique=False)
    protect("draft_note", READ_AND_ADD)


def create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("draft_version", sa.BigInteger(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("world", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("rule_type", sa.Text(), nullable=True),
        sa.Column("rule_version", sa.BigInteger(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_because", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *of_a_draft("approval"),
    )
    op.create_index(op.f("ix_approval_tenant_id_draft_id"), "approval", ["tenant_id", "draft_id"], unique=False)
    op.create_index(
        "uq_approval_unvoided",
        "approval",
        ["tenant_id", "draft_id"],
        unique=True,
        postgresql_where=sa.text("voided_at is null"),
    )
    protect("approval", READ_AND_ADD)
    # What was consented to never changes; the consent ends once.
    grant("approval", ("update (voided_at, voided_because)",))
    op.execute(
        "create policy voided_once on approval as restrictive for update "
        "using (voided_at is null) with check (voided_at is not null)"
    )


def create_operator_decision() -> None:
    op.create_table(
        "operator_decision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("draft_version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("log_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('approve', 'edit', 'reject', 'cancel_auto')", name=op.f("ck_operator_decision_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "log_id"],
            ["auto_approval_log.tenant_id", "auto_approval_log.id"],
            name=op.f("fk_operator_decision_tenant_id_log_id"),
            ondelete="CASCADE",
        ),
        *of_a_draft("operator_decision"),
    )
    for column in ("draft_id", "decided_at"):
        name = op.f(f"ix_operator_decision_tenant_id_{column}")
        op.create_index(name, "operator_decision", ["tenant_id", column], unique=False)
    protect("operator_decision", READ_AND_ADD)


def create_idempotent_request() -> None:
    op.create_table(
        "idempotent_request",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("response", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_idempotent_request_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_idempotent_request")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_idempotent_request_tenant_id_key")),
    )
    op.create_index(
        op.f("ix_idempotent_request_tenant_id_created_at"),
        "idempotent_request",
        ["tenant_id", "created_at"],
        unique=False,
    )
    protect("idempotent_request")


def of_a_draft(table: str) -> tuple[sa.Constraint, ...]:
    """What ties a table's rows to their tenant and their draft."""
    return (
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["draft.tenant_id", "draft.id"],
            name=op.f(f"fk_{table}_tenant_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )
