"""What the sandbox answers holds only what the vendors themselves describe."""

import importlib
import json
from importlib.resources import files

import pytest
from openai.types import CreateEmbeddingResponse, Model
from openai.types.chat import ChatCompletion

ME = "/gmail/v1/users/me"
HALF_HOUR = {
    "start": {"dateTime": "2026-03-09T15:00:00+01:00"},
    "end": {"dateTime": "2026-03-09T15:30:00+01:00"},
}
DRAFT = {"message": {"raw": "VG86IGFAcGVyc29uLmV4YW1wbGUNClN1YmplY3Q6IEhpDQoNCkhlbGxv"}}


def description(service):
    path = files("googleapiclient") / "discovery_cache" / "documents" / f"{service}.json"
    return json.loads(path.read_text())


def unknown_to_google(schemas, schema, value, path="$"):
    """Paths in a value that the discovery document's schema does not know."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    if schema.get("type") == "array":
        return [
            p for i, row in enumerate(value) for p in unknown_to_google(schemas, schema["items"], row, f"{path}[{i}]")
        ]
    if schema.get("type") != "object":
        wanted = {"string": str, "boolean": bool, "integer": int}.get(schema.get("type"), object)
        return [] if isinstance(value, wanted) else [f"{path} is {type(value).__name__}"]
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = []
    for name, below in value.items():
        inner = known.get(name, others)
        found += unknown_to_google(schemas, inner, below, f"{path}.{name}") if inner else [f"{path}.{name}"]
    return found


@pytest.mark.parametrize(
    ("service", "schema", "method", "path", "body"),
    [
        ("gmail.v1", "Profile", "GET", f"{ME}/profile", None),
        ("gmail.v1", "ListThreadsResponse", "GET", f"{ME}/threads?maxResults=2", None),
        ("gmail.v1", "Thread", "GET", f"{ME}/threads/THREAD", None),
        ("gmail.v1", "Thread", "GET", f"{ME}/threads/THREAD?format=metadata", None),
        ("gmail.v1", "Thread", "POST", f"{ME}/threads/THREAD/modify", {"addLabelIds": ["STARRED"]}),
        ("gmail.v1", "ListMessagesResponse", "GET", f"{ME}/messages", None),
        ("gmail.v1", "Message", "GET", f"{ME}/messages/THREAD?format=raw", None),
        ("gmail.v1", "Draft", "POST", f"{ME}/drafts", DRAFT),
        ("gmail.v1", "ListDraftsResponse", "GET", f"{ME}/drafts", None),
        ("gmail.v1", "Message", "POST", f"{ME}/messages/send", DRAFT["message"]),
        ("gmail.v1", "ListLabelsResponse", "GET", f"{ME}/labels", None),
        ("gmail.v1", "Label", "POST", f"{ME}/labels", {"name": "New"}),
        ("gmail.v1", "ListHistoryResponse", "GET", f"{ME}/history?startHistoryId=1204511", None),
        ("gmail.v1", "WatchResponse", "POST", f"{ME}/watch", {"topicName": "projects/p/topics/t"}),
        ("drive.v3", "FileList", "GET", "/drive/v3/files?fields=*", None),
        ("drive.v3", "File", "GET", "/drive/v3/files/1csTallisWater?fields=*", None),
        ("drive.v3", "PermissionList", "GET", "/drive/v3/files/1csTallisWater/permissions?fields=*", None),
        ("calendar.v3", "CalendarList", "GET", "/calendar/v3/users/me/calendarList", None),
        ("calendar.v3", "Setting", "GET", "/calendar/v3/users/me/settings/timezone", None),
        ("calendar.v3", "Events", "GET", "/calendar/v3/calendars/primary/events", None),
        ("calendar.v3", "Event", "POST", "/calendar/v3/calendars/primary/events", HALF_HOUR),
        (
            "calendar.v3",
            "FreeBusyResponse",
            "POST",
            "/calendar/v3/freeBusy",
            {"timeMin": "2026-03-04T00:00:00Z", "timeMax": "2026-03-09T00:00:00Z", "items": [{"id": "primary"}]},
        ),
    ],
)
def test_google_answers_hold_only_fields_of_the_discovery_documents(http, service, schema, method, path, body):
    if "THREAD" in path:
        query = {"q": "from:anna.becker@nordwind-logistik.example"}
        path = path.replace("THREAD", http.get(f"{ME}/threads", params=query).json()["threads"][0]["id"])
    answer = http.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    schemas = description(service)["schemas"]
    assert unknown_to_google(schemas, schemas[schema], answer.json()) == []


def unknown_to_hubspot(models, name, value, path="$"):
    """Paths in a value that the class of HubSpot's own client does not know."""
    model = getattr(models, name, None)
    if name.startswith("list["):
        inner = name[len("list[") : -1]
        return [p for i, row in enumerate(value) for p in unknown_to_hubspot(models, inner, row, f"{path}[{i}]")]
    if name.startswith("dict[str, "):
        inner = name[len("dict[str, ") : -1]
        return [p for key, row in value.items() for p in unknown_to_hubspot(models, inner, row, f"{path}.{key}")]
    if model is None or not hasattr(model, "attribute_map"):
        return []
    types = {json_name: model.openapi_types[name] for name, json_name in model.attribute_map.items()}
    found = [f"{path}.{key}" for key in value if key not in types]
    return found + [
        p for key in value if key in types for p in unknown_to_hubspot(models, types[key], value[key], f"{path}.{key}")
    ]


