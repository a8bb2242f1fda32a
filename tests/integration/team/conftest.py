"""The application in this process."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.conftest import DatabaseUrls
from tests.factories.api import serving


@pytest.fixture
async def client(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Nobody in particular."""
    async with serving(database_urls.app, data_dir) as client:
        yield client
