"""HTTP door of the demo."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.console.demo.lead import DemoDoor
from sales_agent.console.demo.people import Person
from sales_agent.console.demo.schemas import DemoLeadBody
from sales_agent.kit.db import Database
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.pipeline.intake.schemas import SubmissionAnswer, answer

router = APIRouter(prefix="/api/demo", tags=["demo"])

Demonstrator = Annotated[Principal, Depends(require(Scope.DEMO))]
Store = Annotated[Database, Depends(open_database)]


def _door(request: Request) -> DemoDoor:
    return cast("DemoDoor", request.app.state.container.demo)


@router.post("/lead", status_code=202)
async def send_demo_lead(
    caller: Demonstrator, door: Annotated[DemoDoor, Depends(_door)], database: Store, body: DemoLeadBody | None = None
) -> SubmissionAnswer:
    """Send one lead through all 13 steps in the demo tenant; answered as the webhook answers."""
    received = await door.send(caller, (body or DemoLeadBody(person=Person.NEW)).form())
    stored = received.stored
    entry = AuditEntry("demo_lead.sent", actor=caller.actor, subject=("submission", stored.id), run_id=stored.run_id)
    async with database.transaction(caller.tenant_id) as session:
        await record(session, caller.tenant_id, entry)
    return answer(received)
