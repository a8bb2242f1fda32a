"""The one question we ask Redis ourselves; everything else about it is Celery's business."""

from redis.asyncio import Redis

# A Redis that is there answers in under a millisecond; a health check must not wait longer than its caller.
TIMEOUT_SECONDS = 0.7


async def ping(url: str) -> None:
    """Return when Redis answers; raises redis's own error, or OSError, when it does not."""
    client: Redis = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - redis types its options loosely
        url, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=TIMEOUT_SECONDS
    )
    try:
        await client.ping()  # pyright: ignore[reportUnknownMemberType] - as above
    finally:
        await client.aclose()
