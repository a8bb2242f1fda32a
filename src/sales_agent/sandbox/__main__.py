"""`python -m sales_agent.sandbox`: serves until it is stopped, and says on one line of JSON where."""

import argparse
import asyncio
import datetime as dt
import json
import signal
import sys
from pathlib import Path

from sales_agent.sandbox.server import SandboxServer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sales_agent.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--journal", type=Path, help="append every request to this file, one JSON object a line")
    parser.add_argument("--state", type=Path, help="keep the state in this file over restarts")
    parser.add_argument("--today", help="the moment at which the sandbox's clock starts, ISO 8601 with offset")
    parser.add_argument("--ends-with-stdin", action="store_true", help="stop when the starter is gone")
    return parser.parse_args()


def _moment(text: str | None) -> dt.datetime | None:
    if not text:
        return None
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


async def _serve(arguments: argparse.Namespace) -> None:
    server = SandboxServer(
        arguments.host,
        arguments.port,
        journal=arguments.journal,
        state=arguments.state,
        today=_moment(arguments.today),
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await server.start()
    if arguments.ends_with_stdin:
        loop.add_reader(sys.stdin, stopped.set)
    sys.stdout.write(json.dumps({"ready": True, "url": server.url, "port": server.port}) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
