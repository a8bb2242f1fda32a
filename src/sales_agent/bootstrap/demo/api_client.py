"""Our own API as the demo calls it: over HTTP, with a key, its webhooks signed as HubSpot signs them."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from sales_agent.kit.clock import Clock
from sales_agent.kit.errors import AppError
from sales_agent.pipeline.intake.schemas import PATH as WEBHOOK_PATH
from sales_agent.pipeline.intake.signature import SignedRequest, v3_signature

# A local API answers in milliseconds; this is for a machine that is very busy.
TIMEOUT_SECONDS = 15.0

Json = dict[str, Any]


def rows(document: Json, name: str) -> list[Json]:
    """The list of objects under a name; empty where there is none yet."""
    return document.get(name) or []


class ApiRefused(AppError):
    """The API did not do what was asked."""


class ApiClient:
    """One API at one address."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address.rstrip("/")
        self._key = key

    def get(self, path: str) -> Json:
        """A GET with the key. Raises ApiRefused, OSError."""
        return self._ask("GET", path, None, {"X-API-Key": self._key})

    def post_form(self, body: bytes, *, source: str, secret: str, base_url: str, clock: Clock) -> Json:
        """Deliver a submission through the real webhook, signed (v3) over the URL under which the API is configured."""
        target = f"{WEBHOOK_PATH}?source={source}"
        timestamp = str(int(clock.now().timestamp() * 1000))
        signed = SignedRequest(method="POST", base_url=base_url, path_and_query=target, body=body, timestamp=timestamp)
        headers = {
            "Content-Type": "application/json",
            "X-HubSpot-Request-Timestamp": timestamp,
            "X-HubSpot-Signature-v3": v3_signature(signed, secret),
        }
        return self._ask("POST", target, body, headers)

    def _ask(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Json:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, target, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status >= http.client.MULTIPLE_CHOICES:
            raise ApiRefused(f"{method} {target} was answered {response.status}: {content[:300].decode()}")
        return json.loads(content)
