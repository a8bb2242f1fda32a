"""A whole installation of real processes: API, relay, workers, schedule, Redis, and the sandbox as the providers."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from sales_agent.bootstrap.parts import api_command, environment_of, relay_command, schedule_command, worker_command
from sales_agent.bootstrap.probes import api_answers, free_port
from sales_agent.kit.clock import Clock, ShiftedClock, SystemClock
from sales_agent.pipeline.workflow.hook import Point
from sales_agent.sandbox.client import SandboxClient
from tests.acceptance.forms import Form, Source, make_form, signed
from tests.acceptance.processes import Part, eventually
from tests.acceptance.tenants import furnish, make_settings
from tests.conftest import DatabaseUrls

# A Wednesday in winter, mid-morning in the seller's zone: slots are the same whenever the tests are run.
TODAY = dt.datetime(2027, 1, 13, 9, 0, tzinfo=dt.UTC)

# How a run may end.
ENDS = frozenset({"completed", "rejected", "suppressed", "duplicate", "failed"})

# Jobs in these states are over, or wait for a person.
_AT_REST = ("done", "failed", "cancelled", "parked")


class System:
    """One installation on a migrated database. Parts are started by name; `changes` are settings.

    `has_hooks`: its clock can be set and its workers told where to die, which a system that really sends refuses;
    without them it lives in the present and is reached from outside.
    """

    def __init__(
        self,
        folder: Path,
        urls: DatabaseUrls,
        redis_url: str,
        sandbox: SandboxClient,
        *,
        has_hooks: bool = True,
        **changes: object,
    ) -> None:
        self.folder, self.sandbox, self._superuser_url = folder, sandbox, urls.superuser
        self.kill_file = folder / "kill"
        port = free_port("127.0.0.1", 0)
        self.clock: Clock = SystemClock()
        if has_hooks:
            clock_file = folder / "clock"
            clock_file.write_text(str((TODAY - SystemClock().now()).total_seconds()))
            self.clock = ShiftedClock(clock_file)
            changes = {"test_kill_file": str(self.kill_file), "test_clock_file": str(clock_file), **changes}
        else:
            changes = {"public_url": f"http://127.0.0.1:{port}", **changes}
        self.settings = make_settings(folder, sandbox, port=port, database_url=urls.app, redis_url=redis_url, **changes)
        self.environment = environment_of(self.settings)
        self.parts: dict[str, Part] = {}
        self.demo, self.own = asyncio.run(furnish(self.settings))
        self.http = httpx2.Client(base_url=self.settings.webhook_base_url, timeout=10)
        self._add("api", api_command(self.settings), lambda _: api_answers("127.0.0.1", port))
        self._add("relay", relay_command(), lambda part: part.has_said("relay.started"))
        self._add("schedule", schedule_command(), lambda _: True)

    def start(self, *names: str) -> None:
        """Start parts side by side and wait until all are ready; worker names are made up freely."""
        for name in names:
            if name not in self.parts:
                self._add(name, worker_command(), lambda part: part.has_said("worker.ready"))
            self.parts[name].start()
        for name in names:
            self.parts[name].wait_ready()

    def restart(self, *names: str) -> None:
        """kill -9 each, then start them."""
        for name in names:
            self.parts[name].kill()
        self.start(*names)

    def close(self) -> None:
        """End every part."""
        self.http.close()
        with ThreadPoolExecutor() as enders:
            list(enders.map(Part.end, self.parts.values()))

    def now_ms(self) -> int:
        """The system's clock."""
        return int(self.clock.now().timestamp() * 1000)

    def form(self, email: str, **fields: str) -> Form:
        """A new submission."""
        return make_form(self.now_ms(), email=email, **fields)

    def post(self, form: Form, source: Source | None = None) -> httpx2.Response:
        """One delivery of a webhook, properly signed; whatever comes back."""
        source = source or self.own
        body = form.body(source)
        headers = signed(self.settings.webhook_base_url, source, body, self.now_ms())
        return self.http.post(source.path, content=body, headers=headers)

    def accepted(self, form: Form, source: Source | None = None) -> dict[str, Any]:
        """The answer to a delivery that must be taken."""
        answer = self.post(form, source)
        assert answer.status_code == 202, answer.text
        return answer.json()

    def delivered(self, form: Form, source: Source | None = None, *, within: float = 60.0) -> dict[str, Any]:
        """Deliver as HubSpot does: again and again until it is answered 202; that answer."""

        def attempt() -> dict[str, Any] | None:
            try:
                answer = self.post(form, source)
            except httpx2.TransportError:
                return None
            assert answer.status_code in {202, 503}, answer.text
            return answer.json() if answer.status_code == 202 else None

        return eventually(attempt, "the submission is taken", within=within)

    def get(self, path: str, source: Source | None = None, **query: str) -> Any:
        """What the API answers an operator of the tenant."""
        answer = self.http.get(path, params=query, headers=(source or self.own).caller)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def command(self, path: str, source: Source | None = None, body: Mapping[str, Any] | None = None) -> Any:
        """A POST to the API as an operator of the tenant."""
        answer = self.http.post(path, json=body, headers=(source or self.own).caller)
        assert answer.is_success, answer.text
        return answer.json()

    def run(self, run_id: str, source: Source | None = None) -> dict[str, Any]:
        """A run with its steps and outward writes."""
        return self.get(f"/api/workflows/{run_id}", source)

    def wait_for(self, run_id: str, source: Source | None = None, *, within: float = 40.0) -> dict[str, Any]:
        """The run, once it has come to an end."""

        def ended() -> dict[str, Any] | None:
            run = self.run(run_id, source)
            return run if run["status"] in ENDS else None

        return eventually(ended, f"run {run_id} ends; it stands at {self.run(run_id, source)}", within=within)

    def wait_status(self, task_id: str, *wanted: str, source: Source | None = None, within: float = 40.0) -> Any:
        """The status of a job, once it is one of those."""

        def reached() -> Any:
            status = self.get(f"/api/async/tasks/{task_id}/status", source)
            return status if status["status"] in wanted else None

        return eventually(reached, f"task {task_id} is {' or '.join(wanted)}", within=within)

    def drain(self, kind: str = "workflow.process_form_lead", *, within: float = 60.0) -> None:
        """Until no job of the kind is due, on its way, or being carried."""
        eventually(lambda: not self._open_jobs(kind), f"no {kind} is left", within=within)

    def kill_at(self, step: str, point: Point) -> None:
        """The first worker to reach this point dies there."""
        self.kill_file.write_text(f"{step}:{point.value}")

    def wait_for_a_death(self, names: Sequence[str], *, within: float = 30.0) -> str:
        """The name of the part that died."""
        return eventually(
            lambda: next((name for name in names if not self.parts[name].is_alive), None), "one dies", within=within
        )

    def carrier(self, task_id: str, names: Sequence[str]) -> str:
        """The worker whose log speaks of this job."""

        def found() -> str | None:
            return next((name for name in names if any(task_id in line for line in self.parts[name].lines())), None)

        return eventually(found, f"a worker has job {task_id}")

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, whoever's it is."""
        with psycopg.connect(self._superuser_url, autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def _open_jobs(self, kind: str) -> int:
        return self.rows("select count(*) from job where kind = %s and state <> all(%s)", kind, list(_AT_REST))[0][0]

    def _add(self, name: str, argv: Sequence[str], is_ready: Callable[[Part], object]) -> None:
        self.parts[name] = Part(name, argv, self.environment, self.folder / f"{name}.log", is_ready)
