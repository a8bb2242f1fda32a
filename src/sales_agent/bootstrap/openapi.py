"""The description of the API, with what FastAPI cannot know of it, so that clients can be generated from it."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field

from sales_agent.kit.http import PROBLEM_TYPE
from sales_agent.pipeline.intake.schemas import FormSubmissionBody, SubmissionAnswer, SubmissionsAnswer

DESCRIPTION = """\
Turns HubSpot form submissions into checked, evidence-backed e-mail drafts.

Programs carry an API key (`sales-agent keys create`), as `Authorization: Bearer sa_...` or as `X-API-Key`. People
sign in (`POST /api/session`) and carry its cookie, with `X-CSRF-Token` on every call that changes something. The
webhook, the health checks and a few doors with a proof of their own need neither. Every error is problem details
(RFC 9457) with a stable `code`. A text that holds a NUL or half of a surrogate pair is refused: 400
`text_not_storable`.
Lists are paged by `next_cursor`.
"""

_REF = "#/components/schemas/{model}"


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str = Field(description="What is the matter, in one sentence.")
    status: int
    code: str = Field(description="Stable; compare this one.")
    detail: str | None = None
    context: dict[str, Any] | None = None
    request_id: str | None = Field(None, description="Finds the request in our logs.")


def describe(app: FastAPI, webhook_path: str) -> Callable[[], dict[str, Any]]:
    """A replacement for `app.openapi` that adds the webhook, which is no FastAPI route, and the errors of all."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, webhook_path)
        return app.openapi_schema

    return openapi


def _described(app: FastAPI, webhook_path: str) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
    )
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, FormSubmissionBody, SubmissionAnswer, SubmissionsAnswer):
        schemas.update(_schemas_of(model))
    for path in document["paths"].values():
        for operation in path.values():
            _add_errors(operation)
    document["paths"] = {webhook_path: {"post": _webhook()}, **document["paths"]}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _schemas_of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=_REF)
    return {**schema.pop("$defs", {}), model.__name__: schema}


def _add_errors(operation: dict[str, Any]) -> None:
    """Whatever goes wrong, the answer has one shape; FastAPI's own 422 has another, which is never sent."""
    responses: dict[str, Any] = operation["responses"]
    if "422" in responses:
        responses["422"] = _problem("The request does not have the shape this route takes.")
    if operation.get("security"):
        responses["401"] = _problem("No valid API key or session came with the request.")
        responses["403"] = _problem(
            "The caller does not have the scope this needs, or the request is not from a page of ours."
        )
    responses["default"] = _problem("Anything else that went wrong.")


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_TYPE: {"schema": _reference(Problem)}}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _webhook() -> dict[str, Any]:
    body = _reference(FormSubmissionBody)
    accepted = {"anyOf": [_reference(SubmissionAnswer), _reference(SubmissionsAnswer)]}
    return {
        "tags": ["intake"],
        "operationId": "receive_form_submission",
        "summary": "Receive Form Submission",
        "description": "Where HubSpot delivers form submissions, signed. Answered 202 once every submission of the "
        "body is durable; each delivery of the same submission is answered with the same ids.",
        "parameters": [
            _parameter("source", "query", "Which webhook source this is; its secret verifies the signature."),
            _parameter("X-HubSpot-Signature-v3", "header", "base64 HMAC-SHA256 over method, URI, body, timestamp."),
            _parameter("X-HubSpot-Request-Timestamp", "header", "Unix milliseconds; five minutes away at most."),
            _parameter("X-HubSpot-Signature", "header", "v2: hex SHA-256 over secret, method, URI, body."),
            _parameter("X-HubSpot-Signature-Version", "header", "`v2` with the header above."),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"anyOf": [body, {"type": "array", "items": body}]}}},
        },
        "responses": {
            "202": {
                "description": "Stored. An array is answered with one item for each of its submissions.",
                "content": {"application/json": {"schema": accepted}},
            },
            "401": _problem("Unknown source, or a signature that is missing, wrong or stale."),
            "413": _problem("The body is larger than the limit."),
            "503": _problem("It could not be stored just now; deliver it again after Retry-After seconds."),
        },
    }


def _parameter(name: str, place: str, description: str) -> Mapping[str, object]:
    return {"name": name, "in": place, "required": False, "description": description, "schema": {"type": "string"}}
