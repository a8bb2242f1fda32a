"""Form submissions as HubSpot delivers them: no two the same, signed v3, made in a few microseconds."""

import base64
import hmac
import json
import time
from dataclasses import dataclass

from sales_agent.pipeline.intake.schemas import PATH

PORTAL_ID = 4242
FORM_ID = "6f0d3c62-0000-4000-8000-00000000f0a1"
SOURCE = "bench"
TARGET = f"{PATH}?source={SOURCE}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where requests go. `base_url` is what signatures are computed over."""

    host: str
    port: int
    target: str
    secret: str

    @property
    def base_url(self) -> str:
        """Scheme and host."""
        return f"http://{self.host}:{self.port}"


class Requests:
    """Makes whole HTTP requests, number by number; `series` keeps two makers from making the same submission."""

    def __init__(self, address: Address, series: str) -> None:
        self._address, self._series = address, series
        self._secret = address.secret.encode()
        self._signed_prefix = f"POST{address.base_url}{address.target}".encode()
        self._before, self._after = _form_around_the_number()

    def make(self, number: int) -> bytes:
        """The request of this number, ready to be written to a socket."""
        name = f"{self._series}-{number}".encode()
        body = self._before.replace(b"NUMBER", name) + name + self._after
        stamp = str(int(time.time() * 1000)).encode()
        digest = hmac.digest(self._secret, self._signed_prefix + body + stamp, "sha256")
        return b"".join((
            f"POST {self._address.target} HTTP/1.1\r\nHost: {self._address.host}\r\n".encode(),
            b"Content-Type: application/json\r\nX-HubSpot-Request-Timestamp: " + stamp,
            b"\r\nX-HubSpot-Signature-v3: " + base64.b64encode(digest),
            f"\r\nContent-Length: {len(body)}\r\n\r\n".encode(),
            body,
        ))  # fmt: skip


def _form_around_the_number() -> tuple[bytes, bytes]:
    fields = {
        "email": "ann.bee@firm-NUMBER.example",
        "firstname": "Ann",
        "lastname": "Bee",
        "company": "Firm",
        "phone": "+49 30 901820",
        "message": "We want a demo of your product. Can we talk next week?",
    }
    body = json.dumps({
        "portalId": PORTAL_ID,
        "formId": FORM_ID,
        "timestamp": int(time.time() * 1000),
        "pageUri": "https://brightpath.example/contact",
        "pageTitle": "Talk to us",
        "fieldValues": [{"name": name, "value": value} for name, value in fields.items()],
        "formSubmissionId": "",
    })  # fmt: skip
    return body[:-2].encode(), body[-2:].encode()
