"""Signing out: the session ends here, not only in the browser."""

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.auth.principal import Principal
from sales_agent.access.auth.session_repository import SessionRepository
from sales_agent.kit.errors import Conflict
from sales_agent.ledger.audit.record import AuditEntry, record


class NoSession(Conflict):
    """An API key has no session to end: revoke the key instead."""


async def sign_out(session: AsyncSession, caller: Principal) -> None:
    """End the caller's session. Raises NoSession."""
    if caller.user_id is None:
        raise NoSession
    if await SessionRepository(session, caller.tenant_id).revoke(caller.key_id):
        entry = AuditEntry("session.ended", actor=caller.actor, subject=("user", caller.user_id))
        await record(session, caller.tenant_id, entry)
