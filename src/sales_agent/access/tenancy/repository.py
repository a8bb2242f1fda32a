"""Every query on tenants and webhook sources."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.tenancy.credentials import SourceKeyTaken, SourceSecret, bound_to
from sales_agent.access.tenancy.models import SignaturePolicy, Tenant, WebhookSource
from sales_agent.kit.crypto import Keyring
from sales_agent.kit.errors import Conflict
from sales_agent.kit.ids import new_id


class SlugTaken(Conflict):
    """There is a tenant with this slug already."""


class TenantRepository:
    """The row of one tenant; a tenant is made in a transaction of its own id."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def create(self, *, slug: str, name: str, is_demo: bool = False) -> Tenant:
        """Make the tenant. Raises SlugTaken."""
        tenant = Tenant(id=self._tenant_id, slug=slug, name=name, is_demo=is_demo)
        try:
            async with self._session.begin_nested():
                self._session.add(tenant)
        except IntegrityError as error:
            raise SlugTaken from error
        return tenant

    async def get(self) -> Tenant | None:
        """The tenant, or None where it does not exist (or is another's)."""
        return await self._session.get(Tenant, self._tenant_id)


class WebhookSourceRepository:
    """The webhook sources of one tenant, their secrets decrypted."""

    def __init__(self, session: AsyncSession, tenant_id: UUID, keyring: Keyring) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._keyring = keyring

    async def get(self, source_id: UUID) -> SourceSecret | None:
        """One source, or None. Raises SecretUnreadable where the keys have changed."""
        source = await self._session.get(WebhookSource, (self._tenant_id, source_id))
        return None if source is None else self._opened(source)

    async def all(self) -> Sequence[SourceSecret]:
        """Every source, by key."""
        rows = await self._session.scalars(
            sa.select(WebhookSource).where(WebhookSource.tenant_id == self._tenant_id).order_by(WebhookSource.key)
        )
        return [self._opened(source) for source in rows]

    async def upsert(
        self, *, key: str, portal_id: int, form_ids: Sequence[str], signature: SignaturePolicy, secret: str
    ) -> UUID:
        """Make the source of this key, or change ours; its id. Raises SourceKeyTaken where it is another tenant's."""
        source_id = await self._locked_id(key) or await self._reserve(key)
        await self._session.execute(
            sa.update(WebhookSource)
            .where(WebhookSource.tenant_id == self._tenant_id, WebhookSource.id == source_id)
            .values(
                portal_id=portal_id,
                form_ids=list(form_ids),
                signature=signature,
                secret_encrypted=self._keyring.encrypt(secret, bound_to=bound_to(self._tenant_id, source_id)),
            )
        )
        return source_id

    async def _locked_id(self, key: str) -> UUID | None:
        return await self._session.scalar(
            sa.select(WebhookSource.id)
            .where(WebhookSource.tenant_id == self._tenant_id, WebhookSource.key == key)
            .with_for_update()
        )

    async def _reserve(self, key: str) -> UUID:
        """Take the key, which is unique over all tenants; the row is filled in the same transaction."""
        await self._session.execute(
            insert(WebhookSource)
            .values(tenant_id=self._tenant_id, id=new_id(), key=key)
            .values(portal_id=0, form_ids=[], signature=SignaturePolicy.V3, secret_encrypted="")
            .on_conflict_do_nothing(index_elements=["key"])
        )
        source_id = await self._locked_id(key)
        if source_id is None:
            raise SourceKeyTaken
        return source_id

    def _opened(self, source: WebhookSource) -> SourceSecret:
        return SourceSecret(
            id=source.id,
            tenant_id=source.tenant_id,
            key=source.key,
            portal_id=source.portal_id,
            form_ids=frozenset(source.form_ids),
            signature=SignaturePolicy(source.signature),
            secret=self._keyring.decrypt(source.secret_encrypted, bound_to=bound_to(self._tenant_id, source.id)),
        )
