"""The application in this process, and a browser in front of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from sales_agent.main import create_app
from tests.conftest import DatabaseUrls
from tests.factories.api import api_settings
from tests.integration.signin.browsers import browser_of


@pytest.fixture
async def app(database_urls: DatabaseUrls, data_dir: Path) -> AsyncIterator[FastAPI]:
    """The application, running."""
    app = create_app(api_settings(database_urls.app, data_dir))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody's browser, not signed in."""
    async with browser_of(app) as browser:
        yield browser
