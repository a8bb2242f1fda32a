"""What every table shares: one metadata, one naming convention, tenant ownership, composite keys."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

type_map = {
    UUID: sa.Uuid(),
    dt.datetime: sa.DateTime(timezone=True),
    str: sa.Text(),
    dict[str, object]: pg.JSONB(none_as_null=True),
    list[object]: pg.JSONB(none_as_null=True),
    list[str]: pg.ARRAY(sa.Text()),
    int: sa.BigInteger(),
}


class Base(DeclarativeBase):
    """The declarative base; its metadata is what migrations are compared with."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = type_map


metadata = Base.metadata


class TenantOwned:
    """A table whose rows belong to one tenant: the primary key is (tenant_id, id), row-level security is forced.

    The order matters: that key is also the index by which a tenant's rows are found.

    Foreign keys between such tables are composite (`tenant_reference`): a plain one ignores row-level security.
    """

    @declared_attr
    def tenant_id(self) -> Mapped[UUID]:
        """The tenant that owns the row."""
        return mapped_column(sa.ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True, sort_order=-2)

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)


class Timestamped:
    """Rows that tell when they were made, by the database's clock."""

    created_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())


def tenant_reference(column: str, target: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """A composite foreign key (tenant_id, column) -> target(tenant_id, id)."""
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"], ondelete=ondelete)


def one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    """A check that a text column holds one of a StrEnum's values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=column)
