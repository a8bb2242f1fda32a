"""Rules: their versions, and how each stands against what people decided

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import READ_AND_ADD, protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MODES = "('off', 'shadow', 'on')"

LOG_BY_TIME = "ix_auto_approval_log_tenant_id_created_at"

# The rules there are become their first versions. Nobody but a superuser sees the rows of all tenants while their
# protection is forced, so it rests for this one statement.
FIRST_VERSIONS = """
    insert into auto_approval_rule_version
        (tenant_id, id, rule_type, version, conditions, confidence, priority, created_by, created_at)
    select tenant_id, gen_random_uuid(), rule_type, version, conditions, confidence, priority, created_by, created_at
    from auto_approval_rule"""


def upgrade() -> None:
    create_auto_approval_rule_version()
    create_auto_approval_rule_move()
    create_rule_observation()
    create_counted_reply()
    op.create_index(LOG_BY_TIME, "auto_approval_log", ["tenant_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_index(LOG_BY_TIME, "auto_approval_log")
    op.drop_table("counted_reply")
    op.drop_table("rule_observation")
    op.drop_table("auto_approval_rule_move")
    op.drop_table("auto_approval_rule_version")


def create_auto_approval_rule_version() -> None:
    op.create_table(
        "auto_approval_rule_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_type", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *of_a_tenant("auto_approval_rule_version"),
        sa.UniqueConstraint(
            "tenant_id",
            "rule_type",
            "version",
            name=op.f("uq_auto_approval_rule_version_tenant_id_rule_type_version"),
        ),
    )
    op.execute("alter table auto_approval_rule no force row level security")
    op.execute(FIRST_VERSIONS)
    op.execute("alter table auto_approval_rule force row level security")
    protect("auto_approval_rule_version", READ_AND_ADD)


def create_auto_approval_rule_move() -> None:
    table = "auto_approval_rule_move"
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_type", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(f"before in {MODES}", name=op.f(f"ck_{table}_before")),
        sa.CheckConstraint(f"after in {MODES}", name=op.f(f"ck_{table}_after")),
        sa.CheckConstraint(
            "cause in ('enabled', 'overridden', 'disabled', 'changed', 'demoted')", name=op.f(f"ck_{table}_cause")
        ),
        *of_a_tenant(table),
    )
    columns = ["tenant_id", "rule_type", "created_at"]
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=False)
    protect(table, READ_AND_ADD)


def create_rule_observation() -> None:
    op.create_table(
        "rule_observation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("rule_type", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.BigInteger(), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        of_a_row("rule_observation", "draft_id", "draft"),
        of_a_row("rule_observation", "move_id", "auto_approval_rule_move"),
        *of_a_tenant("rule_observation"),
        sa.UniqueConstraint("tenant_id", "draft_id", name=op.f("uq_rule_observation_tenant_id_draft_id")),
    )
    columns = ["tenant_id", "rule_type", "rule_version"]
    op.create_index(op.f(f"ix_rule_observation_{'_'.join(columns)}"), "rule_observation", columns, unique=False)
    protect("rule_observation", READ_AND_ADD)


def create_counted_reply() -> None:
    op.create_table(
        "counted_reply",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        of_a_row("counted_reply", "contact_id", "contact"),
        *of_a_tenant("counted_reply"),
        sa.UniqueConstraint("tenant_id", "provider_id", name=op.f("uq_counted_reply_tenant_id_provider_id")),
    )
    protect("counted_reply", READ_AND_ADD)


def of_a_tenant(table: str) -> tuple[sa.Constraint, ...]:
    """What ties a table's rows to their tenant."""
    return (
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def of_a_row(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """What ties a table's rows to rows of another table of the same tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{target}.tenant_id", f"{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )
