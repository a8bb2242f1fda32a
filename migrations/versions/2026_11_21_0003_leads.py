"""Leads: submissions as they came in, and the customers they belong to

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import READ_AND_CHANGE, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_submission()
    create_company()
    create_contact()
    create_deal()


def downgrade() -> None:
    op.drop_table("deal")
    op.drop_table("contact")
    op.drop_table("company")
    op.drop_table("submission")


def create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=True),
        sa.Column("form_id", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("email_canonical", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("page_uri", sa.Text(), server_default="", nullable=False),
        sa.Column("page_title", sa.Text(), server_default="", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("delivery_count", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("trace_id", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('accepted', 'rejected')", name=op.f("ck_submission_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_submission_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_submission")),
        sa.UniqueConstraint("tenant_id", "dedupe_key", name=op.f("uq_submission_tenant_id_dedupe_key")),
        sa.UniqueConstraint("tenant_id", "run_id", name=op.f("uq_submission_tenant_id_run_id")),
    )
    op.create_index(
        op.f("ix_submission_tenant_id_email_canonical"), "submission", ["tenant_id", "email_canonical"], unique=False
    )
    protect("submission", READ_AND_CHANGE)


def create_company() -> None:
    op.create_table(
        "company",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("crm_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("domain", sa.Text(), server_default="", nullable=False),
        sa.Column("properties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_company_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_company")),
        sa.UniqueConstraint("tenant_id", "crm_id", name=op.f("uq_company_tenant_id_crm_id")),
    )
    protect("company", READ_AND_CHANGE)


def create_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_canonical", sa.Text(), nullable=False),
        sa.Column("crm_id", sa.Text(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("owner_name", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_email", sa.Text(), server_default="", nullable=False),
        sa.Column("properties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_opted_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("fit_score", sa.Double(), nullable=True),
        sa.Column("fit_parts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "company_id"],
            ["company.tenant_id", "company.id"],
            name=op.f("fk_contact_tenant_id_company_id"),
            ondelete="SET NULL (company_id)",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_contact_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact")),
        sa.UniqueConstraint("tenant_id", "email_canonical", name=op.f("uq_contact_tenant_id_email_canonical")),
    )
    protect("contact", READ_AND_CHANGE)


def create_deal() -> None:
    op.create_table(
        "deal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("crm_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("properties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_deal_tenant_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_deal_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deal")),
        sa.UniqueConstraint("tenant_id", "contact_id", "crm_id", name=op.f("uq_deal_tenant_id_contact_id_crm_id")),
    )
    protect("deal")
