"""The same words of the same person twice within hours are one wish; everything else is a new one."""

import datetime as dt
from uuid import UUID

import pytest

from sales_agent.kit.db import Database
from sales_agent.kit.pagination import Cursor
from sales_agent.records.leads.models import Submission, SubmissionState
from sales_agent.records.leads.submission_repository import SubmissionRepository
from tests.factories.records import make_submission
from tests.factories.store import store

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
WORDS = {"email_canonical": "ada@fabrikam.example", "form_id": "f-1", "fields": {"message": "Prices?", "n": "1"}}


def made(tenant_id: UUID, minutes: float = 0, **changes: object) -> Submission:
    return make_submission(tenant_id, **{**WORDS, "created_at": NOON + dt.timedelta(minutes=minutes), **changes})


async def same_words_before(database: Database, tenant_id: UUID, submission_id: UUID, hours: int = 24) -> UUID | None:
    async with database.transaction(tenant_id) as session:
        return await SubmissionRepository(session, tenant_id).same_words_before(submission_id, within_hours=hours)


async def test_the_same_words_sent_twice_are_found(database: Database, tenant_id: UUID):
    first, second = made(tenant_id), made(tenant_id, 5, fields={"n": "1", "message": "Prices?"})
    await store(database, first, second)

    assert await same_words_before(database, tenant_id, second.id) == first.id
    assert await same_words_before(database, tenant_id, first.id) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": {"message": "Prices!", "n": "1"}},
        {"fields": {"message": "Prices?"}},
        {"form_id": "f-2"},
        {"email_canonical": "bob@fabrikam.example"},
        {"state": "rejected"},
        {"created_at": NOON - dt.timedelta(hours=24)},
    ],
)
async def test_other_words_or_another_person_or_another_day_are_not_the_same(
    database: Database, tenant_id: UUID, changes: dict[str, object]
):
    second = made(tenant_id, 1)
    await store(database, made(tenant_id, **changes), second)

    assert await same_words_before(database, tenant_id, second.id) is None


async def test_without_an_address_nobody_is_the_same_person(database: Database, tenant_id: UUID):
    first, second = made(tenant_id, email_canonical=""), made(tenant_id, 1, email_canonical="")
    await store(database, first, second)

    assert await same_words_before(database, tenant_id, second.id) is None


async def test_of_two_stored_at_the_same_moment_exactly_one_is_the_duplicate(database: Database, tenant_id: UUID):
    one, other = made(tenant_id), made(tenant_id)
    await store(database, one, other)

    found = [await same_words_before(database, tenant_id, submission.id) for submission in (one, other)]

    assert sorted(found, key=str) == sorted([None, min(one.id, other.id)], key=str)


async def test_the_words_of_another_tenant_are_nobody_s_here(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    theirs, ours = made(other_tenant_id), made(tenant_id, 1)
    await store(database, theirs)
    await store(database, ours)

    assert await same_words_before(database, tenant_id, ours.id) is None


async def test_pages_hold_every_submission_once_newest_first(database: Database, tenant_id: UUID):
    submissions = [made(tenant_id, minutes // 2) for minutes in range(7)]
    rejected = made(tenant_id, 9, state="rejected", reason="unknown_form")
    await store(database, *submissions, rejected)
    seen: list[UUID] = []
    cursor = None

    async with database.transaction(tenant_id) as session:
        repository = SubmissionRepository(session, tenant_id)
        while True:
            page = await repository.page(
                after=Cursor.decode(cursor) if cursor else None, limit=3, state=SubmissionState.ACCEPTED
            )
            seen.extend(submission.id for submission in page.rows)
            cursor = page.next_cursor
            if cursor is None:
                break
        everything = await repository.page(after=None, limit=50)
        found = await repository.get(rejected.id)

    order = sorted(submissions, key=lambda submission: (submission.created_at, submission.id), reverse=True)
    assert seen == [submission.id for submission in order]
    assert len(everything.rows) == 8
    assert found is not None
    assert found.reason == "unknown_form"
