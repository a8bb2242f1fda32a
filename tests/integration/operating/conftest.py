"""The application in this process, and two operators of one tenant at its doors."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from tests.conftest import DatabaseUrls
from tests.factories.api import serving
from tests.factories.operating import SELLER, Operators, key_of


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    """Seconds that the application's clock is ahead of the machine's."""
    return tmp_path / "clock"


@pytest.fixture
async def operators(
    database: Database, database_urls: DatabaseUrls, data_dir: Path, clock_file: Path, tenant_id: UUID
) -> AsyncIterator[Operators]:
    """Mara and Ole, with ten seconds to undo and seventy-two hours to decide."""
    changes = {**SELLER, "test_clock_file": str(clock_file), "undo_seconds": 10, "approval_timeout_hours": 72}
    async with serving(database_urls.app, data_dir, **changes) as client:
        yield Operators(client, await key_of(database, tenant_id, "mara"), await key_of(database, tenant_id, "ole"))
