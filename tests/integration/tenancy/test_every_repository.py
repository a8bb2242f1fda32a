"""Through every method of every repository, a tenant finds, changes and removes nothing of another's."""

from collections import Counter
from contextlib import suppress
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.kit.db import Database
from sales_agent.kit.errors import AppError
from sales_agent.kit.tables import TenantOwned
from tests.conftest import DatabaseUrls
from tests.factories.everything import one_row_each
from tests.factories.store import owner_of, store
from tests.integration.tenancy.arguments import MARK, Arguments, marked
from tests.integration.tenancy.repositories import RepositoryMethod, repository_methods, rows_in, texts_in
from tests.integration.tenancy.test_rows_of_another_tenant import TENANT_TABLES, snapshot

METHODS = repository_methods()


# What the right tenant's calls must hit, or the refusals of the wrong one prove nothing. The rest want a state of rows
# that another method needs otherwise.
MOST = 0.75


class TakenBack(Exception):
    """Ends a transaction without keeping what it did."""


@pytest.fixture
async def rows(database: Database, tenant_id: UUID) -> list[TenantOwned]:
    """The first tenant's rows, one in every table, with its mark in every text."""
    rows = marked(one_row_each(tenant_id))
    await store(database, *rows)
    return rows


async def called(database: Database, method: RepositoryMethod, rows: list[TenantOwned], me: UUID, built_for: UUID):
    """What a method answers in a transaction of `me`, or None where it is refused; and its arguments."""
    arguments = method.arguments(Arguments(rows))
    try:
        async with database.transaction(me) as session:
            return await method.call(session, built_for, arguments), arguments
    except (SQLAlchemyError, AppError):
        return None, arguments


def test_every_repository_is_found():
    assert {method.repository.__name__ for method in METHODS} >= {
        "ContactRepository",
        "JobRepository",
        "AuditRepository",
    }
    assert len(METHODS) > 80


@pytest.mark.parametrize("told", ["its own tenant and foreign ids", "the foreign tenant"])
async def test_nothing_of_another_tenant_comes_out_or_changes(
    told: str,
    database: Database,
    database_urls: DatabaseUrls,
    rows: list[TenantOwned],
    tenant_id: UUID,
    other_tenant_id: UUID,
):
    before = snapshot(database_urls, tenant_id)
    built_for = tenant_id if told == "the foreign tenant" else other_tenant_id
    told_itself: set[str] = set()
    for method in METHODS:
        answer, arguments = await called(database, method, rows, other_tenant_id, built_for)
        told_itself |= texts_in(arguments)
        assert not [row for row in rows_in(answer) if owner_of(row) == tenant_id], method
        assert not [text for text in texts_in(answer) - told_itself if MARK in text], method
        assert snapshot(database_urls, tenant_id) == before, method


async def tried(database: Database, method: RepositoryMethod, rows: list[TenantOwned], me: UUID):
    """What a method answers `me`, and whether it changed any row that I can see; what it did is taken back."""
    arguments = method.arguments(Arguments(rows))
    answer: object = None
    has_changed = False
    with suppress(TakenBack, SQLAlchemyError, AppError):
        async with database.transaction(me) as session:
            before = await versions(session)
            answer = await method.call(session, me, arguments)
            has_changed = await versions(session) != before
            take_back()
    return answer, has_changed


async def versions(session: AsyncSession) -> list[str | None]:
    """A digest of every row the present tenant can see, by table."""
    digest = sa.func.md5(sa.func.string_agg(sa.literal_column("t.*::text"), ","))
    return [await session.scalar(sa.select(digest).select_from(sa.table(name).alias("t"))) for name in TENANT_TABLES]


def take_back() -> None:
    raise TakenBack


async def test_the_same_calls_by_the_right_tenant_do_find_or_change_its_rows(
    database: Database, rows: list[TenantOwned], tenant_id: UUID, other_tenant_id: UUID
):
    missed: list[RepositoryMethod] = []
    for method in METHODS:
        answer, has_changed = await tried(database, method, rows, tenant_id)
        answer_to_another, _ = await tried(database, method, rows, other_tenant_id)
        if not has_changed and answer == answer_to_another:
            missed.append(method)
    by_class = Counter(method.repository for method in METHODS)
    assert not [
        str(method)
        for method in missed
        if Counter(m.repository for m in missed)[method.repository] == by_class[method.repository]
    ]
    assert len(missed) <= len(METHODS) * (1 - MOST), [str(method) for method in missed]
