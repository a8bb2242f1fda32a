"""A suppressed person is suppressed in every spelling and for good, and the address itself is kept nowhere."""

import asyncio
from uuid import UUID

import psycopg
import pytest

from sales_agent.controls.models import Suppression
from sales_agent.controls.suppression import (
    Lifting,
    OptOutIsFinal,
    SuppressionNotFound,
    is_suppressed,
    lift,
    suppress,
    suppress_all,
    suppress_digest,
    suppress_domain,
)
from sales_agent.controls.suppression_entries import (
    AddressNotUnderstood,
    DigestNotUnderstood,
    DomainNotUnderstood,
    ReasonNotKnown,
    address_digest,
    address_entry,
    domain_entry,
)
from sales_agent.controls.suppression_repository import SuppressionFilter, SuppressionRepository
from sales_agent.kit.db import Database
from sales_agent.kit.pagination import Cursor
from tests.conftest import DatabaseUrls

ADA = "ada@fabrikam.example"


async def entry_of(database: Database, tenant_id: UUID) -> Suppression:
    """The one entry of the list."""
    async with database.transaction(tenant_id) as session:
        page = await SuppressionRepository(session, tenant_id).page(
            SuppressionFilter(with_lifted=True), after=None, limit=10
        )
    (entry,) = page.rows
    return entry


def actions(urls: DatabaseUrls) -> list[str]:
    with psycopg.connect(urls.superuser) as connection:
        return [row[0] for row in connection.execute("select action from audit_event order by id")]


