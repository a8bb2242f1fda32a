"""The API that others have built on: every path, and every field of its answers, stays what it is."""

from typing import Any

import pytest

from sales_agent.config import Settings
from sales_agent.main import create_app

# Literally what clients were promised, as far as it exists by now: method and path, then fields of the 2xx answer.
KEPT: dict[tuple[str, str], set[str]] = {
    ("get", "/health"): {"status"},
    ("get", "/health/live"): {"status"},
    ("get", "/health/ready"): {"status", "checks"},
    ("get", "/metrics"): set(),
    ("post", "/api/webhooks/hubspot/form-submission"): {
        "status", "submission_id", "workflow_id", "task_id", "status_url", "email", "message",
    },
    ("get", "/api/async/tasks/{task_id}/status"): {
        "task_id", "status", "ready", "message", "result", "error", "traceback", "progress",
    },
    ("get", "/api/async/failed-tasks"): {"total_count", "returned_count", "limit", "offset", "tasks"},
    ("post", "/api/async/failed-tasks/{failed_task_id}/retry"): {
        "status", "failed_task_id", "new_task_id", "message", "status_url",
    },
    ("post", "/api/async/failed-tasks/{failed_task_id}/resolve"): {"status", "failed_task_id", "message"},
    ("post", "/api/admin/emergency-stop"): {"status", "message", "auto_approve_disabled", "in_flight", "confirmed"},
    ("post", "/api/admin/emergency-resume"): {"status", "message", "auto_approve_enabled"},
    ("get", "/api/admin/emergency-status"): {"kill_switch_active", "auto_approve_enabled", "allow_real_sends"},
    ("post", "/api/admin/settings"): {"settings"},
    ("get", "/api/admin/rules"): {"total_count", "rules"},
    ("post", "/api/admin/rules/{rule_id}/enable"): {"status", "rule_id", "rule_type"},
    ("post", "/api/admin/rules/{rule_id}/disable"): {"status", "rule_id", "rule_type"},
    ("post", "/api/admin/rules/seed"): {"status", "message"},
    ("get", "/api/admin/approved-recipients"): {"total_count", "returned_count", "limit", "offset", "recipients"},
    ("delete", "/api/admin/approved-recipients/{recipient_id}"): {"status", "email"},
    ("get", "/api/workflows"): {"items", "next_cursor"},
    ("get", "/api/workflows/{workflow_id}"): {
        "workflow_id", "workflow_type", "status", "submission_id", "contact_email", "company_name", "draft_id",
        "error_message", "started_at", "completed_at", "steps", "effects",
    },
    ("get", "/api/workflows/{workflow_id}/events"): {"items", "next_cursor"},
    ("post", "/api/workflows/{workflow_id}/rerun"): {"status", "workflow_id", "task_id", "status_url"},
    ("get", "/api/drafts"): {"items", "next_cursor"},
    ("get", "/api/drafts/{draft_id}"): {"id", "state", "recipient", "subject", "body", "findings"},
    ("post", "/api/demo/lead"): {"status", "submission_id", "workflow_id", "task_id", "status_url", "email", "message"},
}  # fmt: skip

# Fields of what lies inside an answer, by the name of its schema.
KEPT_INSIDE: dict[str, set[str]] = {
    "FailedTaskItem": {
        "id", "task_id", "workflow_id", "task_type", "error", "retry_count", "status", "created_at", "resolved_at",
    },
    "ShownRule": {
        "id", "rule_type", "name", "description", "conditions", "confidence", "enabled", "priority", "created_by",
    },
    "ShownRecipient": {
        "id", "email", "domain", "total_sends", "total_replies", "first_approved_at", "last_sent_at",
    },
    "WorkflowItem": {
        "workflow_id", "workflow_type", "status", "submission_id", "contact_email", "company_name", "draft_id",
        "error_message", "started_at", "completed_at",
    },
    "SubmissionsAnswer": {"status", "items"},
}  # fmt: skip


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return create_app(Settings(_env_file=None)).openapi()


def fields_of(description: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """The properties of a schema; of the first of several."""
    if "$ref" in schema:
        return fields_of(description, description["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return fields_of(description, schema["anyOf"][0])
    return set(schema.get("properties", ()))


@pytest.mark.parametrize("door", KEPT, ids=" ".join)
def test_a_promised_door_answers_with_the_promised_fields(description: dict[str, Any], door: tuple[str, str]):
    method, path = door
    operation = description["paths"][path][method]
    answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    content = answer["content"]

    if KEPT[door]:
        assert fields_of(description, content["application/json"]["schema"]) >= KEPT[door]
    else:
        assert "text/plain" in content


@pytest.mark.parametrize("name", KEPT_INSIDE)
def test_what_lies_inside_an_answer_keeps_its_fields(description: dict[str, Any], name: str):
    assert fields_of(description, {"$ref": f"#/components/schemas/{name}"}) >= KEPT_INSIDE[name]


def operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_operations_have_names_of_their_own_that_clients_can_be_generated_from(description: dict[str, Any]):
    names = [operation["operationId"] for _, operation in operations(description)]

    assert len(set(names)) == len(names)
    assert [name for name in names if not name.isidentifier() or name != name.lower()] == []


def test_every_operation_says_what_it_does(description: dict[str, Any]):
    silent = [door for door, operation in operations(description) if not operation.get("description")]
    untagged = [door for door, operation in operations(description) if not operation.get("tags")]

    assert (silent, untagged) == ([], [])


def test_every_tag_is_explained(description: dict[str, Any]):
    used = {tag for _, operation in operations(description) for tag in operation["tags"]}
    explained = {tag["name"] for tag in description["tags"] if tag["description"]}

    assert used <= explained


def test_errors_of_every_operation_are_problem_details(description: dict[str, Any]):
    wrong = [
        f"{door} {status}"
        for door, operation in operations(description)
        for status, answer in operation["responses"].items()
        if (status.startswith("4") or status == "default") and list(answer["content"]) != ["application/problem+json"]
    ]

    assert wrong == []


def test_the_framework_s_own_shape_of_errors_is_not_described(description: dict[str, Any]):
    assert "HTTPValidationError" not in description["components"]["schemas"]
