"""One command for a whole system: stores, tables, parts, kept alive until somebody stops it."""

import errno
import os
from collections.abc import Callable

from sales_agent.bootstrap.parts import children
from sales_agent.bootstrap.preparation import Preparation
from sales_agent.bootstrap.probes import free_port, obstacle
from sales_agent.bootstrap.running import RunningSystem, running_system
from sales_agent.bootstrap.stores import embedded_stores, layout_of, with_store_urls
from sales_agent.config import Settings
from sales_agent.embedded.errors import EmbeddedAlreadyRunning
from sales_agent.embedded.events import Event
from sales_agent.embedded.supervisor import Supervisor
from sales_agent.kit.errors import AppError


class CannotListen(AppError):
    """The address cannot be listened on."""

    def __init__(self, setting: str, host: str, port: int, found: OSError) -> None:
        match found.errno:
            case errno.EADDRINUSE:
                said = f"another program listens on port {port}: stop it, or choose another one with {setting}=8001"
            case errno.EACCES:
                said = f"port {port} needs rights this account lacks: choose one from 1024 on with {setting}=8000"
            case _:
                said = f"{host} is no address of this machine: choose one with HOST=127.0.0.1"
        super().__init__(f"{self.title()[:-1]}: {said}.")


class SystemUp:
    """A system about to run. Make it, then `run` it in the main thread; `request_stop` works from any other.

    Args:
        settings: as the environment has them.
        is_demo: with the sandbox and the demo tenant.
        may_move: take other ports where those of the settings are taken, instead of refusing.
        on_event: told each turn.
    """

    def __init__(
        self, settings: Settings, on_event: Callable[[Event], None], *, is_demo: bool, may_move: bool = False
    ) -> None:
        layout = layout_of(settings)
        layout.create()
        if other := running_system(settings):
            at = f"http://{other.host}:{other.port}"
            raise EmbeddedAlreadyRunning(f"Sales Agent is process {other.pid}, at {at}: stop it, or set DATA_DIR.")
        self.settings = _with_ports(settings, is_demo=is_demo, may_move=may_move)
        filled = with_store_urls(self.settings)
        if is_demo:
            (layout.var / "sandbox").mkdir(mode=0o700, exist_ok=True)
        system = RunningSystem(os.getpid(), self.settings.host, self.settings.port, self.settings.sandbox_port, is_demo)
        preparation = Preparation(filled, system, log=layout.logs)
        self._supervisor = Supervisor(
            children(filled, is_demo=is_demo),
            [*embedded_stores(self.settings), preparation],
            on_event,
            run_folder=layout.run,
            log_folder=layout.logs,
        )

    def run(self) -> int:
        """Until SIGTERM, Ctrl-C or `request_stop`; 0 after a clean stop.

        Raises:
            EmbeddedError: another system runs here, or a store does not come up.
            AppError: the tables cannot be made.
        """
        return self._supervisor.run()

    def request_stop(self) -> None:
        """Do as Ctrl-C does."""
        self._supervisor.request_stop()


def _with_ports(settings: Settings, *, is_demo: bool, may_move: bool) -> Settings:
    """The settings with ports nobody listens on. Raises CannotListen."""
    if may_move or not settings.port:
        port = free_port(settings.host, settings.port, besides=settings.sandbox_port)
        settings = settings.model_copy(update={"port": port})
    elif found := obstacle(settings.host, settings.port):
        raise CannotListen("PORT", settings.host, settings.port, found)
    if not is_demo:
        return settings
    if may_move or not settings.sandbox_port:
        sandbox_port = free_port("127.0.0.1", settings.sandbox_port, besides=settings.port)
        return settings.model_copy(update={"sandbox_port": sandbox_port})
    if found := obstacle("127.0.0.1", settings.sandbox_port):
        raise CannotListen("SANDBOX_PORT", "127.0.0.1", settings.sandbox_port, found)
    return settings
