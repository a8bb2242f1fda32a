"""The answer of the webhook, and the description of what it takes."""

from typing import Literal

from pydantic import BaseModel, Field

from sales_agent.pipeline.intake.receive import Received
from sales_agent.records.leads.models import SubmissionState

# Where HubSpot delivers; part of what it signs.
PATH = "/api/webhooks/hubspot/form-submission"


class FieldValue(BaseModel):
    """One form field."""

    name: str
    value: str | None = None


class FormSubmissionBody(BaseModel):
    """The form shape. Workflow bodies, the old contact shape and arrays of any of these are taken as well."""

    portalId: int | None = None  # noqa: N815 - HubSpot's spelling
    formId: str | None = None  # noqa: N815 - as above
    formSubmissionId: str | None = Field(None, description="Makes a second delivery recognisable.")  # noqa: N815 - as above
    timestamp: int | None = Field(None, description="Unix milliseconds.")
    pageUri: str | None = None  # noqa: N815 - as above
    pageTitle: str | None = None  # noqa: N815 - as above
    fieldValues: list[FieldValue] = Field(default_factory=list[FieldValue])  # noqa: N815 - as above


class SubmissionAnswer(BaseModel):
    """What became of one submission. Every delivery of the same submission is answered with the same ids."""

    status: Literal["accepted", "rejected"]
    submission_id: str
    workflow_id: str | None = Field(description="The run that answers it; none for a rejected one.")
    task_id: str | None = Field(description="The job that carries the run.")
    status_url: str | None
    email: str
    duplicate: bool = Field(description="Whether this submission was known already.")
    reason: str | None = Field(None, description="Why it was rejected, as a stable code.")
    message: str


class SubmissionsAnswer(BaseModel):
    """The answer to an array: one item for each submission, in order."""

    status: Literal["accepted"] = "accepted"
    items: list[SubmissionAnswer]


_REASONS = {
    "unreadable": "Stored, but the body is not JSON of a known shape; it can be replayed once it can be read.",
    "portal_mismatch": "Stored, but the submission comes from another HubSpot portal than this source's.",
    "unknown_form": "Stored, but this form is not among those that are answered.",
    "no_email": "Stored, but without an e-mail address nobody can be answered.",
}


def answer(received: Received) -> SubmissionAnswer:
    """The answer for one submission."""
    row = received.stored
    if row.state != SubmissionState.ACCEPTED:
        return SubmissionAnswer(
            status="rejected",
            submission_id=str(row.id),
            workflow_id=None,
            task_id=None,
            status_url=None,
            email=received.form.email,
            duplicate=not row.is_new,
            reason=row.reason,
            message=_REASONS.get(row.reason or "", "Stored and rejected."),
        )
    return SubmissionAnswer(
        status="accepted",
        submission_id=str(row.id),
        workflow_id=str(row.run_id),
        task_id=str(row.job_id),
        status_url=f"/api/async/tasks/{row.job_id}/status",
        email=received.form.email,
        duplicate=not row.is_new,
        reason=None,
        message="Stored; a run will answer it." if row.is_new else "Known already; see the run of its first delivery.",
    )
