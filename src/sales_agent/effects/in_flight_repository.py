"""The query on the outward writes of all tenants: a directory function that answers counts and nothing else."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

_IN_FLIGHT = sa.text("select in_flight, may_begin from directory.effects_in_flight(:permit_seconds)")


class InFlightRepository:
    """Works without a tenant: only the directory function answers then."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count(self, permit_seconds: float) -> tuple[int, int]:
        """How many permitted writes have not ended, and how many of them were permitted within these seconds."""
        row = (await self._session.execute(_IN_FLIGHT, {"permit_seconds": permit_seconds})).one()
        return row.in_flight, row.may_begin
