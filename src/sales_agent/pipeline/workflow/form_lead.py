"""The table of contents of the product: the 13 steps that turn a form submission into a checked draft."""

from sales_agent.pipeline.workflow.step import Checkpoint, Need, Step
from sales_agent.pipeline.workflow.steps.check_draft import check_draft
from sales_agent.pipeline.workflow.steps.create_crm_task import create_crm_task
from sales_agent.pipeline.workflow.steps.create_gmail_draft import create_gmail_draft
from sales_agent.pipeline.workflow.steps.decide_approval import decide_approval
from sales_agent.pipeline.workflow.steps.find_assets import find_assets
from sales_agent.pipeline.workflow.steps.hand_off import hand_off
from sales_agent.pipeline.workflow.steps.plan_next_step import plan_next_step
from sales_agent.pipeline.workflow.steps.propose_times import propose_times
from sales_agent.pipeline.workflow.steps.read_history import read_history
from sales_agent.pipeline.workflow.steps.recall_similar import recall_similar
from sales_agent.pipeline.workflow.steps.resolve_contact import resolve_contact
from sales_agent.pipeline.workflow.steps.search_threads import search_threads
from sales_agent.pipeline.workflow.steps.validate_submission import validate_submission
from sales_agent.pipeline.workflow.steps.write_draft import write_draft

NAME = "form_lead"
# Goes up whenever a step's meaning changes, so that a run can be read by the table it was made with.
VERSION = "1"

MUST, MAY = Need.MUST, Need.MAY
LATER = Checkpoint.WITH_NEXT

# Steps 3-4, 5, 6 and 7 come after 2 and before 8, and do not wait for each other.
FORM_LEAD: tuple[Step, ...] = (
    Step(1, validate_submission, "valid", MUST, checkpoint=LATER),
    Step(2, resolve_contact, "contact", MUST, after=("validate_submission",), outward=True),
    Step(
        3, search_threads, "threads", MAY, after=("resolve_contact",), checkpoint=LATER,
        without_it="The mailbox could not be searched: earlier mails with this person are not taken into account.",
    ),
    Step(
        4, read_history, "reading", MAY, after=("search_threads",),
        without_it="Earlier mails could not be read.",
    ),
    Step(
        5, recall_similar, "similar", MAY, after=("resolve_contact",), checkpoint=LATER,
        without_it="What worked for similar leads could not be looked up.",
    ),
    Step(
        6, find_assets, "assets", MAY, after=("resolve_contact",), checkpoint=LATER,
        without_it="Files could not be looked through, so none is offered.",
    ),
    Step(
        7, propose_times, "slots", MAY, after=("resolve_contact",), checkpoint=LATER,
        without_it="The calendar could not be read, so no times are proposed.",
    ),
    Step(
        8, plan_next_step, "plan", MAY,
        after=("read_history", "recall_similar", "find_assets", "propose_times"),
        without_it="The next step could not be planned, so the draft only answers.",
    ),
    Step(9, write_draft, "draft", MUST, after=("plan_next_step",), limit_seconds=120),
    Step(10, check_draft, "checked", MUST, after=("write_draft",), checkpoint=LATER),
    Step(10.5, decide_approval, "decided", MUST, after=("check_draft",), checkpoint=LATER),
    Step(11, create_gmail_draft, "mail_draft", MUST, after=("decide_approval",), outward=True),
    Step(
        12, create_crm_task, "crm_log", MAY, after=("create_gmail_draft",), outward=True,
        without_it="No task and no note could be written to HubSpot.",
    ),
    Step(13, hand_off, "handed_off", MUST, after=("create_crm_task",), outward=True),
)  # fmt: skip
