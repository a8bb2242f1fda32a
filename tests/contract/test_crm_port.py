"""The crm ports against HubSpot as the sandbox plays it."""

import asyncio
import datetime as dt
from collections.abc import Callable

import pytest

from sales_agent.connectors.account import Account
from sales_agent.connectors.crm.hubspot.associations import AssociationTypeUnknown
from sales_agent.connectors.crm.hubspot.reader import HubSpotReader
from sales_agent.connectors.crm.hubspot.vendor import HUBSPOT
from sales_agent.connectors.crm.hubspot.writer import HubSpotWriter
from sales_agent.connectors.crm.writer import NewNote, NewTask
from sales_agent.connectors.errors import Transient
from sales_agent.connectors.permit import Permit, WriteWithoutPermit
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

ANNA, ANNAS_COMPANY = "1001", "2001"
DUE = dt.datetime(2031, 3, 4, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
MakePermit = Callable[[str], Permit]


@pytest.fixture
def hubspot(account: MakeAccount) -> Account:
    return account(HUBSPOT)


@pytest.fixture
def reader(hubspot: Account) -> HubSpotReader:
    return HubSpotReader(hubspot)


@pytest.fixture
def writer(hubspot: Account) -> HubSpotWriter:
    return HubSpotWriter(hubspot)


async def test_a_contact_is_found_by_address_in_any_case_with_what_we_need(reader: HubSpotReader) -> None:
    contact = await reader.contact_by_email("Anna.Becker@Nordwind-Logistik.example")
    assert contact is not None
    assert contact.id == ANNA
    assert (contact.get("firstname"), contact.get("country")) == ("Anna", "Germany")
    assert contact.get("hubspot_owner_id") == "7001"
    assert "" not in contact.properties.values()


@pytest.mark.parametrize("address", ["nobody@nowhere.example", "", "a/b?c=d#e@x.example", "ünï@codé.example"])
async def test_an_unknown_address_is_no_contact(reader: HubSpotReader, address: str) -> None:
    assert await reader.contact_by_email(address) is None


async def test_a_merged_contact_answers_under_the_survivors_id(reader: HubSpotReader, sandbox: SandboxClient) -> None:
    sandbox.command("hubspot/merge", survivor_id="1002", absorbed_id=ANNA)
    contact = await reader.contact_by_email("anna.becker@nordwind-logistik.example")
    assert contact is not None
    assert contact.id == "1002"


async def test_a_new_contact_is_found_by_address_while_search_still_lags(
    reader: HubSpotReader, writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    sandbox.settings(search_lag_seconds=60)
    new_id = await writer.create_contact({"email": "new@fresh.example"}, "", permit("crm.create_contact"))
    await writer.create_company({"name": "Fresh", "domain": "fresh.example"}, permit("crm.create_company"))
    found = await reader.contact_by_email("new@fresh.example")
    assert found is not None
    assert found.id == new_id
    assert await reader.company_by_domain("fresh.example") is None
    sandbox.shift_clock(61)
    assert await reader.company_by_domain("fresh.example") is not None


async def test_the_primary_company_comes_before_the_first(
    reader: HubSpotReader, writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    company = await reader.company_of(ANNA)
    assert company is not None
    assert (company.id, company.get("domain")) == (ANNAS_COMPANY, "nordwind-logistik.example")
    created = permit("crm.create_contact")
    lone = await writer.create_contact({"email": "lone@kestrelfield.example"}, "2002", created)
    first = await reader.company_of(lone)
    assert first is not None
    assert first.id == "2002"


async def test_a_contact_without_company_has_none(
    reader: HubSpotReader, writer: HubSpotWriter, permit: MakePermit
) -> None:
    lone = await writer.create_contact({"email": "lone@fresh.example"}, "", permit("crm.create_contact"))
    assert await reader.company_of(lone) is None
    assert await reader.company_of("999999") is None
    assert list(await reader.deals_of(lone)) == []


async def test_deals_and_owner_are_read_with_their_properties(reader: HubSpotReader) -> None:
    (deal,) = await reader.deals_of(ANNA)
    assert (deal.get("dealname"), deal.get("amount")) == ("Nordwind: Disposition Nord", "38000")
    owner = await reader.owner("7001")
    assert owner is not None
    assert (owner.name, owner.email) == ("Mara Lindqvist", "mara@brightpath.example")
    assert await reader.owner("424242") is None
    assert await reader.owner("") is None


async def test_a_contact_that_exists_is_adopted_and_left_as_it_is(
    writer: HubSpotWriter, permit: MakePermit, reader: HubSpotReader
) -> None:
    properties = {"email": "anna.becker@nordwind-logistik.example", "firstname": "Anne"}
    assert await writer.create_contact(properties, "2002", permit("crm.create_contact")) == ANNA
    contact = await reader.contact_by_email(properties["email"])
    assert contact is not None
    assert contact.get("firstname") == "Anna"


async def test_a_task_is_due_belongs_to_both_and_carries_its_marker(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient, reader: HubSpotReader
) -> None:
    allowed = permit("crm.create_task")
    task = NewTask("Answer <Anna>", "Line 1 & <b>more</b>\nLine 2", DUE, ANNA, ANNAS_COMPANY, "7002")
    task_id = await writer.create_task(task, allowed)
    (stored,) = sandbox.state("tasks")
    assert stored["id"] == task_id
    assert stored["associations"] == {"contacts": [ANNA], "companies": [ANNAS_COMPANY]}
    properties = stored["properties"]
    assert properties["hs_timestamp"] == "2031-03-04T07:30:00.000Z"
    assert (properties["hs_task_status"], properties["hubspot_owner_id"]) == ("NOT_STARTED", "7002")
    assert properties["hs_task_subject"] == "Answer <Anna>"
    expected = f"Line 1 &amp; &lt;b&gt;more&lt;/b&gt;<br>Line 2<br><br>Ref: {allowed.marker}"
    assert properties["hs_task_body"] == expected
    (activity,) = await reader.activities_of(ANNA, "tasks")
    assert allowed.marker in activity.body
    assert activity.created_at is not None


async def test_a_note_is_cut_to_hubspots_limit_and_keeps_its_marker(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    allowed = permit("crm.create_note")
    await writer.create_note(NewNote("<&>" * 40_000, DUE, ANNA), allowed)
    (stored,) = sandbox.state("notes")
    body = stored["properties"]["hs_note_body"]
    assert len(body) <= 65_536
    assert body.endswith(f"Ref: {allowed.marker}")
    assert stored["associations"] == {"contacts": [ANNA]}


async def test_activities_come_newest_first(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient, reader: HubSpotReader
) -> None:
    made: list[str] = []
    for number in range(3):
        note = NewNote(f"Note {number}", DUE, ANNA)
        made.append(await writer.create_note(note, permit("crm.create_note")))
        sandbox.shift_clock(5)
    assert [activity.id for activity in await reader.activities_of(ANNA, "notes")] == made[::-1]
    assert list(await reader.activities_of(ANNA, "tasks")) == []


async def test_association_types_are_checked_once_before_the_first_write_that_needs_them(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    for _ in range(2):
        await writer.create_note(NewNote("Found", DUE, ANNA, ANNAS_COMPANY), permit("crm.create_note"))
    methods = [(entry["method"], entry["path"].rpartition("/")[2]) for entry in sandbox.journal()]
    assert methods == [("GET", "labels"), ("GET", "labels"), ("POST", "notes"), ("POST", "notes")]
    await writer.verify_association_types()
    assert len(sandbox.journal()) == 7


async def test_a_portal_with_other_association_numbers_is_not_written_to(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    other = {"results": [{"category": "HUBSPOT_DEFINED", "typeId": 203, "label": None}]}
    sandbox.fault("status", status=200, body=other, path="labels", times=0)
    with pytest.raises(AssociationTypeUnknown):
        await writer.create_task(NewTask("Call", "", DUE, ANNA), permit("crm.create_task"))
    assert sandbox.state("tasks") == []


async def test_a_check_that_fails_says_that_nothing_was_written(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    sandbox.fault("act_then_drop", path="labels", times=0)
    with pytest.raises(Transient) as caught:
        await writer.create_task(NewTask("Call", "", DUE, ANNA), permit("crm.create_task"))
    assert not caught.value.may_have_acted


async def test_no_write_happens_without_a_permit_of_its_kind(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    wrong = permit("mail.create_draft")
    with pytest.raises(WriteWithoutPermit):
        await writer.create_contact({"email": "new@fresh.example"}, "", wrong)
    with pytest.raises(WriteWithoutPermit):
        await writer.create_company({"name": "Fresh"}, wrong)
    with pytest.raises(WriteWithoutPermit):
        await writer.create_task(NewTask("Call", "", DUE, ANNA), wrong)
    with pytest.raises(WriteWithoutPermit):
        await writer.create_note(NewNote("Found", DUE, ANNA), wrong)
    assert sandbox.journal() == []


@pytest.mark.parametrize("path", ["/associations/", "/batch/read"])
async def test_an_odd_answer_to_a_look_up_is_not_an_absence(
    reader: HubSpotReader, writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient, path: str
) -> None:
    await writer.create_note(NewNote("Found", DUE, ANNA), permit("crm.create_note"))
    sandbox.fault("wrong_schema", path=path, times=0)
    with pytest.raises(Transient):
        await reader.activities_of(ANNA, "notes")


async def test_a_write_answered_with_something_else_may_have_happened(
    writer: HubSpotWriter, permit: MakePermit, sandbox: SandboxClient
) -> None:
    sandbox.fault("wrong_schema", method="POST")
    with pytest.raises(Transient) as caught:
        await writer.create_contact({"email": "new@fresh.example"}, "", permit("crm.create_contact"))
    assert caught.value.may_have_acted


@pytest.mark.parametrize("kind", ["wrong_schema", "malformed", "html", "empty", "huge"])
async def test_odd_answers_are_errors_of_the_provider_or_nothing_never_a_crash(
    reader: HubSpotReader, sandbox: SandboxClient, kind: str
) -> None:
    sandbox.fault(kind, times=0)
    reads = (reader.contact_by_email("a@b.example"), reader.company_of(ANNA), reader.owner("7001"))
    answers = await asyncio.gather(*reads, return_exceptions=True)
    assert all(isinstance(answer, Transient) for answer in answers if isinstance(answer, BaseException))


async def test_a_portal_that_answers_names_one_of_its_owners(reader: HubSpotReader) -> None:
    owner = await reader.any_owner()
    assert owner is not None
    assert owner.email.endswith("@brightpath.example")
