"""Problem details (RFC 9457): every error answer of the API has this one shape."""

import json

from sales_agent.kit.errors import AppError

PROBLEM_TYPE = "application/problem+json"


def problem(error: AppError, *, request_id: str = "") -> dict[str, object]:
    """The body of an error answer: type, title, status, stable code, and detail where there is more to say."""
    body: dict[str, object] = {
        "type": f"https://sales-agent.example/problems/{error.code()}",
        "title": error.title(),
        "status": error.status,
        "code": error.code(),
    }
    if error.detail:
        body["detail"] = error.detail
    if error.context:
        body["context"] = json.loads(json.dumps(error.context, default=str))
    if request_id:
        body["request_id"] = request_id
    return body


def problem_bytes(error: AppError, *, request_id: str = "") -> bytes:
    """The same, encoded."""
    return json.dumps(problem(error, request_id=request_id)).encode()
