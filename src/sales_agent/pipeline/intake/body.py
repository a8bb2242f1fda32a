"""Reading a request body with a limit on its size and on the sender's patience with us."""

import asyncio

from sales_agent.kit.errors import TemporarilyUnavailable, TooLarge
from sales_agent.observability.middleware import Receive

# HubSpot sends a body at once; whoever needs longer holds a connection for nothing.
READ_SECONDS = 10.0


class WebhookBodyTooLarge(TooLarge):
    """The webhook body is larger than the limit; send fewer submissions a request."""


class WebhookBodyUnfinished(TemporarilyUnavailable):
    """The webhook body did not arrive whole in time."""


async def read_body(receive: Receive, *, declared: int | None, limit: int) -> bytes:
    """The raw bytes; raises WebhookBodyTooLarge as soon as that is known, WebhookBodyUnfinished after ten seconds."""
    if declared is not None and declared > limit:
        raise WebhookBodyTooLarge
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(READ_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise WebhookBodyUnfinished
                chunk: bytes = message.get("body", b"")
                size += len(chunk)
                if size > limit:
                    raise WebhookBodyTooLarge
                chunks.append(chunk)
                if not message.get("more_body"):
                    return b"".join(chunks)
    except TimeoutError as error:
        raise WebhookBodyUnfinished from error
