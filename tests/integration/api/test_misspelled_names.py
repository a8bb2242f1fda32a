"""A name that no door knows is refused: passed over, it would be taken for heeded."""

from collections.abc import Mapping
from uuid import UUID

import httpx2
import pytest

from sales_agent.access.auth.principal import Scope
from sales_agent.bootstrap.unknown_parameters import OPEN_TO_ANY
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from tests.factories.api import headers_for
from tests.factories.operating import waiting_draft
from tests.integration.api.conftest import Callers
from tests.integration.api.doors import application, doors

# What they take has names of its own: the form's, the demo's. And a stop is never refused for a slip.
TAKE_ANY_NAME = {"FormSubmissionBody", "FieldValue", "DemoLeadBody", "StopBody"}


@pytest.fixture
async def owner(database: Database, tenant_id: UUID) -> Mapping[str, str]:
    return await headers_for(database, tenant_id, Scope.OWNER)


async def test_a_misspelled_version_approves_nothing(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    draft = await waiting_draft(database, tenant_id)
    path = f"/api/operator/drafts/{draft.draft_id}"
    answer = await client.post(f"{path}/approve", headers=callers.operate, json={"verison": 1, "sned": True})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert [place["at"] for place in answer.json()["context"]["errors"]] == [["body", "verison"], ["body", "sned"]]
    assert (await client.get(path, headers=callers.read)).json()["state"] == "needs_review"


def test_no_body_takes_a_name_that_it_does_not_know():
    schemas = application().openapi()["components"]["schemas"]
    taken = {name for name in schemas if name.endswith(("Body", "Rule", "Request"))} - {"ShownRule"} - TAKE_ANY_NAME
    taken |= {"WordsRead", "ArrivalAnswer", "EditedSentence"} & set(schemas)
    assert {name for name in taken if schemas[name].get("additionalProperties") is not False} == set()
    assert {"ApproveBody", "EnableRule", "BacktestRequest", "SettingsBody", "ResumeBody", "ReleaseBody"} <= taken


async def test_no_door_takes_a_query_parameter_that_it_does_not_know(
    client: httpx2.AsyncClient, owner: Mapping[str, str]
):
    values = {name: str(new_id()) for door in doors() for name in door.parameters}
    strict = [door for door in doors() if door.path.startswith("/api/") and not door.path.startswith(OPEN_TO_ANY)]
    for door in strict:
        if door.path.startswith("/api/webhooks/"):
            continue
        path = door.filled({**values, "version": 1, "email": "ada@fabrikam.example"})
        answer = await client.request(door.method, path, headers=owner, params={"stauts": "held"})
        assert (answer.status_code, answer.json()["code"]) == (422, "parameter_unknown"), door.name
        assert answer.json()["context"]["unknown"] == ["stauts"]


async def test_the_refusal_lists_what_the_door_takes_and_repeats_no_value(client: httpx2.AsyncClient, callers: Callers):
    answer = await client.get("/api/sends", headers=callers.read, params={"state": "a secret"})
    assert answer.json()["context"] == {"unknown": ["state"], "known": ["cursor", "draft_id", "limit", "status"]}
    assert "a secret" not in answer.text
    reset = await client.delete("/api/admin/settings/seller_name", headers=callers.read, params={"why": "x"})
    assert reset.json()["context"]["known"] == ["override_reason", "reason"]


async def test_what_earlier_clients_send_is_taken(
    client: httpx2.AsyncClient, callers: Callers, database: Database, tenant_id: UUID
):
    approved, rejected = await waiting_draft(database, tenant_id), await waiting_draft(database, tenant_id)
    at = "/api/operator/drafts"
    wishes = [
        (f"{at}/{approved.draft_id}/approve", {"approved_by": "Mara"}),
        (f"{at}/{rejected.draft_id}/reject", {"reason": "tone", "rejected_by": "Mara"}),
    ]
    for path, body in wishes:
        answer = await client.post(path, headers=callers.operate, json=body)
        assert answer.status_code == 200, answer.text
    closed = await client.post(
        f"/api/async/failed-tasks/{new_id()}/resolve?notes=done&resolved_by=Mara", headers=callers.operate
    )
    assert closed.status_code == 404
