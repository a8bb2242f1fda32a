"""Table: usage, one row a metered call."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from sales_agent.kit.tables import Base, TenantOwned, Timestamped


class UsageEvent(TenantOwned, Timestamped, Base):
    """Tokens one call used. `purpose` is the agent; a run's calls add up by run_id."""

    __tablename__ = "usage_event"
    __table_args__ = (sa.Index(None, "tenant_id", "run_id"),)

    run_id: Mapped[UUID | None]
    purpose: Mapped[str]
    model: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
