"""Drive lists trashed files unless told not to, hides shared drives unless asked, and reads its own query language."""

import pytest

FILES = "/drive/v3/files"
SHARED = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}


def names(http, query, **more):
    answer = http.get(FILES, params={"q": query, "fields": "files(name)", **more})
    assert answer.status_code == 200, answer.text
    return {file["name"].removeprefix("Case study: ") for file in answer.json()["files"]}


def ids(http, query="", **more):
    answer = http.get(FILES, params={"q": query, **more})
    assert answer.status_code == 200, answer.text
    return {file["id"] for file in answer.json()["files"]}


def test_a_folder_shows_its_trashed_files_unless_told_not_to(http):
    everything = ids(http, "'1fldCaseStudies' in parents")
    assert everything - ids(http, "'1fldCaseStudies' in parents and trashed = false") == {"1csOldLogistics"}
    assert ids(http, "'1fldCaseStudies' in parents and trashed != false") == {"1csOldLogistics"}


def test_files_of_a_shared_drive_are_seen_only_by_those_who_ask_for_them(http):
    query = "'1fldDatasheets' in parents"
    assert ids(http, query) == ids(http, query, supportsAllDrives="true") == set()
    assert len(ids(http, query, **SHARED)) == 4
    assert ids(http, query, corpora="allDrives", **SHARED) == ids(http, query, **SHARED)
    assert http.get(FILES, params={"q": query, "corpora": "allDrives"}).status_code == 400
    assert http.get(f"{FILES}/1dsRoutes").status_code == 404
    assert http.get(f"{FILES}/1dsRoutes", params={"supportsAllDrives": "true"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("name contains 'lift'", {"1csLiftService"}),
        ("name contains 'ift'", set()),
        ("fullText contains 'storm call-outs'", {"1csTallisWater"}),
        ("mimeType = 'application/vnd.google-apps.spreadsheet'", {"1drfCompetitors"}),
        ("name = 'O\\'Brien \\\\ Partner: meeting notes'", {"1rtBrien"}),
        ("not name contains 'Case' and not mimeType contains 'application/vnd.google-apps'", {"1prTaxes"}),
        ("(name contains 'tax' or name contains 'competitor') and trashed = false", {"1prTaxes", "1drfCompetitors"}),
        ("modifiedTime < '2024-01-01'", {"1csOldLogistics"}),
        ("'1fldPersonal' in parents and 'mara@brightpath.example' in owners", {"1prTaxes"}),
    ],
)
def test_the_query_language_is_understood(http, query, expected):
    assert ids(http, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "name contains 'it's'",
        "name like 'x'",
        "'a' in owner",
        "trashed = maybe",
        "name contains x",
        "(name contains 'x'",
        "name contains 'x' and",
        "size > '3'",
    ],
)
def test_a_query_that_cannot_be_read_is_refused(http, query):
    answer = http.get(FILES, params={"q": query})
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (400, "invalid")


def test_little_is_returned_unasked_and_all_that_is_asked(http):
    unasked = http.get(f"{FILES}/1csTallisWater").json()
    asked = http.get(f"{FILES}/1csTallisWater", params={"fields": "id,owners/emailAddress,permissions(type,role)"})
    assert set(unasked) == {"kind", "id", "name", "mimeType"}
    assert asked.json() == {
        "id": "1csTallisWater",
        "owners": [{"emailAddress": "mara@brightpath.example"}],
        "permissions": [{"type": "anyone", "role": "reader"}, {"type": "user", "role": "owner"}],
    }
    assert http.get(f"{FILES}/1csTallisWater", params={"fields": "id,(name"}).status_code == 400


def test_a_shared_drives_file_tells_its_permissions_only_when_they_are_listed(http):
    shown = http.get(f"{FILES}/1dsRoutes", params={"fields": "*", "supportsAllDrives": "true"}).json()
    listed = http.get(f"{FILES}/1dsRoutes/permissions", params={"supportsAllDrives": "true"}).json()
    assert "permissions" not in shown
    assert [permission["type"] for permission in listed["permissions"]] == ["anyone", "user"]


@pytest.mark.parametrize(
    ("file_id", "kinds"),
    [("1csTallisWater", {"anyone", "user"}), ("1csNordicCare", {"domain", "user"}), ("1csPrivateNotes", {"user"})],
)
def test_permissions_say_who_may_open_a_file(http, file_id, kinds):
    listed = http.get(f"{FILES}/{file_id}/permissions").json()["permissions"]
    assert {permission["type"] for permission in listed} == kinds


def test_pages_lead_to_one_another_in_the_order_asked_for(http):
    query = {"pageSize": 5, "orderBy": "modifiedTime desc", "fields": "nextPageToken,files(modifiedTime)"}
    times, token = [], ""
    for _ in range(10):
        page = http.get(FILES, params={**query, **({"pageToken": token} if token else {})}).json()
        times += [file["modifiedTime"] for file in page["files"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert times == sorted(times, reverse=True)
    assert len(times) == 13


def test_a_file_that_is_not_there_is_named_in_the_refusal(http):
    answer = http.get(f"{FILES}/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "File not found: nothing."


def test_the_roots_can_be_read_but_are_not_listed(http):
    root = http.get(f"{FILES}/root", params={"fields": "id,name,parents"}).json()
    shared = http.get(f"{FILES}/0ADatasheetsSharedDrv", params={"supportsAllDrives": "true"}).json()
    assert (root["name"], root.get("parents"), shared["name"]) == ("My Drive", None, "Drive")
    assert ids(http, "'root' in parents") == ids(http, f"'{root['id']}' in parents")
    assert {root["id"], shared["id"]} & ids(http, **SHARED) == set()
    in_root = http.get(f"{FILES}/1fldCaseStudies", params={"fields": "parents"}).json()
    assert in_root["parents"] == [root["id"]]


def test_a_document_can_be_read_as_text(http):
    answer = http.get(f"{FILES}/1csFacilities/export", params={"mimeType": "text/plain"})
    assert answer.text.startswith("Facilities services case study")


def test_a_file_that_a_colleague_puts_into_a_folder_is_listed_there_with_what_it_is_said_to_be(http, sandbox):
    row = {"id": "1new", "name": "Guide", "type": "pdf", "parent": "1fldCaseStudies", "access": "anyone"}
    put = sandbox.command("drive/files", **row, description="About routes", text="planning by night")
    assert put["webViewLink"].startswith("https://drive.google.example/")
    file = http.get(f"{FILES}/1new", params={"fields": "name,description,permissions(type)"}).json()
    assert (file["name"], file["description"]) == ("Guide", "About routes")
    assert "anyone" in {permission["type"] for permission in file["permissions"]}
    assert ids(http, "fullText contains 'night' and '1fldCaseStudies' in parents") == {"1new"}
