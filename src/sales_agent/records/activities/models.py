"""Table: tasks and notes written to the customer records."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, tenant_reference


class Task(TenantOwned, Timestamped, Base):
    """A to-do for the seller; `crm_id` is null while writing it is held."""

    __tablename__ = "task"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "run_id"), tenant_reference("contact_id", "contact"))

    run_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    effect_id: Mapped[UUID]
    crm_id: Mapped[str | None]
    subject: Mapped[str]
    due_at: Mapped[dt.datetime]


class Note(TenantOwned, Timestamped, Base):
    """What was found about a lead; `crm_id` is null while writing it is held."""

    __tablename__ = "note"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "run_id"), tenant_reference("contact_id", "contact"))

    run_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    effect_id: Mapped[UUID]
    crm_id: Mapped[str | None]
    body: Mapped[str]
