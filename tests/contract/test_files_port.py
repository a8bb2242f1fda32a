"""The files port against Drive as the sandbox plays it."""

import pytest

from sales_agent.connectors.errors import Missing
from sales_agent.connectors.files.drive.reader import DriveReader
from sales_agent.connectors.google import DRIVE
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

CASE_STUDIES, INTERNAL, DATASHEETS = "1fldCaseStudies", "1fldCaseStudiesInternal", "1fldDatasheets"


@pytest.fixture
def reader(account: MakeAccount) -> DriveReader:
    return DriveReader(account(DRIVE))


async def test_folders_are_read_to_their_depth_without_trash_and_without_what_is_excluded(reader: DriveReader) -> None:
    everything = {entry.id for entry in await reader.list_files([CASE_STUDIES], [])}
    assert {"1csTallisWater", "1drfMargins"} <= everything
    assert "1csOldLogistics" not in everything
    assert INTERNAL not in everything
    offered = {entry.id for entry in await reader.list_files([CASE_STUDIES], [INTERNAL])}
    assert everything - offered == {"1drfMargins", "1drfCompetitors"}


async def test_an_excluded_folder_wins_over_an_allowlisted_one_inside_it(reader: DriveReader) -> None:
    assert list(await reader.list_files([INTERNAL], [CASE_STUDIES])) == []
    assert list(await reader.list_files([CASE_STUDIES], [CASE_STUDIES])) == []


async def test_nothing_outside_the_folders_is_seen(reader: DriveReader, sandbox: SandboxClient) -> None:
    assert list(await reader.list_files([], [])) == []
    assert sandbox.journal() == []
    found = {entry.id for entry in await reader.list_files([CASE_STUDIES, DATASHEETS], [])}
    assert found.isdisjoint({"1prTaxes", "1rtBrien"})


@pytest.mark.parametrize("folder", ["' in parents or name contains '", "\\", "\\' or trashed = true or '1' in parents"])
async def test_a_folder_id_cannot_widen_the_query(reader: DriveReader, folder: str) -> None:
    assert list(await reader.list_files([folder], [])) == []


async def test_who_may_open_a_file_is_read_also_in_a_shared_drive(reader: DriveReader, sandbox: SandboxClient) -> None:
    files = {entry.id: entry for entry in await reader.list_files([CASE_STUDIES, DATASHEETS], [INTERNAL])}
    stranger, colleague = "anna.becker@nordwind-logistik.example", "Jonas@Brightpath.example"
    assert files["1csTallisWater"].is_readable_by(stranger)
    assert files["1dsRoutes"].is_readable_by(stranger)
    assert not files["1csPrivateNotes"].is_readable_by(stranger)
    assert not files["1dsPriceGuide"].is_readable_by(stranger)
    assert files["1dsPriceGuide"].is_readable_by(colleague)
    assert files["1csPrivateNotes"].is_readable_by("mara@brightpath.example")
    assert files["1csTallisWater"].link.startswith("https://drive.google.example/")
    assert files["1csTallisWater"].folder_id == CASE_STUDIES
    assert all(entry["method"] == "GET" for entry in sandbox.journal())


async def test_permissions_that_may_not_be_seen_count_as_closed(reader: DriveReader, sandbox: SandboxClient) -> None:
    sandbox.fault("status", status=403, reason="insufficientFilePermissions", path="permissions", times=0)
    files = await reader.list_files([DATASHEETS], [])
    assert files
    assert not any(entry.is_readable_by("anna.becker@nordwind-logistik.example") for entry in files)


async def test_one_file_is_read_with_the_permissions_of_this_moment(reader: DriveReader) -> None:
    assert (await reader.file("1csTallisWater")).anyone_with_link
    assert (await reader.file("1dsPriceGuide")).reader_domains == {"brightpath.example"}


@pytest.mark.parametrize("file_id", ["1nothing", "1csOldLogistics"])
async def test_a_file_that_is_gone_or_in_the_trash_is_missing(reader: DriveReader, file_id: str) -> None:
    with pytest.raises(Missing):
        await reader.file(file_id)


async def test_pages_are_followed_to_the_end(reader: DriveReader, sandbox: SandboxClient) -> None:
    first = {"files": [{"id": "a", "mimeType": "application/pdf", "parents": [CASE_STUDIES]}], "nextPageToken": "1"}
    sandbox.fault("status", status=200, body=first, path="/drive/v3/files$")
    found = {entry.id for entry in await reader.list_files([CASE_STUDIES], [])}
    assert "a" in found
    assert [entry["query"].get("pageToken") for entry in sandbox.journal(path="/drive/v3/files")][:2] == [None, "1"]


async def test_a_shortcut_leads_nowhere(reader: DriveReader, sandbox: SandboxClient) -> None:
    shortcut = {"id": "s", "mimeType": "application/vnd.google-apps.shortcut", "parents": [CASE_STUDIES]}
    sandbox.fault("status", status=200, body={"files": [shortcut]}, path="/drive/v3/files$")
    assert list(await reader.list_files([CASE_STUDIES], [])) == []


async def test_the_account_tells_whose_files_it_reads(reader: DriveReader) -> None:
    assert await reader.own_address() == "mara@brightpath.example"
