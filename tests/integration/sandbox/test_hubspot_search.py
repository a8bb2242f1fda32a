"""Search lags behind writes and has limits of its own."""

import pytest

SEARCH = "/crm/objects/2026-03/contacts/search"


def where(name, operator, **more):
    return {"propertyName": name, "operator": operator, **more}


def found(http, *groups, **more):
    answer = http.post(SEARCH, json={"filterGroups": [{"filters": list(group)} for group in groups], **more})
    assert answer.status_code == 200, answer.text
    return {row["id"] for row in answer.json()["results"]}


def test_a_new_contact_is_read_at_once_but_found_only_after_the_lag(http, sandbox, new_contact):
    contact = new_contact(email="new@person.example")
    query = [where("email", "EQ", value="new@person.example")]
    assert http.get(f"/crm/objects/2026-03/contacts/{contact}").status_code == 200
    assert found(http, query) == set()
    sandbox.shift_clock(11)
    assert found(http, query) == {contact}


def test_a_search_shows_old_values_until_the_index_catches_up(http, sandbox):
    http.patch("/crm/objects/2026-03/contacts/1001", json={"properties": {"city": "Bremen"}})
    assert found(http, [where("city", "EQ", value="Bremen")]) == set()
    sandbox.shift_clock(11)
    assert found(http, [where("city", "EQ", value="Bremen")]) == {"1001"}


def test_without_a_lag_everything_is_found_at_once(http, sandbox, new_contact):
    sandbox.settings(search_lag_seconds=0)
    contact = new_contact(email="new@person.example")
    assert found(http, [where("email", "EQ", value="new@person.example")]) == {contact}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (where("city", "IN", values=["Osaka", "Leeds"]), {"1006", "1007", "1014", "1015"}),
        (where("numemployees", "GT", value="2700"), {"1011", "1012"}),
        (where("numemployees", "BETWEEN", value="60", highValue="80"), {"1005", "1019"}),
        (where("email", "CONTAINS_TOKEN", value="*kestrelfield*"), {"1003", "1004"}),
        (where("company", "NOT_HAS_PROPERTY"), {"1020"}),
        (where("hs_email_optout", "EQ", value="true"), {"1013"}),
        (where("associations.companies", "EQ", value="2009"), {"1014", "1015"}),
    ],
)
def test_each_operator_finds_what_it_says(http, condition, expected):
    assert found(http, [condition]) == expected


def test_groups_are_alternatives_and_filters_in_a_group_hold_together(http):
    german = [where("country", "EQ", value="Germany"), where("jobtitle", "CONTAINS_TOKEN", value="IT*")]
    swedish = [where("country", "EQ", value="Sweden")]
    assert found(http, german, swedish) == {"1002", "1016"}


def test_too_many_filters_and_too_large_pages_are_refused(http):
    seven = {"filterGroups": [{"filters": [where("email", "HAS_PROPERTY")] * 7}]}
    assert http.post(SEARCH, json=seven).status_code == 400
    assert http.post(SEARCH, json={"limit": 201}).status_code == 400
    assert http.post(SEARCH, json={"filterGroups": [{"filters": [where("x", "LIKE")]}]}).status_code == 400


def test_pages_lead_to_one_another_and_search_tells_no_rate(http):
    first = http.post(SEARCH, json={"limit": 15})
    rest = http.post(SEARCH, json={"limit": 15, "after": first.json()["paging"]["next"]["after"]}).json()
    assert first.json()["total"] == 20
    assert len(rest["results"]) == 5
    assert "paging" not in rest
    assert not [name for name in first.headers if "ratelimit" in name.lower()]
