"""Every query on assets: files as last listed, and their vectors, so that an unchanged file is embedded once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.connectors.files.reader import FileEntry
from sales_agent.kit.ids import new_id
from sales_agent.kit.storable import storable_text
from sales_agent.records.assets.models import Asset


class AssetRepository:
    """The assets of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: UUID) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def vectors(self, files: Sequence[FileEntry], model: str) -> Mapping[str, Sequence[float]]:
        """Vectors by file id, of those files that have not changed since this model saw them."""
        modified = {file.id: file.modified_at for file in files}
        found = await self._session.execute(
            sa.select(Asset.provider_id, Asset.modified_at, Asset.embedding)
            .where(Asset.tenant_id == self._tenant_id, Asset.model == model)
            .where(Asset.provider_id.in_(list(modified)))
        )
        return {
            provider_id: [float(value) for value in embedding]
            for provider_id, modified_at, embedding in found
            if modified[provider_id] == modified_at
        }

    async def link_of(self, provider_id: str) -> str | None:
        """The link of a file as last listed; None where it was never listed."""
        return await self._session.scalar(
            sa.select(Asset.link).where(Asset.tenant_id == self._tenant_id, Asset.provider_id == provider_id)
        )

    async def save(
        self,
        files: Sequence[FileEntry],
        vectors: Mapping[str, Sequence[float]],
        *,
        model: str,
        fetched_at: dt.datetime,
    ) -> None:
        """Keep the files that have a vector, as they were listed."""
        rows = {file.id: self._row(file, vectors[file.id], model, fetched_at) for file in files if file.id in vectors}
        if not rows:
            return
        statement = insert(Asset).values([rows[key] for key in sorted(rows)])
        changed = ("name", "mime_type", "link", "description", "model", "embedding", "modified_at", "fetched_at")
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "provider_id"], set_={name: statement.excluded[name] for name in changed}
            )
        )

    def _row(self, file: FileEntry, vector: Sequence[float], model: str, fetched_at: dt.datetime) -> dict[str, object]:
        return {
            "tenant_id": self._tenant_id,
            "id": new_id(),
            "provider_id": file.id,
            "name": storable_text(file.name),
            "mime_type": file.mime_type,
            "link": file.link,
            "description": storable_text(file.description),
            "model": model,
            "embedding": list(vector),
            "modified_at": file.modified_at,
            "fetched_at": fetched_at,
        }
