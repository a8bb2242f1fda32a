"""Step 7: when are both sides free? Half hours of the next business days, told in the prospect's zone."""

from dataclasses import replace

from sales_agent.agents.meeting_slots import FindSlots, ProposedSlots, search_window
from sales_agent.agents.registry import Agents
from sales_agent.connectors.calendar.reader import CalendarReader
from sales_agent.controls.flags import Flag, is_on
from sales_agent.controls.settings import SellerProfile
from sales_agent.kit.clock import Clock
from sales_agent.kit.db import TenantDatabase
from sales_agent.pipeline.workflow.state import ResolvedContact, RunFacts, ValidSubmission

NOT_WANTED = "No times are proposed: the flag propose_times is off."


async def propose_times(
    run: RunFacts,
    valid: ValidSubmission,
    contact: ResolvedContact,
    db: TenantDatabase,
    calendar: CalendarReader,
    agents: Agents,
    seller: SellerProfile,
    clock: Clock,
) -> ProposedSlots:
    """Two or three slots; none where a calendar could not be read, or where the tenant proposes no times."""
    now = clock.now()
    async with db.transaction() as session:
        are_wanted = await is_on(session, db.tenant_id, Flag.PROPOSE_TIMES)
    start, end = search_window(now)
    availability = await calendar.availability(seller.calendar_ids, start, end)
    lead = contact.lead(run)
    proposed = await agents.meeting_slots.execute(
        FindSlots(
            now=now,
            seller_zone=seller.time_zone,
            seller_country=seller.country,
            busy=availability.busy,
            unreadable_calendars=availability.unreadable,
            lead_phone=lead.known("phone"),
            lead_country=lead.known("country") or contact.company.get("country", ""),
            lead_domain=valid.domain,
            crm_time_zone=contact.contact.get("hs_timezone", ""),
            working_hours=seller.working_hours,
            language=seller.language,
        )
    )
    # The zone and where it is known from are worth showing all the same.
    return proposed if are_wanted else replace(proposed, slots=(), note=NOT_WANTED)
