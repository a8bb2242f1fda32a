"""Doors for machines that watch: is it alive, is it ready, what does it measure. They need no credential."""

from collections.abc import Sequence
from typing import Literal, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from sales_agent.observability import metrics
from sales_agent.observability.health import Check, run_checks

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class PartStatus(BaseModel):
    """One part: `reason` is the class of the error, never its text."""

    status: Literal["ok", "failing"]
    seconds: float
    reason: str | None = None


class Readiness(BaseModel):
    """Every part the answers depend on."""

    status: Literal["ok", "failing"]
    checks: dict[str, PartStatus]


@router.get("/health")
async def health() -> Alive:
    """The process answers; says nothing about its parts."""
    return Alive()


@router.get("/health/live")
async def health_live() -> Alive:
    """For a liveness probe: an answer means that restarting would not help."""
    return Alive()


@router.get("/health/ready", response_model=Readiness, responses={503: {"model": Readiness}})
async def health_ready(request: Request) -> JSONResponse:
    """For a readiness probe: 503 while a part that every answer needs is away, with the reason for each part."""
    found = await run_checks(cast("Sequence[Check]", request.app.state.checks))
    return JSONResponse(found.as_json(), status_code=200 if found.is_ok else 503)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def prometheus_metrics() -> Response:
    """Measurements of this process in Prometheus's text format; labels come from closed sets, never from people."""
    body, content_type = metrics.exposition()
    return Response(body, media_type=content_type)
