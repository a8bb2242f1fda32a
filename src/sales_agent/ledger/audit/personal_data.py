"""Personal data of audit events: under a key per person, which can be thrown away without touching the chain."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.access.tenancy.credential_repository import CredentialRepository
from sales_agent.access.tenancy.credentials import PERSON, bound_to
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.crypto import Keyring, digest, new_key


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Locks and opens what is personal in the audit trail of one tenant.

    `person` is a mail address; the key is kept under the digest of its canonical form, encrypted by `keyring`.
    """

    session: AsyncSession
    tenant_id: UUID
    keyring: Keyring

    async def lock(self, person: str, text: str) -> str:
        """`text` under the person's key, which is made at first use; for `AuditEntry.private_encrypted`."""
        await self._credentials().put_if_absent(PERSON, _name(person), new_key())
        key = await self._key(person)
        if key is None:
            raise RuntimeError("the key was deleted in the transaction that made it")
        return key.encrypt(text, bound_to=self._binding())

    async def open(self, person: str, locked: str) -> str | None:
        """The text, or None after the person was forgotten. Raises SecretUnreadable if it is somebody else's."""
        key = await self._key(person)
        return None if key is None else key.decrypt(locked, bound_to=self._binding())

    async def forget(self, person: str) -> bool:
        """Throw the person's key away: nobody can read the data any more, and the chain still verifies."""
        return await self._credentials().delete(PERSON, _name(person))

    async def _key(self, person: str) -> Keyring | None:
        found = await self._credentials().get(PERSON, _name(person))
        return None if found is None else Keyring.parse(found.value)

    def _credentials(self) -> CredentialRepository:
        return CredentialRepository(self.session, self.tenant_id, self.keyring)

    def _binding(self) -> str:
        return bound_to(self.tenant_id, self.tenant_id)


def _name(person: str) -> str:
    return digest(canonical_address(person))
