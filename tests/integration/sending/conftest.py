"""An office that may send."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from sales_agent.sandbox.client import SandboxClient
from tests.conftest import DatabaseUrls
from tests.integration.sending.office import Office, open_office


@pytest.fixture
async def office(
    tmp_path: Path, database_urls: DatabaseUrls, sandbox: SandboxClient, tenant_id: UUID
) -> AsyncIterator[Office]:
    async with open_office(tmp_path, database_urls, sandbox, tenant_id) as opened:
        yield opened


@pytest.fixture
def opened(
    tmp_path: Path, database_urls: DatabaseUrls, sandbox: SandboxClient, tenant_id: UUID
) -> Callable[..., AbstractAsyncContextManager[Office]]:
    """Opens an office with workers, a clock and settings of one's own."""
    return partial(open_office, tmp_path, database_urls, sandbox, tenant_id)
