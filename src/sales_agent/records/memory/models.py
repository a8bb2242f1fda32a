"""Table: what worked with whom, found again by vector similarity."""

from uuid import UUID

import sqlalchemy as sa
from pgvector.sqlalchemy import VECTOR
from sqlalchemy.orm import Mapped, mapped_column

from sales_agent.kit.tables import Base, TenantOwned, Timestamped, tenant_reference

# Equal to the width every embedder is asked for; the database checks it at each insert.
DIMENSIONS = 384


class LeadMemory(TenantOwned, Timestamped, Base):
    """One past lead: its vector, and the structured facts that may cross to another lead. Never its words."""

    __tablename__ = "lead_memory"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "run_id"),
        tenant_reference("contact_id", "contact"),
        sa.Index(
            "ix_lead_memory_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_ops={"embedding": "vector_cosine_ops"},
        ),
    )

    run_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    model: Mapped[str]
    embedding: Mapped[list[float]] = mapped_column(VECTOR(DIMENSIONS))
    call_to_action: Mapped[str]
    asset_id: Mapped[str | None]
    outcome: Mapped[str]
