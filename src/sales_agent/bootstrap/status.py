"""What `sales-agent status` finds out: who runs here, whether it is ready, which processes live, what may go out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.readiness import readiness_checks
from sales_agent.bootstrap.running import RunningSystem, running_system
from sales_agent.bootstrap.stores import stores_run, with_store_urls
from sales_agent.config import Settings
from sales_agent.controls.kill_switch import InstallationSwitch, KillSwitchStatus
from sales_agent.controls.models import Worker
from sales_agent.controls.settings import Switches
from sales_agent.controls.workers import alive
from sales_agent.kit.db import Database
from sales_agent.observability.health import Health, run_checks


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """`system` is the supervised one of this DATA_DIR; `health` None where there are no stores to ask.

    `switches`: as far as the environment lets them go. `stop`: that of the whole installation, None where not known.
    """

    system: RunningSystem | None
    health: Health | None
    processes: Sequence[Worker]
    switches: Switches
    stop: KillSwitchStatus | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the stores answer and somebody works."""
        roles = {process.role for process in self.processes}
        return self.health is not None and self.health.is_ok and {"worker", "relay"} <= roles

    def as_json(self) -> Mapping[str, object]:
        """For `--json`."""
        processes = [
            {"role": row.role, "host": row.host, "pid": row.process_id, "version": row.version, "seen_at": row.seen_at}
            for row in self.processes
        ]
        return {
            "ready": self.is_ready,
            "system": asdict(self.system) if self.system else None,
            "health": self.health.as_json() if self.health else None,
            "processes": processes,
            "kill_switch": asdict(self.stop) if self.stop else None,
            "real_sends_possible": self.switches.real_sends,
        }

    def lines(self) -> Sequence[str]:
        """For people."""
        if self.health is None:
            return ("Nothing runs here. Start it: sales-agent up",)
        demo = " with the demo" if self.system and self.system.is_demo else ""
        system = (
            f"System{demo} at http://{self.system.host}:{self.system.port}, supervised by process {self.system.pid}."
            if self.system
            else "No supervised system on this DATA_DIR; the stores answer."
        )
        checks = [f"  {row.name:<11}{'ok' if row.is_ok else 'failing: ' + row.reason}" for row in self.health.results]
        return (system, *checks, *_stop_lines(self.stop), real_sends_line(self.switches))


def real_sends_line(switches: Switches) -> str:
    """Whether any mail can really leave, as far as the environment says."""
    if switches.real_sends:
        return "Real sends are on for every tenant that has not lowered them (DRAFT_ONLY=false, ALLOW_REAL_SENDS=true)."
    if switches.draft_only:
        return "Real sends are off: DRAFT_ONLY is true, so what is sent is simulated."
    return "Real sends are off: ALLOW_REAL_SENDS is false, so what is sent is held."


def _stop_lines(stop: KillSwitchStatus | None) -> Sequence[str]:
    if stop is None:
        return ()
    if stop.stopped_at is None:
        return ("The kill switch of the installation is not set.",)
    why = stop.reason or "no reason given"
    return (f"The kill switch is set since {stop.stopped_at:%Y-%m-%d %H:%M %Z} by {stop.stopped_by}: {why}.",)


async def read_status(settings: Settings) -> SystemStatus:
    """Ask stores and heartbeats; starts nothing."""
    system = running_system(settings)
    if not stores_run(settings):
        return SystemStatus(system, None, (), Switches.ceiling(settings))
    filled = with_store_urls(settings)
    container = build_container(filled)
    try:
        health = await run_checks(readiness_checks(filled, container.database))
        # Without database or tables there is no list to read; the checks say which it is.
        processes = await alive(container.database) if health.is_ok else ()
        stop = await _stop_of(container.database) if health.is_ok else None
    finally:
        await container.close()
    return SystemStatus(system, health, processes, Switches.ceiling(settings), stop)


async def _stop_of(database: Database) -> KillSwitchStatus:
    async with database.transaction() as session:
        return await InstallationSwitch(session).status()