OBJECTS = "/crm/objects/2026-03"
FILTER = {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "HAS_PROPERTY"}]}], "limit": 3}


@pytest.mark.parametrize(
    ("models", "name", "method", "path", "body"),
    [
        (
            "contacts",
            "SimplePublicObjectWithAssociations",
            "GET",
            f"{OBJECTS}/contacts/1001?associations=companies,deals",
            None,
        ),
        ("contacts", "SimplePublicObject", "POST", f"{OBJECTS}/contacts", {"properties": {"email": "a@b.example"}}),
        ("contacts", "SimplePublicObject", "PATCH", f"{OBJECTS}/contacts/1001", {"properties": {"city": "Kiel"}}),
        (
            "contacts",
            "CollectionResponseWithTotalSimplePublicObjectForwardPaging",
            "POST",
            f"{OBJECTS}/contacts/search",
            FILTER,
        ),
        (
            "contacts",
            "BatchResponseSimplePublicObjectWithErrors",
            "POST",
            f"{OBJECTS}/contacts/batch/read",
            {"inputs": [{"id": "1001"}, {"id": "9"}]},
        ),
        (
            "contacts",
            "CollectionResponseSimplePublicObjectWithAssociationsForwardPaging",
            "GET",
            f"{OBJECTS}/contacts?limit=3",
            None,
        ),
        (
            "associations.v4",
            "CollectionResponseMultiAssociatedObjectWithLabelForwardPaging",
            "GET",
            f"{OBJECTS}/contacts/1001/associations/companies",
            None,
        ),
        (
            "associations.v4",
            "BatchResponsePublicDefaultAssociation",
            "PUT",
            f"{OBJECTS}/contacts/1001/associations/default/companies/2002",
            None,
        ),
        ("owners", "CollectionResponsePublicOwnerForwardPaging", "GET", "/crm/v3/owners?limit=2", None),
        ("owners", "PublicOwner", "GET", "/crm/v3/owners/7001", None),
    ],
)
def test_hubspot_answers_hold_only_fields_of_its_own_client(http, models, name, method, path, body):
    answer = http.request(method, path, json=body)
    assert answer.status_code < 300, answer.text
    package = importlib.import_module(f"hubspot.crm.{models}.models")
    assert hasattr(package, name)
    assert unknown_to_hubspot(package, name, answer.json()) == []


def test_hubspot_refusals_hold_only_fields_of_its_own_error(http):
    package = importlib.import_module("hubspot.crm.contacts.models")
    for answer in (
        http.post(f"{OBJECTS}/contacts", json={"properties": {"nonsense": "1"}}),
        http.get(f"{OBJECTS}/contacts/9"),
    ):
        # `status` is sent by HubSpot and missing from its client.
        refusal = {key: value for key, value in answer.json().items() if key != "status"}
        assert unknown_to_hubspot(package, "Error", refusal) == []


def extras(model):
    """Fields that the type of OpenAI's own package does not know, at any depth."""
    found = list(model.model_extra or {})
    for value in dict(model).values():
        for inner in value if isinstance(value, list) else [value]:
            found += extras(inner) if hasattr(inner, "model_extra") else []
    return found


def test_openai_answers_hold_only_fields_of_its_own_types(http):
    chat = {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hello"}]}
    embedding = {"model": "text-embedding-3-small", "input": "Hello", "dimensions": 8}
    answers = [
        ChatCompletion.model_validate(http.post("/v1/chat/completions", json=chat).json(), strict=True),
        CreateEmbeddingResponse.model_validate(http.post("/v1/embeddings", json=embedding).json(), strict=True),
        Model.model_validate(http.get("/v1/models/gpt-5-mini").json(), strict=True),
    ]
    assert [extra for answer in answers for extra in extras(answer)] == []
