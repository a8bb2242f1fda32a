"""THE table of parts: the processes of one installation, how each is started, and when it is ready."""

import shutil
import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from sales_agent.bootstrap.probes import api_answers, is_sandbox
from sales_agent.bootstrap.stores import layout_of
from sales_agent.config import Settings, child_environment
from sales_agent.embedded.child import BARE_ENVIRONMENT
from sales_agent.embedded.children import Child

_PYTHON = (sys.executable, "-m")

# A worker finishes the jobs in hand (25 s at most) before it goes; then it is ended.
WORKER_DRAIN_SECONDS = 30.0

# Requests under way get this long; a stream that never ends must not hold up a stop.
API_DRAIN_SECONDS = 10


def api_command(settings: Settings) -> tuple[str, ...]:
    """Serve the API."""
    return (
        *_PYTHON,
        "uvicorn",
        "sales_agent.main:create_app",
        "--factory",
        f"--host={settings.host}",
        f"--port={settings.port}",
        f"--timeout-graceful-shutdown={API_DRAIN_SECONDS}",
        "--no-access-log",
        "--no-server-header",
        "--log-level=warning",
    )


def worker_command() -> tuple[str, ...]:
    """Carry out jobs."""
    return (*_PYTHON, "sales_agent.worker")


def schedule_command() -> tuple[str, ...]:
    """Ask again and again what is due; one a system is enough."""
    return (*_PYTHON, "sales_agent.worker", "schedule")


def relay_command() -> tuple[str, ...]:
    """Hand committed jobs to Celery; a second one does no harm."""
    return (*_PYTHON, "sales_agent.pipeline.queue.relay_process")


def sandbox_command(settings: Settings) -> tuple[str, ...]:
    """Stand in for the providers; what it knows stays under DATA_DIR."""
    folder = layout_of(settings).var / "sandbox"
    return (
        *_PYTHON,
        "sales_agent.sandbox",
        f"--port={settings.sandbox_port}",
        f"--state={folder / 'state.json'}",
        f"--journal={folder / 'journal.jsonl'}",
    )


def children(settings: Settings, *, is_demo: bool) -> tuple[Child, ...]:
    """Every part in the order of its start; the last one lets new work in, and so is the first to go.

    `settings` hold the URLs of the stores.
    """
    environment = {**environment_of(settings), "PROMETHEUS_MULTIPROC_DIR": str(_measurements(settings))}
    sandbox = Child(
        name="sandbox",
        argv=sandbox_command(settings),
        env=BARE_ENVIRONMENT,
        ready=partial(is_sandbox, settings.sandbox_port),
    )
    return (
        *((sandbox,) if is_demo else ()),
        Child(name="worker", argv=worker_command(), env=environment, stop_after_seconds=WORKER_DRAIN_SECONDS),
        Child(name="schedule", argv=schedule_command(), env=environment, stop_after_seconds=5),
        Child(name="relay", argv=relay_command(), env=environment, stop_after_seconds=5),
        Child(
            name="api",
            argv=api_command(settings),
            env=environment,
            ready=partial(api_answers, settings.host, settings.port),
            stop_signal=signal.SIGTERM,
            stop_after_seconds=API_DRAIN_SECONDS + 5,
        ),
    )


def _measurements(settings: Settings) -> Path:
    """An empty folder in which the parts leave their measurements, so that `/metrics` of the API tells of them all."""
    folder = layout_of(settings).run / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def environment_of(settings: Settings) -> Mapping[str, str]:
    """The whole environment of a part: ours, with every setting said outright, since a part sees no `.env`.

    The owner's login stays behind: nothing that serves may change tables.
    """
    said = {name.upper(): _as_text(getattr(settings, name)) for name in type(settings).model_fields}
    return child_environment(**{**said, "MIGRATION_DATABASE_URL": ""})


def _as_text(value: object) -> str:
    """A value as the settings read it back."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case bool():
            return "true" if value else "false"
        case tuple():
            return ",".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - of a setting
        case _:
            return str(value)
