"""Every body HubSpot sends becomes submissions; none of them is lost."""

import json

import pytest

from sales_agent.pipeline.intake.hubspot_form import parse

FORM = {
    "portalId": 62515,
    "formId": "demo-request",
    "formSubmissionId": "sub-1",
    "timestamp": 1_790_000_000_000,
    "pageUri": "https://brightpath.example/demo",
    "pageTitle": "Demo",
    "fieldValues": [{"name": "email", "value": "Ada@Example.com"}, {"name": "firstname", "value": "Ada"}],
}


def one(body: object):
    (submission,) = parse(json.dumps(body).encode())
    return submission


def test_the_form_shape_is_read():
    found = one(FORM)
    assert (found.portal_id, found.form_id, found.email) == (62515, "demo-request", "Ada@Example.com")
    assert found.email_canonical == "ada@example.com"
    assert found.fields["firstname"] == "Ada"
    assert found.page_title == "Demo"
    assert found.submitted_at is not None
    assert found.key == "id:sub-1"


def test_a_flat_workflow_body_is_read():
    found = one({"email": "ada@example.com", "first_name": "Ada", "company_name": "Engines", "portalId": 1})
    assert found.fields == {"email": "ada@example.com", "firstname": "Ada", "company": "Engines"}


def test_properties_inside_are_read_plain_and_as_the_old_contact_shape_wraps_them():
    plain = one({"properties": {"email": "ada@example.com", "firstname": "Ada"}})
    wrapped = one(
        {
            "vid": 7,
            "portal-id": 62515,
            "properties": {"email": {"value": "ada@example.com", "versions": []}, "firstname": {"value": "Ada"}},
            "form-submissions": [
                {"conversion-id": "old", "timestamp": 1, "form-id": "f1", "page-url": "u1", "title": "t1"},
                {"conversion-id": "new", "timestamp": 2, "form-id": "f2", "page-url": "u2", "title": "t2"},
            ],
        }
    )
    assert plain.fields == wrapped.fields == {"email": "ada@example.com", "firstname": "Ada"}
    assert (wrapped.key, wrapped.form_id, wrapped.page_uri) == ("id:new", "f2", "u2")
    assert wrapped.portal_id == 62515


def test_without_an_id_the_facts_make_the_key_and_without_facts_the_bytes():
    without_id = {name: value for name, value in FORM.items() if name != "formSubmissionId"}
    assert one(without_id).key == one(dict(reversed(without_id.items()))).key
    assert one(without_id).key != one({**without_id, "timestamp": 1}).key
    assert one({"a": "1"}).key != one({"a": "2"}).key


def test_each_entry_of_an_array_is_judged_by_itself():
    found = parse(json.dumps([FORM, 17, None, {**FORM, "formSubmissionId": "sub-2"}]).encode())
    assert [entry.is_readable for entry in found] == [True, False, False, True]


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"\xff\xfe", b"[]", b"17", b'"text"', b"{}", b"[" * 100_000, b'{"a":'], ids=repr
)
def test_what_cannot_be_read_is_kept_with_its_bytes(body: bytes):
    (found,) = parse(body[:200_000])
    assert not found.is_readable
    assert found.raw == body


def test_text_that_no_database_holds_is_made_holdable_and_nothing_else_is_lost():
    found = one({"email": "ada@example.com", "message": "a\x00b\ud800c", "n": 3, "on": True, "many": ["x", "y"]})
    assert found.fields["message"] == "ab?c"
    assert (found.fields["n"], found.fields["on"], found.fields["many"]) == ("3", "true", "x;y")


@pytest.mark.parametrize("timestamp", ["later", 10**30, -(10**17), 1.5, True, None, {}])
def test_an_odd_timestamp_costs_no_submission(timestamp: object):
    assert one({**FORM, "timestamp": timestamp}).email == "Ada@Example.com"


def test_a_hostile_number_of_fields_is_bounded():
    found = one({"email": "ada@example.com", **{f"f{number}": "x" for number in range(5000)}})
    assert len(found.fields) == 200


def test_an_array_longer_than_hubspot_ever_sends_is_kept_in_one_piece():
    body = json.dumps([FORM] * 1001).encode()
    (found,) = parse(body)
    assert (found.is_readable, found.raw) == (False, body)
