"""Due jobs of all tenants are handed over once, oldest first, a part to each queue, and what was lost comes back."""

from collections import Counter
from uuid import UUID

import psycopg
import pytest

from tests.conftest import DatabaseUrls

HAND_OVER = "select tenant_id, job_id, kind, queue, trace_id from directory.hand_over_jobs(%s, %s, %s)"
ADD = """
    insert into job (
        tenant_id, id, kind, queue, state, next_run_at, handed_at, lease_owner, lease_token, lease_expires_at
    )
    select %(tenant)s, gen_random_uuid(), 'k', %(queue)s, %(state)s,
        now() + make_interval(secs => %(due_in)s + n / 1e4),
        now() - make_interval(secs => %(handed_ago)s), gen_random_uuid(), 7,
        now() + make_interval(secs => %(lease_left)s)
    from generate_series(1, %(count)s) n returning id"""


@pytest.fixture
def relay(database_urls: DatabaseUrls):
    with psycopg.connect(database_urls.app) as connection:
        yield connection


def add(
    urls: DatabaseUrls, tenant_id: UUID, queue: str = "interactive", count: int = 1, **changes: object
) -> list[UUID]:
    values = {"state": "due", "due_in": -60, "handed_ago": 0, "lease_left": 30, **changes}
    with psycopg.connect(urls.app) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
        rows = connection.execute(ADD, {"tenant": tenant_id, "queue": queue, "count": count, **values}).fetchall()
    return [row[0] for row in rows]


def hand_over(
    relay: psycopg.Connection, batch: int = 100, max_handed: int = 1000, timeout: float = 30
) -> list[tuple[UUID, UUID, str, str, str]]:
    return relay.execute(HAND_OVER, (batch, max_handed, timeout)).fetchall()


def ids(handed: list[tuple[UUID, UUID, str, str, str]]) -> list[UUID]:
    return [job_id for _, job_id, _, _, _ in handed]


def test_due_jobs_of_every_tenant_are_handed_over_once(
    relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    ours, theirs = add(database_urls, tenant_id), add(database_urls, other_tenant_id)
    add(database_urls, tenant_id, due_in=60)
    handed = hand_over(relay)
    assert {(tenant, job) for tenant, job, *_ in handed} == {(tenant_id, ours[0]), (other_tenant_id, theirs[0])}
    assert hand_over(relay) == []


def test_the_oldest_go_first_and_no_more_than_a_batch(
    relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID
):
    young = add(database_urls, tenant_id, count=5, due_in=-10)
    old = add(database_urls, tenant_id, count=5, due_in=-1000)
    assert set(ids(hand_over(relay, batch=5))) == set(old)
    assert set(ids(hand_over(relay, batch=5))) == set(young)


def test_two_relays_at_once_get_different_jobs(relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID):
    jobs = add(database_urls, tenant_id, count=30)
    with psycopg.connect(database_urls.app) as second:
        first_half, second_half = ids(hand_over(relay, batch=15)), ids(hand_over(second, batch=15))
    assert len(first_half) == len(second_half) == 15
    assert set(first_half) | set(second_half) == set(jobs)


def test_a_queue_gets_no_more_than_its_workers_have_begun(
    relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID
):
    add(database_urls, tenant_id, count=30)
    assert len(hand_over(relay, max_handed=20)) == 20
    assert hand_over(relay, max_handed=20) == []
    assert len(hand_over(relay, max_handed=25)) == 5


def test_a_backlog_in_one_queue_keeps_no_other_waiting(
    relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID
):
    add(database_urls, tenant_id, "bulk", count=20_000, due_in=-5000)
    add(database_urls, tenant_id, "interactive", count=3)
    add(database_urls, tenant_id, "sending", count=60)
    handed = Counter(queue for *_, queue, _ in hand_over(relay))
    assert handed == {"interactive": 3, "sending": 49, "bulk": 48}


def test_a_full_queue_leaves_its_part_to_the_others(
    relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID
):
    add(database_urls, tenant_id, "bulk", count=50)
    add(database_urls, tenant_id, "bulk", count=20, state="handed")
    add(database_urls, tenant_id, "sending", count=50)
    handed = Counter(queue for *_, queue, _ in hand_over(relay, batch=40, max_handed=20))
    assert handed == {"sending": 20}


@pytest.mark.parametrize(
    "lost",
    [
        {"state": "handed", "handed_ago": 31},
        {"state": "running", "lease_left": -1},
        {"state": "parked", "due_in": -1},
    ],
    ids=["handed and never begun", "its worker went silent", "parked until now"],
)
def test_a_lost_job_comes_back(
    lost: dict[str, object], relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID
):
    jobs = add(database_urls, tenant_id, **lost)
    assert ids(hand_over(relay)) == jobs
    relay.execute("select set_config('app.tenant_id', %s, true)", (str(tenant_id),))
    row = relay.execute("select state, lease_owner, lease_expires_at, lease_token from job").fetchone()
    assert row == ("handed", None, None, 7)


@pytest.mark.parametrize(
    "present",
    [
        {"state": "handed", "handed_ago": 29},
        {"state": "running", "lease_left": 1},
        {"state": "parked", "due_in": 60},
        {"state": "done"},
        {"state": "failed"},
        {"state": "cancelled"},
    ],
    ids=lambda present: str(present["state"]),
)
def test_a_job_that_is_not_lost_stays_where_it_is(
    present: dict[str, object], relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID
):
    add(database_urls, tenant_id, **present)
    assert hand_over(relay) == []


def test_open_jobs_are_counted_by_queue_and_state(
    relay: psycopg.Connection, database_urls: DatabaseUrls, tenant_id: UUID, other_tenant_id: UUID
):
    add(database_urls, tenant_id, "bulk", count=2, due_in=-100)
    add(database_urls, other_tenant_id, "bulk", due_in=-50)
    add(database_urls, tenant_id, "sending", state="handed", handed_ago=5)
    add(database_urls, tenant_id, "sending", state="done")
    rows = relay.execute("select queue, state, count, oldest_seconds from directory.due_job_count()").fetchall()
    counted = {(queue, state): (count, oldest) for queue, state, count, oldest in rows}
    assert {key: count for key, (count, _) in counted.items()} == {("bulk", "due"): 3, ("sending", "handed"): 1}
    assert 99 < counted["bulk", "due"][1] < 130
    assert 5 <= counted["sending", "handed"][1] < 30
