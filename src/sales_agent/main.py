"""The API: THE router list, the webhook beside it, what every answer gets, and what is open while it runs."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from importlib.metadata import version

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match, Route
from starlette.types import Scope

from sales_agent.bootstrap import problem_answers
from sales_agent.bootstrap.container import ApiContainer, build_api_container, build_clock
from sales_agent.bootstrap.docs_page import add_docs_page
from sales_agent.bootstrap.openapi import DESCRIPTION, describe
from sales_agent.bootstrap.readiness import readiness_checks
from sales_agent.bootstrap.storable_requests import require_storable
from sales_agent.bootstrap.unknown_parameters import refuse_unknown_parameters
from sales_agent.config import Settings, load_settings
from sales_agent.console.audit import routes as audit
from sales_agent.console.demo import routes as demo
from sales_agent.console.go_live import routes as go_live
from sales_agent.console.held import routes as held
from sales_agent.console.kill_switch import routes as kill_switch
from sales_agent.console.settings import routes as setting_doors
from sales_agent.console.signin import routes as signin
from sales_agent.console.suppression import admin_routes as suppression_lists
from sales_agent.console.suppression import routes as suppression
from sales_agent.console.team import routes as team
from sales_agent.console.unsubscribe import routes as unsubscribe
from sales_agent.kit.memory import settle_memory
from sales_agent.observability import routes as health
from sales_agent.observability.logging import configure_logging
from sales_agent.observability.middleware import Observed, SecurityHeaders
from sales_agent.pipeline.approval import admin_routes as approval
from sales_agent.pipeline.approval import operator_routes as operator
from sales_agent.pipeline.approval import routes as attending
from sales_agent.pipeline.drafting import routes as drafting
from sales_agent.pipeline.intake.routes import FormSubmissionWebhook
from sales_agent.pipeline.intake.schemas import PATH as WEBHOOK_PATH
from sales_agent.pipeline.queue import routes as queue
from sales_agent.pipeline.sending import routes as sending
from sales_agent.pipeline.workflow import routes as workflow

log = structlog.get_logger()

# Larger than any request but the webhook's, which has a limit of its own: one for the whole application would cut it.
MAX_BODY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Door:
    """One row of the router list: the routes, their tag, and the sentence the description of the API has for it.

    `takes_any_text`: makes texts storable itself, or keeps none, where others refuse those that are not: no character
    shall stand in the way of a stop or of an opt-out.
    """

    router: APIRouter
    tag: str
    about: str
    takes_any_text: bool = False


# THE router list, in the order of the road. The webhook comes before them all.
DOORS: tuple[Door, ...] = (
    Door(workflow.router, "runs", "The 13 steps of each submission: look, follow, run again."),
    Door(drafting.router, "drafts", "Each draft with its evidence, sentence by sentence, and what was found in it."),
    Door(
        operator.router, "operator", "What a person decides about a draft: approve, send, edit, reject, and back again."
    ),
    Door(attending.router, "attending", "Working on drafts together: claims, whose draft it is, notes."),
    Door(sending.router, "sending", "What became of each send, what the limits leave, and what a person is asked."),
    Door(approval.router, "approval", "The rules that may approve by themselves, and whom they know."),
    Door(suppression.router, "suppression", "Who is not written to: addresses, by their digest, and domains."),
    Door(suppression_lists.router, "suppression lists", "Whole lists of them, taken over and handed out."),
    Door(
        unsubscribe.router,
        "unsubscribe",
        "Pages behind the link in every mail, open to whoever holds it.",
        takes_any_text=True,
    ),
    Door(held.router, "effects", "Outward writes: what is held and why, released one by one or as reviewed."),
    Door(setting_doors.router, "settings", "Switches, the seller's profile, limits and flags, with their history."),
    Door(go_live.router, "going live", "The checklist that stands between a draft and its first real reader."),
    Door(
        kill_switch.router,
        "kill switch",
        "Stop, resume, status: of a tenant, or with the admin password, of everybody.",
        takes_any_text=True,
    ),
    Door(queue.router, "queue", "Jobs and the dead-letter queue: what gave up, and how to go on."),
    Door(audit.router, "audit", "What happened: pages, an export that proves itself, its verification."),
    Door(signin.router, "people", "Sign in, sign out, and who is calling."),
    Door(team.router, "team", "Who may do what: users, their roles, and API keys."),
    Door(demo.router, "demo", "Leads of the demo tenant, answered from the sandbox."),
    Door(health.router, "health", "For probes and for Prometheus."),
)


class _MeasuredRoute(Route):
    """A route that tells who it is, as FastAPI's own do, so that its answers are measured under its path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        return match, {**child, "route": self}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; `settings` come from the environment unless given."""
    chosen = settings or load_settings()
    app = FastAPI(
        title="Sales Agent",
        version=version("sales-agent"),
        description=DESCRIPTION,
        openapi_tags=[
            {"name": "intake", "description": "Where submissions come in."},
            *({"name": door.tag, "description": door.about} for door in DOORS),
        ],
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.settings = chosen
    app.router.routes.append(_webhook_route(app, chosen))
    for door in DOORS:
        first = () if door.takes_any_text else (Depends(require_storable),)
        checks = (*first, Depends(refuse_unknown_parameters))
        app.include_router(door.router, dependencies=checks, max_body_size=MAX_BODY_BYTES)
    add_docs_page(app)
    problem_answers.install(app)
    # The last one added is the outermost: even a bug is answered with ids, headers and a measurement.
    app.add_middleware(problem_answers.BugsAnswered)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed)
    app.openapi = describe(app, WEBHOOK_PATH)
    return app


def _operation_id(route: APIRoute) -> str:
    """The function's name, which generated clients call the operation by."""
    return route.name


def _webhook_route(app: FastAPI, settings: Settings) -> Route:
    """The webhook as a bare ASGI application: FastAPI would parse its body, and every microsecond counts here."""

    def container() -> ApiContainer:
        return app.state.container

    webhook = FormSubmissionWebhook(
        lambda: container().receiver,
        lambda: container().sources,
        base_url=settings.webhook_base_url,
        limit=settings.webhook_max_bytes,
        clock=build_clock(settings),
    )
    return _MeasuredRoute(WEBHOOK_PATH, webhook, methods=["POST"], name="receive_form_submission")


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    settings: Settings = app.state.settings
    configure_logging(settings.log_level, settings.log_format)
    container = build_api_container(settings)
    app.state.container = container
    app.state.checks = readiness_checks(settings, container.database)
    if settings.webhook_signature == "off":
        log.warning("webhook.signatures_off", source=settings.webhook_source)
    settle_memory()
    log.info("api.started", version=app.version)
    try:
        yield
    finally:
        await app.state.refusals.close()
        await container.close()
