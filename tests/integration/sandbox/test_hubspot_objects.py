"""CRM records: found, made, linked, refused and gone, as at HubSpot."""

import httpx2
import pytest

OBJECTS = "/crm/objects/2026-03"
DUE = "2026-03-06T09:00:00Z"


def link(record_id, type_id):
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"to": {"id": record_id}, "types": [spec]}


def refusal(answer: httpx2.Response, status: int = 400) -> dict:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status"] == "error"
    assert body["correlationId"]
    return body


def test_a_contact_is_found_by_its_address_whatever_the_case(http):
    answer = http.get(f"{OBJECTS}/contacts/Anna.Becker@Nordwind-Logistik.example", params={"idProperty": "email"})
    assert answer.json()["id"] == "1001"


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v3/objects/contacts/1001",
        "/crm/objects/v3/contacts/1001",
        "/crm/objects/2026-09/contacts/1001",
        "/crm/objects/2026-03/contact/1001",
        "/crm/objects/2026-03/0-1/1001",
    ],
)
def test_every_generation_of_paths_leads_to_the_same_record(http, path):
    assert http.get(path).json()["properties"]["email"] == "anna.becker@nordwind-logistik.example"


def test_a_version_that_was_never_published_is_not_served(http):
    assert http.get("/crm/objects/2024-01/contacts/1001").status_code == 404


def test_a_read_returns_few_properties_unasked_and_null_for_those_asked_but_unset(http):
    unasked = http.get(f"{OBJECTS}/contacts/1001").json()["properties"]
    asked = http.get(f"{OBJECTS}/contacts/1001", params={"properties": "jobtitle,zip,nonsense"}).json()["properties"]
    assert "jobtitle" not in unasked
    assert asked["jobtitle"] == "Leiterin Disposition"
    assert asked["zip"] is None


def test_a_read_with_associations_names_the_linked_records(http):
    answer = http.get(f"{OBJECTS}/contacts/1001", params={"associations": "companies,deals,tasks"})
    found = answer.json()["associations"]
    assert {row["id"] for row in found["companies"]["results"]} == {"2001"}
    assert {row["type"] for row in found["companies"]["results"]} == {
        "contact_to_company",
        "contact_to_company_unlabeled",
    }
    assert [row["id"] for row in found["deals"]["results"]] == ["3001"]
    assert "tasks" not in found


def test_a_second_contact_with_the_same_address_is_a_conflict_that_names_the_first(http, new_contact):
    first = new_contact(email="new@person.example")
    answer = http.post(f"{OBJECTS}/contacts", json={"properties": {"email": "NEW@person.example"}})
    body = refusal(answer, 409)
    assert body["category"] == "CONFLICT"
    assert body["message"] == f"Contact already exists. Existing ID: {first}"


def test_values_of_the_wrong_form_are_refused_all_at_once(http):
    properties = {"email": "no address", "favourite_colour": "blue", "hs_object_id": "7"}
    body = refusal(http.post(f"{OBJECTS}/contacts", json={"properties": properties}))
    assert body["category"] == "VALIDATION_ERROR"
    assert {(e["context"]["propertyName"][0], e["code"]) for e in body["errors"]} == {
        ("email", "INVALID_EMAIL"),
        ("favourite_colour", "PROPERTY_DOESNT_EXIST"),
        ("hs_object_id", "READ_ONLY_VALUE"),
    }


@pytest.mark.parametrize("kind", ["tasks", "notes"])
def test_an_activity_without_its_moment_is_refused(http, kind):
    body = refusal(http.post(f"{OBJECTS}/{kind}", json={"properties": {}}))
    assert body["errors"][0]["context"] == {"propertyName": ["hs_timestamp"]}


def test_a_task_is_linked_to_contact_and_company_in_both_directions(http, sandbox):
    body = {
        "properties": {"hs_timestamp": DUE, "hs_task_subject": "Call back", "hs_task_status": "NOT_STARTED"},
        "associations": [link("1003", 204), link("2002", 192)],
    }
    made = http.post(f"{OBJECTS}/tasks", json=body).json()
    assert made["properties"]["hs_timestamp"] == "2026-03-06T09:00:00.000Z"
    back = http.get("/crm/v4/objects/contacts/1003/associations/tasks").json()["results"]
    assert back == [
        {
            "toObjectId": int(made["id"]),
            "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 203, "label": None}],
        }
    ]
    (task,) = sandbox.state("tasks")
    assert task["associations"] == {"contacts": ["1003"], "companies": ["2002"]}


