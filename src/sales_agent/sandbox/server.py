"""The sandbox on a port of 127.0.0.1: vendors' traffic and the control API side by side."""

import asyncio
import datetime as dt
from pathlib import Path

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.web_protocol import RequestHandler

from sales_agent.sandbox.control import PREFIX, Control
from sales_agent.sandbox.performing import Performer
from sales_agent.sandbox.reception import Reception
from sales_agent.sandbox.sandbox import Sandbox

# A connection that is idle so long is closed, in seconds; longer than clients keep theirs.
KEEPALIVE_SECONDS = 75.0
# A stop waits so long for answers under way, in seconds; held ones are let go first.
SHUTDOWN_SECONDS = 1.0
# Larger request bodies are refused: the largest honest one is a mail with an attachment.
LARGEST_BODY_BYTES = 40_000_000


class SandboxServer:
    """Serves one sandbox; port 0 takes a free one."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        journal: Path | None = None,
        state: Path | None = None,
        today: dt.datetime | None = None,
    ) -> None:
        self.host, self.port = host, port
        self.sandbox = Sandbox(journal, state, today)
        performer = Performer()
        self._reception = Reception(self.sandbox, performer)
        self._control = Control(self.sandbox, performer)
        self._runner: web.ServerRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        server = web.Server(
            self._handle, request_factory=_request, access_log=None, keepalive_timeout=KEEPALIVE_SECONDS
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        address = self._runner.addresses[0]
        self.port = int(address[1])

    async def stop(self) -> None:
        self.sandbox.close()
        if self._runner:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith(PREFIX):
            return await self._control.handle(request)
        return await self._reception.handle(request)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """As aiohttp makes them, with our own limit of a body's size."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY_BYTES)
