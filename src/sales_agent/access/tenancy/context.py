"""Which tenant the present task works for, for log lines and limits; the database is told in every transaction."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_present: ContextVar[UUID | None] = ContextVar("sales_agent_tenant", default=None)


def present_tenant() -> UUID | None:
    """The tenant of this task, None outside of any."""
    return _present.get()


def enter_tenant(tenant_id: UUID) -> None:
    """From here on this task, and those it starts, work for `tenant_id`: for a request that ends with its task."""
    _present.set(tenant_id)


@contextmanager
def as_tenant(tenant_id: UUID) -> Generator[None]:
    """Work for `tenant_id` within the block."""
    token = _present.set(tenant_id)
    try:
        yield
    finally:
        _present.reset(token)
