"""Anchors of the audit chain, release of held writes

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import READ_AND_ADD, create_look_up, hide_from_directory, protect, show_directory

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Tenants whose chain has grown since its end was last exported. A random order, so that a tenant whose export stays
# undone cannot keep the others out of a batch.
TENANTS_TO_ANCHOR = """
    returns table (tenant_id uuid) language sql volatile as $$
        select t.id from public.tenant t
        where exists (
            select from public.audit_seal s
            where s.tenant_id = t.id
                and s.sequence > coalesce(
                    (select max(a.sequence) from public.audit_anchor a where a.tenant_id = t.id), 0
                )
        )
        order by random() limit batch
    $$"""


def upgrade() -> None:
    create_audit_anchor()
    op.add_column("effect", sa.Column("release_requested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("effect", sa.Column("release_requested_by", sa.Text(), nullable=True))
    op.add_column("effect", sa.Column("release_digest", sa.Text(), nullable=True))
    op.add_column("effect", sa.Column("release_ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_effect_to_release",
        "effect",
        ["tenant_id", "release_requested_at"],
        unique=False,
        postgresql_where=sa.text("release_requested_at is not null and release_ended_at is null"),
    )
    op.create_index(
        "ix_audit_event_draft",
        "audit_event",
        ["tenant_id", "draft_id", "at"],
        unique=False,
        postgresql_where=sa.text("draft_id is not null"),
    )
    op.create_index(
        "ix_audit_event_subject",
        "audit_event",
        ["tenant_id", "subject_id", "at"],
        unique=False,
        postgresql_where=sa.text("subject_id is not null"),
    )
    create_look_up("tenants_to_anchor(batch integer)", TENANTS_TO_ANCHOR)


def downgrade() -> None:
    op.execute("drop function directory.tenants_to_anchor(integer)")
    hide_from_directory("audit_anchor")
    op.drop_index("ix_audit_event_subject", table_name="audit_event")
    op.drop_index("ix_audit_event_draft", table_name="audit_event")
    op.drop_index("ix_effect_to_release", table_name="effect")
    op.drop_column("effect", "release_ended_at")
    op.drop_column("effect", "release_digest")
    op.drop_column("effect", "release_requested_by")
    op.drop_column("effect", "release_requested_at")
    op.drop_table("audit_anchor")


def create_audit_anchor() -> None:
    op.create_table(
        "audit_anchor",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_audit_anchor_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_anchor")),
        sa.UniqueConstraint("tenant_id", "sequence", name=op.f("uq_audit_anchor_tenant_id_sequence")),
    )
    protect("audit_anchor", READ_AND_ADD)
    show_directory("audit_anchor", ("tenant_id", "sequence"))
