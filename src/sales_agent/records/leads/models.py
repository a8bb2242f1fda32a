"""Tables: submissions as they came in, and the contacts, companies and deals they belong to."""

import datetime as dt
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, one_of, tenant_reference


class SubmissionState(StrEnum):
    """What became of a submission at the door: a run answers it, or it was rejected with a reason."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Submission(TenantOwned, Timestamped, Base):
    """One form submission. The ids of its run and job are minted with it, so that every delivery answers the same ones.

    `raw` are the signed bytes as received; `fields` the form fields by name; times are the form's own.
    """

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "dedupe_key"),
        one_of("state", SubmissionState),
        sa.UniqueConstraint("tenant_id", "run_id"),
        sa.Index(None, "tenant_id", "email_canonical"),
    )

    dedupe_key: Mapped[str]
    source_key: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    run_id: Mapped[UUID]
    job_id: Mapped[UUID]
    portal_id: Mapped[int | None]
    form_id: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    email_canonical: Mapped[str] = mapped_column(server_default="")
    fields: Mapped[dict[str, object]]
    page_uri: Mapped[str] = mapped_column(server_default="")
    page_title: Mapped[str] = mapped_column(server_default="")
    submitted_at: Mapped[dt.datetime | None]
    raw: Mapped[bytes]
    delivery_count: Mapped[int] = mapped_column(server_default="1")
    trace_id: Mapped[str] = mapped_column(server_default="")


class Company(TenantOwned, Timestamped, Base):
    """A company as the CRM knows it, cached."""

    __tablename__ = "company"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "crm_id"),)

    crm_id: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    domain: Mapped[str] = mapped_column(server_default="")
    properties: Mapped[dict[str, object]]
    fetched_at: Mapped[dt.datetime]


class Contact(TenantOwned, Timestamped, Base):
    """A person as the CRM knows them, cached with an age. `crm_id` is null while creating them is held."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "email_canonical"),
        tenant_reference("company_id", "company", ondelete="SET NULL (company_id)"),
    )

    email: Mapped[str]
    email_canonical: Mapped[str]
    crm_id: Mapped[str | None]
    company_id: Mapped[UUID | None]
    owner_name: Mapped[str] = mapped_column(server_default="")
    owner_email: Mapped[str] = mapped_column(server_default="")
    properties: Mapped[dict[str, object]]
    is_opted_out: Mapped[bool] = mapped_column(server_default=sa.false())
    fit_score: Mapped[float | None]
    fit_parts: Mapped[list[object] | None]
    fetched_at: Mapped[dt.datetime | None]


class Deal(TenantOwned, Timestamped, Base):
    """A deal of a contact, as the CRM knows it; never created here."""

    __tablename__ = "deal"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "contact_id", "crm_id"),
        tenant_reference("contact_id", "contact"),
    )

    crm_id: Mapped[str]
    contact_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(server_default="")
    stage: Mapped[str] = mapped_column(server_default="")
    properties: Mapped[dict[str, object]]
    fetched_at: Mapped[dt.datetime]
