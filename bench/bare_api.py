"""The peer of acceptance: the shortest durable webhook FastAPI allows, one INSERT and one commit a request."""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

# As many connections as our own API may hold.
CONNECTIONS = 20


def create_app(database_url: str) -> FastAPI:
    """No signature, no parsing, no recognising of a second delivery, no job."""
    pool = AsyncConnectionPool(database_url, min_size=4, max_size=CONNECTIONS, open=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/submissions", status_code=202)
    async def take(body: dict[str, Any]) -> dict[str, str]:
        submission_id = uuid4()
        async with pool.connection() as connection:
            await connection.execute(
                "insert into bench.bare_submission (id, payload) values (%s, %s)", (submission_id, Jsonb(body))
            )
        return {"id": str(submission_id)}

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(sys.argv[1]), port=int(sys.argv[2]), access_log=False, server_header=False, log_level="warning"
    )
