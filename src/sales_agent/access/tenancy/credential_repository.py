"""Every query on stored credentials, encrypted on the way in and decrypted on the way out."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.tenancy.credentials import ProviderCredential, bound_to
from sales_agent.access.tenancy.models import Credential
from sales_agent.kit.crypto import Keyring
from sales_agent.kit.ids import new_id


class CredentialRepository:
    """The credentials of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID, keyring: Keyring) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._keyring = keyring

    async def get(self, provider: str, name: str) -> ProviderCredential | None:
        """The credential, or None. Raises SecretUnreadable where the keys have changed."""
        row = await self._session.scalar(sa.select(Credential).where(self._is(provider, name)))
        if row is None:
            return None
        value = self._keyring.decrypt(row.value_encrypted, bound_to=bound_to(self._tenant_id, row.id))
        return ProviderCredential(row.id, row.provider, row.name, value, row.expires_at)

    async def put(self, provider: str, name: str, value: str, *, expires_at: dt.datetime | None = None) -> None:
        """Store or replace the credential."""
        await self.put_if_absent(provider, name, value, expires_at=expires_at)
        locked = await self._session.execute(sa.select(Credential.id).where(self._is(provider, name)).with_for_update())
        encrypted = self._keyring.encrypt(value, bound_to=bound_to(self._tenant_id, locked.scalar_one()))
        await self._session.execute(
            sa.update(Credential)
            .where(self._is(provider, name))
            .values(value_encrypted=encrypted, expires_at=expires_at)
        )

    async def put_if_absent(
        self, provider: str, name: str, value: str, *, expires_at: dt.datetime | None = None
    ) -> None:
        """Store the credential unless there is one, which then stays as it is."""
        row_id = new_id()
        encrypted = self._keyring.encrypt(value, bound_to=bound_to(self._tenant_id, row_id))
        key = {"tenant_id": self._tenant_id, "id": row_id, "provider": provider, "name": name}
        await self._session.execute(
            insert(Credential)
            .values(**key, value_encrypted=encrypted, expires_at=expires_at)
            .on_conflict_do_nothing(index_elements=["tenant_id", "provider", "name"])
        )

    async def delete(self, provider: str, name: str) -> bool:
        """Remove the credential; whether there was one."""
        deleted = await self._session.execute(
            sa.delete(Credential).where(self._is(provider, name)).returning(Credential.id)
        )
        return deleted.first() is not None

    def _is(self, provider: str, name: str) -> sa.ColumnElement[bool]:
        return sa.and_(
            Credential.tenant_id == self._tenant_id, Credential.provider == provider, Credential.name == name
        )
