"""The words of the note: what was found about a lead, for whoever opens the contact."""

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import PlannedStep
from sales_agent.agents.reading import ThreadReading
from sales_agent.pipeline.workflow.state import DecidedVersion, ResolvedContact, RunFacts


def note_text(
    run: RunFacts,
    contact: ResolvedContact,
    *,
    reading: ThreadReading | None,
    assets: RankedAssets | None,
    slots: ProposedSlots | None,
    plan: PlannedStep,
    decided: DecidedVersion,
) -> str:
    """Plain lines; what was not found is left out."""
    lines = [f"Form submission{f' on {run.page_title}' if run.page_title else ''}"]
    lead = contact.lead(run)
    if lead.message:
        lines.append(f"Wrote: {lead.message}")
    lines.append(f"Fit: {contact.fit.score:.2f} ({', '.join(part.why for part in contact.fit.parts if part.why)})")
    if reading is not None and reading.summary:
        lines.append(f"Earlier mails: {reading.summary}")
        lines.extend(f"Open question: {question.text}" for question in reading.open_questions)
    if assets is not None and assets.best:
        lines.append(f"Fitting file: {assets.best[0].name}")
    if slots is not None and slots.slots:
        lines.append(f"Times that fit both: {'; '.join(slot.label for slot in slots.slots)}")
    lines.append(f"Next step: {plan.call_to_action.value.replace('_', ' ')} ({plan.reason})")
    lines.append(f"Draft: {decided.decision.replace('_', ' ')}")
    return "\n".join(lines)
