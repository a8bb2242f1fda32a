"""What HubSpot does when somebody fills in a form: the body it sends and the signature it puts beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sales_agent.kit.ids import new_id
from sales_agent.pipeline.intake.schemas import PATH
from sales_agent.pipeline.intake.signature import SignedRequest, v3_signature


@dataclass(frozen=True, slots=True)
class Source:
    """A tenant as HubSpot and its operators know it: where webhooks go, what signs them, and an API key."""

    tenant_id: UUID
    key: str
    secret: str
    portal_id: int
    form_id: str
    api_key: str

    @property
    def path(self) -> str:
        """Path and query of its webhook."""
        return f"{PATH}?source={self.key}"

    @property
    def caller(self) -> dict[str, str]:
        """The headers of an operator."""
        return {"Authorization": f"Bearer {self.api_key}"}


@dataclass(frozen=True, slots=True)
class Form:
    """One submission; sent again it is the same one, since it carries its own id."""

    fields: Mapping[str, str]
    submission_id: str
    submitted_ms: int

    def body(self, source: Source) -> bytes:
        """As HubSpot sends it."""
        return json.dumps(self.as_json(source)).encode()

    def as_json(self, source: Source) -> dict[str, Any]:
        """The same, before it is written."""
        return {
            "portalId": source.portal_id,
            "formId": source.form_id,
            "formSubmissionId": self.submission_id,
            "timestamp": self.submitted_ms,
            "pageUri": "https://brightpath.example/contact",
            "pageTitle": "Talk to us",
            "fieldValues": [{"name": name, "value": value} for name, value in self.fields.items()],
        }


def make_form(submitted_ms: int, **fields: str) -> Form:
    """A new submission of these fields."""
    return Form(fields=fields, submission_id=str(new_id()), submitted_ms=submitted_ms)


def signed(base_url: str, source: Source, body: bytes, now_ms: int) -> dict[str, str]:
    """The headers that prove a webhook to be HubSpot's."""
    stamp = str(now_ms)
    request = SignedRequest("POST", base_url, source.path, body, timestamp=stamp)
    return {
        "Content-Type": "application/json",
        "X-HubSpot-Signature-v3": v3_signature(request, source.secret),
        "X-HubSpot-Request-Timestamp": stamp,
    }
