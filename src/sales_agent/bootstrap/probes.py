"""Short questions to our own ports on this machine: who is there, and is the port free."""

import asyncio
import http.client
import socket

# Our own parts answer within milliseconds; whoever needs longer is somebody else.
TIMEOUT_SECONDS = 1.0

_SANDBOX_HEALTH = "/_sandbox/health"


def answers(host: str, port: int, path: str) -> bool:
    """Whether a GET of the path is answered 200; False for silence, refusals, and whatever speaks no HTTP."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return response.status == http.client.OK
    finally:
        connection.close()


def api_answers(host: str, port: int) -> bool:
    """Whether our API serves there."""
    return answers(reachable(host), port, "/health/live")


def is_sandbox(port: int) -> bool:
    """Whether the sandbox serves there; another program may have taken the port."""
    return answers("127.0.0.1", port, _SANDBOX_HEALTH)


async def sandbox_answers(port: int) -> bool:
    """The same, without holding up the loop."""
    return await asyncio.to_thread(is_sandbox, port)


def reachable(host: str) -> str:
    """The address under which a server that listens on `host` is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - a server's wish, not ours


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    return obstacle(host, port) is None


def obstacle(host: str, port: int) -> OSError | None:
    """What keeps a server from listening there now, or None; its `errno` tells taken from forbidden and from absent."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
        except OSError as error:
            return error
    return None


def free_port(host: str, wished: int, *, besides: int = 0) -> int:
    """The port wished for if it is free, else any that is; never `besides`."""
    if wished and wished != besides and is_free(host, wished):
        return wished
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as candidate:
            candidate.bind((host, 0))
            port = int(candidate.getsockname()[1])
        if port != besides:
            return port
