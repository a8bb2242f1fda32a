"""What a link from a mail is good for: to be told whose mails they are, and to get none any more."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.tenancy.repository import TenantRepository
from sales_agent.controls.models import SuppressionReason
from sales_agent.controls.settings import SellerProfile, read_profile
from sales_agent.controls.suppression import suppress_digest
from sales_agent.controls.unsubscribe import UnsubscribeLinks
from sales_agent.kit.db import Database

# Stand in the suppression list and in the audit trail: the holder of the link, whoever that is.
SOURCE = "unsubscribe_link"
ACTOR = "unsubscribe_link"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mails a link is about, and the language they are written in."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class UnsubscribeDoor:
    """The token alone says who may pass, and it opens nothing but the way out."""

    database: Database
    links: UnsubscribeLinks
    default_profile: SellerProfile

    async def sender(self, token: str) -> Sender | None:
        """Whose mails these are; None for a token that is not ours, or whose tenant is gone. Changes nothing."""
        found = self.links.read(token)
        if found is None:
            return None
        tenant_id, _ = found
        async with self.database.transaction(tenant_id) as session:
            return await self._sender(session, tenant_id)

    async def unsubscribe(self, token: str) -> Sender | None:
        """Suppress the person from this moment on, however often they ask; answers as `sender` does."""
        found = self.links.read(token)
        if found is None:
            return None
        tenant_id, address_digest = found
        async with self.database.transaction(tenant_id) as session:
            sender = await self._sender(session, tenant_id)
            if sender is not None:
                await suppress_digest(
                    session, tenant_id, address_digest, reason=SuppressionReason.OPT_OUT, source=SOURCE, by=ACTOR
                )
        return sender

    async def _sender(self, session: AsyncSession, tenant_id: UUID) -> Sender | None:
        tenant = await TenantRepository(session, tenant_id).get()
        if tenant is None:
            return None
        profile = await read_profile(session, tenant_id, self.default_profile)
        return Sender(profile.company or profile.name or tenant.name, profile.language)