async def test_a_person_is_suppressed_in_every_spelling_and_for_one_tenant(
    database: Database, tenant_id: UUID, other_tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        assert not await is_suppressed(session, tenant_id, ADA)
        assert await suppress(session, tenant_id, "Ada+forms@Fabrikam.example", reason="opt_out", source="reply")
        assert not await suppress(session, tenant_id, ADA, reason="manual", source="operator")
        for spelling in (ADA, "ADA@FABRIKAM.EXAMPLE", "ada+news@fabrikam.example", f" {ADA}. "):
            assert await is_suppressed(session, tenant_id, spelling)
        assert not await is_suppressed(session, tenant_id, "bob@fabrikam.example")
    async with database.transaction(other_tenant_id) as session:
        assert not await is_suppressed(session, other_tenant_id, ADA)


async def test_the_address_is_in_no_row(database: Database, database_urls: DatabaseUrls, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await suppress(session, tenant_id, ADA, reason="opt_out", source="reply")
    with psycopg.connect(database_urls.superuser) as connection:
        rows = connection.execute(
            "select to_jsonb(s)::text from suppression s union all select to_jsonb(e)::text from audit_event e"
        ).fetchall()
    assert len(rows) == 2
    assert all("fabrikam" not in row[0] for row in rows)


async def test_a_domain_covers_those_below_it_and_none_beside_it(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        assert await suppress_domain(
            session, tenant_id, "@Fabrikam.Example", reason="do_not_contact", source="operator"
        )
        for covered in (ADA, "x@mail.fabrikam.example", "x@A.B.Fabrikam.example"):
            assert await is_suppressed(session, tenant_id, covered)
        for other in ("x@notfabrikam.example", "x@fabrikam.example.contoso.example", "x@example"):
            assert not await is_suppressed(session, tenant_id, other)


async def test_a_digest_does_what_its_address_does(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        assert await suppress_digest(
            session, tenant_id, address_digest("Ada+x@fabrikam.example"), reason="opt_out", source="unsubscribe_link"
        )
        assert await is_suppressed(session, tenant_id, ADA)
        assert not await suppress(session, tenant_id, ADA, reason="opt_out", source="reply")


@pytest.mark.parametrize("no_address", ["", "ada", "@fabrikam.example", "ada@"])
async def test_what_is_no_address_is_not_written_to(database: Database, tenant_id: UUID, no_address: str):
    async with database.transaction(tenant_id) as session:
        assert await is_suppressed(session, tenant_id, no_address)


async def test_what_cannot_be_understood_is_refused(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        for odd in (
            "",
            "ada",
            "Ada <ada@fabrikam.example>",
            "a@b.example,c@d.example",
            "ada@example",
            "a\ud800@b.example",
        ):
            with pytest.raises(AddressNotUnderstood):
                await suppress(session, tenant_id, odd, reason="manual", source="operator")
        for odd in ("example", "", "=cmd.example", "a b.example", "-x.example", ADA):
            with pytest.raises(DomainNotUnderstood):
                await suppress_domain(session, tenant_id, odd, reason="manual", source="operator")
        with pytest.raises(DigestNotUnderstood):
            await suppress_digest(session, tenant_id, "d" * 63, reason="manual", source="operator")
        with pytest.raises(ReasonNotKnown):
            await suppress(session, tenant_id, ADA, reason="again", source="operator")


async def test_the_first_reason_stays_but_the_persons_own_word_outweighs_it(
    database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    for reason, source in (("manual", "operator"), ("bounce", "reply"), ("opt_out", "reply"), ("complaint", "reply")):
        async with database.transaction(tenant_id) as session:
            is_new = await suppress(session, tenant_id, ADA, reason=reason, source=source)
        assert is_new == (reason == "manual")

    entry = await entry_of(database, tenant_id)
    assert (entry.reason, entry.source) == ("opt_out", "reply")
    assert actions(database_urls) == ["address.suppressed", "suppression.strengthened"]


async def test_a_lifted_entry_covers_nobody_and_comes_back_with_the_next_one(database: Database, tenant_id: UUID):
    async with database.transaction(tenant_id) as session:
        await suppress(session, tenant_id, ADA, reason="bounce", source="reply")
    entry = await entry_of(database, tenant_id)
    async with database.transaction(tenant_id) as session:
        await lift(session, tenant_id, entry.id, Lifting(by="mara", because="the mailbox is back"))
        assert not await is_suppressed(session, tenant_id, ADA)
    with pytest.raises(SuppressionNotFound):
        async with database.transaction(tenant_id) as session:
            await lift(session, tenant_id, entry.id, Lifting(by="mara", because="again"))
    lifted = await entry_of(database, tenant_id)
    assert (lifted.lifted_by, lifted.lifted_because) == ("mara", "the mailbox is back")

    async with database.transaction(tenant_id) as session:
        assert await suppress(session, tenant_id, ADA, reason="manual", source="operator")
        assert await is_suppressed(session, tenant_id, ADA)
    again = await entry_of(database, tenant_id)
    assert (again.id, again.reason, again.lifted_at, again.lifted_because) == (entry.id, "manual", None, None)


@pytest.mark.parametrize("reason", ["opt_out", "complaint"])
async def test_an_opt_out_is_lifted_only_by_an_override(
    reason: str, database: Database, database_urls: DatabaseUrls, tenant_id: UUID
):
    async with database.transaction(tenant_id) as session:
        await suppress(session, tenant_id, ADA, reason=reason, source="reply")
    entry = await entry_of(database, tenant_id)
    with pytest.raises(OptOutIsFinal):
        async with database.transaction(tenant_id) as session:
            await lift(session, tenant_id, entry.id, Lifting(by="mara", because="they bought"))
    async with database.transaction(tenant_id) as session:
        assert await is_suppressed(session, tenant_id, ADA)
        await lift(session, tenant_id, entry.id, Lifting(by="olga", because="asked for it in writing", overrides=True))
        assert not await is_suppressed(session, tenant_id, ADA)
    assert actions(database_urls) == ["address.suppressed", "suppression.lifted"]


async def test_a_list_that_names_somebody_twice_keeps_the_graver_reason(database: Database, tenant_id: UUID):
    entries = [
        address_entry(ADA, "manual"),
        address_entry("ADA@fabrikam.example", "opt_out"),
        address_entry(ADA, "bounce"),
    ]
    async with database.transaction(tenant_id) as session:
        assert await suppress_all(session, tenant_id, entries, source="import", by="mara") == 1
    assert (await entry_of(database, tenant_id)).reason == "opt_out"


async def test_the_same_person_suppressed_from_many_sides_at_once_is_one_entry(database: Database, tenant_id: UUID):
    entries = [address_entry(f"p{number}@fabrikam.example", "manual") for number in range(50)]

    async def once(direction: int) -> int:
        async with database.transaction(tenant_id) as session:
            return await suppress_all(session, tenant_id, entries[::direction], source="import", by="mara")

    counts = await asyncio.gather(*(once((-1) ** number) for number in range(6)))

    assert sum(counts) == 50
    async with database.transaction(tenant_id) as session:
        assert await SuppressionRepository(session, tenant_id).count() == 50


async def test_pages_hold_every_entry_once_newest_first(database: Database, tenant_id: UUID):
    entries = [address_entry(f"p{number}@fabrikam.example", "manual") for number in range(7)]
    async with database.transaction(tenant_id) as session:
        await suppress_all(session, tenant_id, entries, source="import", by="mara")
    async with database.transaction(tenant_id) as session:
        await suppress_all(session, tenant_id, [domain_entry("contoso.example", "manual")], source="import", by="mara")
    seen: list[Suppression] = []
    cursor = None
    async with database.transaction(tenant_id) as session:
        while True:
            page = await SuppressionRepository(session, tenant_id).page(SuppressionFilter(), after=cursor, limit=3)
            seen.extend(page.rows)
            if page.next_cursor is None:
                break
            cursor = Cursor.decode(page.next_cursor)
    assert seen[0].domain == "contoso.example"
    assert len({row.id for row in seen}) == len(seen) == 8
