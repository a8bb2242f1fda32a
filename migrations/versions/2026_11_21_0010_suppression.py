"""Suppression: domains beside addresses, a closed set of reasons, and entries that were lifted

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import APPLICATION, grant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Nothing is deleted: lifting an entry says so in its row, and what the entry covers never changes.
CHANGED = ("reason", "source", "added_by", "created_at", "lifted_at", "lifted_by", "lifted_because")

REASONS = "('opt_out', 'complaint', 'bounce', 'manual', 'do_not_contact')"


def upgrade() -> None:
    op.add_column("suppression", sa.Column("kind", sa.Text(), server_default="address", nullable=False))
    op.add_column("suppression", sa.Column("domain", sa.Text(), nullable=True))
    op.add_column("suppression", sa.Column("added_by", sa.Text(), server_default="system", nullable=False))
    op.add_column("suppression", sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("suppression", sa.Column("lifted_by", sa.Text(), nullable=True))
    op.add_column("suppression", sa.Column("lifted_because", sa.Text(), nullable=True))
    name_reasons()
    op.create_check_constraint(op.f("ck_suppression_kind"), "suppression", "kind in ('address', 'domain')")
    op.create_check_constraint(op.f("ck_suppression_reason"), "suppression", f"reason in {REASONS}")
    op.create_check_constraint(
        op.f("ck_suppression_domain_of_kind"), "suppression", "(kind = 'domain') = (domain is not null)"
    )
    op.create_index(op.f("ix_suppression_tenant_id_created_at_id"), "suppression", ["tenant_id", "created_at", "id"])
    grant("suppression", (f"update ({', '.join(CHANGED)})",))


def downgrade() -> None:
    op.execute(f"revoke update ({', '.join(CHANGED)}) on suppression from {APPLICATION}")
    op.drop_index(op.f("ix_suppression_tenant_id_created_at_id"), "suppression")
    op.drop_constraint(op.f("ck_suppression_domain_of_kind"), "suppression")
    op.drop_constraint(op.f("ck_suppression_reason"), "suppression")
    op.drop_constraint(op.f("ck_suppression_kind"), "suppression")
    for column in ("lifted_because", "lifted_by", "lifted_at", "added_by", "domain", "kind"):
        op.drop_column("suppression", column)


def name_reasons() -> None:
    """Any other word becomes the reason that only an owner may set aside.

    The owner of a table sees no row of it while security is forced.
    """
    op.execute("alter table suppression no force row level security")
    op.execute(f"update suppression set reason = 'opt_out' where reason not in {REASONS}")
    op.execute("alter table suppression force row level security")
