"""The judge of requests catches what a vendor would not take."""

from typing import Any

import pytest

from tests.contract.vendor_schemas import invalid_requests

CONTACTS, TASKS = "/crm/objects/2026-03/contacts", "/crm/objects/2026-03/tasks"
DRAFTS, THREADS = "/gmail/v1/users/me/drafts", "/gmail/v1/users/me/threads"
CHAT = {
    "model": "gpt-5-mini",
    "messages": [{"role": "user", "content": "x"}],
    "response_format": {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": {}}},
}
LINK = {"to": {"id": "1"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]}


def entry(provider: str, method: str, path: str, query: Any = None, body: Any = None) -> dict[str, Any]:
    return {"provider": provider, "method": method, "path": path, "query": query or {}, "body": body}


GOOD = [
    entry("hubspot", "GET", f"{CONTACTS}/a%40b.example", {"idProperty": "email", "properties": "email,phone"}),
    entry("hubspot", "POST", TASKS, body={"properties": {"hs_timestamp": "1"}, "associations": [LINK]}),
    entry("hubspot", "GET", "/crm/v3/objects/contacts/1"),
    entry("hubspot", "GET", "/crm/associations/2026-03/tasks/contacts/labels"),
    entry("gmail", "GET", THREADS, {"q": "from:x", "maxResults": "10"}),
    entry("gmail", "POST", DRAFTS, body={"message": {"raw": "aGVsbG8_", "threadId": "1"}}),
    entry("drive", "GET", "/drive/v3/files", {"q": "trashed = false", "supportsAllDrives": "true"}),
    entry("calendar", "POST", "/calendar/v3/freeBusy", body={"timeMin": "2031-01-01T00:00:00Z", "items": []}),
    entry(
        "google_oauth",
        "POST",
        "/token",
        body=dict.fromkeys(("client_id", "client_secret", "refresh_token"), "x") | {"grant_type": "refresh_token"},
    ),
    entry("openai", "POST", "/v1/chat/completions", body=CHAT),
    entry("openai", "POST", "/v1/embeddings", body={"model": "m", "input": ["x"], "dimensions": 384}),
]

BAD = [
    (entry("hubspot", "GET", "/crm/objects/2026-03/contact/1/2/3"), "no such method"),
    (entry("hubspot", "PUT", CONTACTS), "no such method"),
    (entry("hubspot", "GET", f"{CONTACTS}/1", {"idproperty": "email"}), "unknown parameter idproperty"),
    (entry("hubspot", "GET", f"{CONTACTS}/1/associations/deals", {"limit": "many"}), "limit is no int"),
    (entry("hubspot", "POST", CONTACTS, body={"property": {}}), "body has no property"),
    (entry("hubspot", "POST", CONTACTS, body={"associations": []}), "`properties`, must not be `None`"),
    (entry("hubspot", "POST", CONTACTS, body={"properties": {"age": 3}}), "body.properties[age] is no str"),
    (
        entry("hubspot", "POST", TASKS, body={"properties": {}, "associations": [{**LINK, "types": [{"id": 1}]}]}),
        "body.associations[0].types[0] has no id",
    ),
    (
        entry(
            "hubspot",
            "POST",
            TASKS,
            body={
                "properties": {},
                "associations": [{**LINK, "types": [{"associationCategory": "HUBSPOT", "associationTypeId": 204}]}],
            },
        ),
        "associations[0].types[0]: Invalid value for `association_category`",
    ),
    (entry("hubspot", "GET", f"{CONTACTS}/1", body={}), "takes no body"),
    (entry("gmail", "GET", THREADS, {"query": "x"}), "unknown parameter query"),
    (entry("gmail", "GET", THREADS, {"maxResults": "ten"}), "maxResults is no integer"),
    (entry("gmail", "GET", THREADS, {"q": ["a", "b"]}), "q is given more than once"),
    (entry("gmail", "GET", f"{THREADS}/1", {"format": "FULL_TEXT"}), "format is none of its values"),
    (entry("gmail", "POST", DRAFTS, body={"message": {"raw": "a+b/"}}), "body.message.raw is no byte"),
    (entry("gmail", "POST", DRAFTS, body={"raw": "aGVsbG8_"}), "body has no raw"),
    (entry("gmail", "POST", f"{THREADS}/1/modify", body={"addLabelIds": "INBOX"}), "body.addLabelIds is no list"),
    (entry("gmail", "POST", DRAFTS), "body is no object"),
    (entry("drive", "GET", "/drive/v3/files", {"supportsAllDrives": "yes"}), "supportsAllDrives is no boolean"),
    (entry("drive", "GET", "/drive/v3/files", {"pageSize": "5000"}), "pageSize is no integer within its limits"),
    (entry("drive", "GET", "/drive/v2000/files"), "no such method"),
    (entry("calendar", "POST", "/calendar/v3/freeBusy", body={"timeMin": "2031-01-01"}), "timeMin is no date-time"),
    (entry("calendar", "POST", "/calendar/v3/freeBusy", body={"items": [{"name": "x"}]}), "items[0] has no name"),
    (entry("google_oauth", "POST", "/token", body={"grant_type": "refresh_token"}), "the form is not"),
    (entry("openai", "POST", "/v1/chat/completions", body={**CHAT, "max_token": 5}), "body has no max_token"),
    (entry("openai", "POST", "/v1/chat/completions", body={"model": "m"}), "body.messages: Field required"),
    (
        entry("openai", "POST", "/v1/embeddings", body={"model": "m", "input": ["x"], "encoding_format": "hex"}),
        "body.encoding_format",
    ),
    (entry("openai", "POST", "/v1/complete", body={}), "no such method"),
    (entry("unknown", "GET", "/"), "nobody's path"),
]


def test_what_the_vendors_describe_is_left_alone() -> None:
    assert invalid_requests(GOOD) == []


@pytest.mark.parametrize(
    ("bad", "complaint"), BAD, ids=[f"{number}: {complaint}" for number, (_, complaint) in enumerate(BAD)]
)
def test_a_planted_bad_request_is_caught(bad: dict[str, Any], complaint: str) -> None:
    found = invalid_requests([*GOOD, bad])
    assert found
    assert any(complaint in line for line in found)
    assert all(line.startswith(f"{bad['provider']} {bad['method']} ") for line in found)
