"""Those who stop and resume: whoever knows the installation's password, a program with a key, a person signed in."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from sales_agent.access.auth.api_keys import create_api_key
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.people import NewPerson, create_user
from sales_agent.bootstrap.setup import DEFAULT_SLUG
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.ids import new_id
from tests.acceptance.system import System

_OWN_PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop as the caller saw it: when it was answered, by the machine's clock, and what."""

    answered_at: dt.datetime
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stopper:
    """Somebody who may stop and resume. `password`: what a resume asks for; `scope`: whose sends stop."""

    url: str
    password: str
    scope: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def stop(self) -> Stopped:
        """Stop, and look at the clock once it is answered."""
        own = {"admin_password": self.password} if self.scope == "installation" else {}
        answer = self._call("POST", "stop", json={"reason": "a test", **own})
        return Stopped(SystemClock().now(), answer)

    def resume(self) -> None:
        """Let everything go on."""
        body = {"admin_password": self.password, "reason": "the test is over"}
        assert self._call("POST", "resume", json=body)["status"] == "resumed"

    def status(self) -> dict[str, Any]:
        """How things stand."""
        own = {"X-Admin-Token": self.password} if self.scope == "installation" else {}
        return self._call("GET", "status", headers=own)

    def _call(self, method: str, what: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
        answer = httpx2.request(
            method,
            f"{self.url}/api/admin/emergency-{what}",
            headers={**self.headers, **(headers or {})},
            timeout=20,
            **more,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


def by_password(system: System) -> Stopper:
    """Nobody in particular, with the installation's password."""
    return Stopper(system.settings.webhook_base_url, _password_of(system), "installation")


def by_key(system: System) -> Stopper:
    """A program of the tenant, with an admin's key."""

    async def make() -> str:
        container = build_container(system.settings)
        tenant_id = system.own.tenant_id
        try:
            async with container.database.transaction(tenant_id) as session:
                _, plain = await create_api_key(session, tenant_id, name="stopper", scopes={Scope.ADMIN})
        finally:
            await container.close()
        return plain

    headers = {"Authorization": f"Bearer {asyncio.run(make())}"}
    return Stopper(system.settings.webhook_base_url, _password_of(system), "tenant", headers)


def by_session(system: System) -> Stopper:
    """An admin of the tenant, signed in as a browser is; a resume takes their own password."""
    person = NewPerson(f"mara.{new_id().hex}@brightpath.example", "Mara", Role.ADMIN, _OWN_PASSWORD)
    asyncio.run(create_user(system.settings, slug=DEFAULT_SLUG, person=person))
    url = system.settings.webhook_base_url
    answer = httpx2.post(f"{url}/api/session", json={"email": person.email, "password": _OWN_PASSWORD})
    assert answer.status_code == 200, answer.text
    cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    return Stopper(url, _OWN_PASSWORD, "tenant", {"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf_token"]})


# Every way to stop.
STOPPERS: Mapping[str, Callable[[System], Stopper]] = {
    "password": by_password,
    "key": by_key,
    "session": by_session,
}


def _password_of(system: System) -> str:
    return system.settings.admin_password.get_secret_value()
