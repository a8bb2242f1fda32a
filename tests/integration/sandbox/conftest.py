"""One sandbox process for all tests here, begun anew for each, and a plain HTTP client that speaks to it."""

from collections.abc import Callable, Iterator

import httpx2
import pytest

from sales_agent.sandbox.client import SandboxClient
from sales_agent.sandbox.process import running_sandbox

# A Wednesday in winter, mid-morning in the seller's zone.
TODAY = "2026-03-04T09:00:00+01:00"


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxClient]:
    with running_sandbox(today=TODAY) as client:
        yield client


@pytest.fixture
def sandbox(sandbox_process: SandboxClient) -> SandboxClient:
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def http(sandbox: SandboxClient) -> Iterator[httpx2.Client]:
    headers = {"Authorization": "Bearer sandbox-token"}
    with httpx2.Client(base_url=sandbox.url, headers=headers, timeout=10) as client:
        yield client


@pytest.fixture
def new_contact(http: httpx2.Client) -> Callable[..., str]:
    """Makes a contact and returns its id."""

    def make(**properties: str) -> str:
        answer = http.post("/crm/objects/2026-03/contacts", json={"properties": properties})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return make
