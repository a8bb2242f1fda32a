"""A process whose login could look past row-level security says so instead of working."""

import pytest

from sales_agent.kit.db import Database, LoginCanBypass, make_engine
from tests.conftest import DatabaseUrls


async def test_the_login_of_the_application_is_taken(database: Database):
    await database.require_plain_login()


@pytest.mark.parametrize("login", ["owner", "superuser"])
async def test_a_login_that_owns_tables_or_may_do_anything_is_refused(database_urls: DatabaseUrls, login: str):
    database = Database(make_engine(getattr(database_urls, login)))
    with pytest.raises(LoginCanBypass):
        await database.require_plain_login()
    await database.dispose()