@pytest.mark.parametrize(
    ("record_id", "type_id"), [("1003", 203), ("1003", 202), ("1003", 99_999), ("2002", 204), ("4040", 204)]
)
def test_a_link_of_the_wrong_type_or_direction_is_refused_and_nothing_is_made(http, sandbox, record_id, type_id):
    body = {"properties": {"hs_timestamp": DUE}, "associations": [link(record_id, type_id)]}
    refusal(http.post(f"{OBJECTS}/tasks", json=body))
    assert sandbox.state("tasks") == []


def test_the_labels_of_a_pair_hold_in_one_direction(http):
    there = http.get("/crm/associations/2026-03/contacts/companies/labels").json()["results"]
    back = http.get("/crm/v4/associations/companies/contacts/labels").json()["results"]
    assert [(row["typeId"], row["label"]) for row in there] == [(279, None), (1, "Primary")]
    assert [(row["typeId"], row["label"]) for row in back] == [(280, None), (2, "Primary")]


def test_a_default_link_can_be_made_afterwards(http, new_contact):
    contact = new_contact(email="new@person.example")
    path = f"{OBJECTS}/contacts/{contact}/associations/default/companies/2003"
    assert http.put(path).json()["status"] == "COMPLETE"
    linked = http.get(f"{OBJECTS}/contacts/{contact}/associations/companies").json()["results"]
    assert [row["toObjectId"] for row in linked] == ["2003"]


def test_a_merged_contact_answers_under_the_survivors_id(http, new_contact, sandbox):
    by_id = http.get(f"{OBJECTS}/contacts/1021")
    by_email = http.get(f"{OBJECTS}/contacts/rmenon@chandrafacilities.example", params={"idProperty": "email"})
    assert (by_id.status_code, by_id.json()["id"]) == (200, "1011")
    assert by_email.json()["id"] == "1011"
    other = new_contact(email="second@person.example")
    sandbox.command("hubspot/merge", survivor_id="1001", absorbed_id=other)
    assert http.get(f"{OBJECTS}/contacts/{other}").json()["id"] == "1001"


def test_an_archived_contact_is_gone_and_its_address_free(http, new_contact):
    contact = new_contact(email="new@person.example")
    assert http.delete(f"{OBJECTS}/contacts/{contact}").status_code == 204
    assert refusal(http.get(f"{OBJECTS}/contacts/{contact}"), 404)["category"] == "OBJECT_NOT_FOUND"
    assert new_contact(email="new@person.example") != contact


def test_a_change_is_seen_at_once_by_a_read(http):
    change = {"properties": {"jobtitle": "COO", "lifecyclestage": "customer"}}
    assert http.patch(f"{OBJECTS}/contacts/1003", json=change).status_code == 200
    seen = http.get(f"{OBJECTS}/contacts/1003", params={"properties": "jobtitle"}).json()
    assert seen["properties"]["jobtitle"] == "COO"
    refusal(http.patch(f"{OBJECTS}/contacts/1003", json={"properties": {"lifecyclestage": "friend"}}))


def test_a_batch_read_tells_the_found_from_the_missing(http):
    body = {"properties": ["name"], "inputs": [{"id": "2001"}, {"id": "9999"}]}
    answer = http.post(f"{OBJECTS}/companies/batch/read", json=body)
    assert answer.status_code == 207
    assert [row["id"] for row in answer.json()["results"]] == ["2001"]
    assert answer.json()["errors"][0]["context"] == {"ids": ["9999"]}


def test_owners_are_found_by_id_and_by_address(http):
    assert http.get("/crm/v3/owners/7001").json()["firstName"] == "Mara"
    found = http.get("/crm/owners/2026-03", params={"email": "jonas@brightpath.example"}).json()["results"]
    assert [owner["id"] for owner in found] == ["7002"]


def test_submissions_come_newest_first_in_pages(http, sandbox):
    form = "8f2c6d1e-41b7-4b0e-9a52-1f7d3c9e0a11"
    sandbox.command("hubspot/submissions", form_id=form, values={"email": "now@person.example"})
    first = http.get(f"/form-integrations/v1/submissions/forms/{form}", params={"limit": 2}).json()
    rest = http.get(
        f"/form-integrations/v1/submissions/forms/{form}", params={"limit": 2, **first["paging"]["next"]}
    ).json()
    times = [row["submittedAt"] for row in (*first["results"], *rest["results"])]
    assert times == sorted(times, reverse=True)
    assert len(times) == 3
    assert first["results"][0]["values"][0]["value"] == "now@person.example"
    refusal(http.get(f"/form-integrations/v1/submissions/forms/{form}", params={"limit": 51}))
