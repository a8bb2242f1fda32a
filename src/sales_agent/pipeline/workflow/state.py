"""What a run knows: one field a step, filled in as steps finish; the types are what checkpoints hold as JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sales_agent.agents.asset_hunter import RankedAssets
from sales_agent.agents.lead_facts import DealFacts, LeadFacts
from sales_agent.agents.long_memory import SimilarReading
from sales_agent.agents.meeting_slots import ProposedSlots
from sales_agent.agents.next_step import PlannedStep
from sales_agent.agents.reading import ThreadReading
from sales_agent.content import Finding, Severity
from sales_agent.pipeline.workflow.models import RunStatus
from sales_agent.records.leads.fit import FitScore


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is fixed from the start: the run and the submission it answers. `fields` are the form's, by name."""

    run_id: UUID
    submission_id: UUID
    trace_id: str
    form_id: str
    email: str
    fields: Mapping[str, str]
    page_title: str
    submitted_at: dt.datetime | None
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ValidSubmission:
    """Step 1. `ends_run_as` is set where the run ends here: an outcome, with its reason."""

    email: str = ""
    canonical_email: str = ""
    domain: str = ""
    is_business_domain: bool = False
    ends_run_as: RunStatus | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedContact:
    """Step 2. `crm_id` is empty while creating the contact is held; then `effect_id` names what others wait for."""

    contact_id: UUID
    crm_id: str
    effect_id: UUID | None
    company_crm_id: str
    owner_id: str
    owner_name: str
    owner_email: str
    contact: Mapping[str, str]
    company: Mapping[str, str]
    deals: tuple[DealFacts, ...]
    fit: FitScore
    was_created: bool
    from_cache: bool

    def lead(self, run: RunFacts) -> LeadFacts:
        """The form and the CRM together, as agents take them."""
        return LeadFacts(email=run.email, form=run.fields, contact=self.contact, company=self.company, deals=self.deals)


@dataclass(frozen=True, slots=True)
class FoundThreads:
    """Step 3. The threads lie in the thread cache; here is which, newest first."""

    thread_ids: tuple[str, ...]
    from_cache: bool


@dataclass(frozen=True, slots=True)
class WrittenVersion:
    """Step 9. Which draft, which version, and the hash of its words."""

    draft_id: UUID
    version: int
    body_hash: str
    thread_id: str | None
    in_reply_to: str
    references: str
    model: str
    prompt_version: str
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """Step 10. Every finding about these words."""

    findings: tuple[Finding, ...]
    worst: Severity | None


@dataclass(frozen=True, slots=True)
class DecidedVersion:
    """Step 10.5. `decision` is auto_approved, needs_review or blocked."""

    decision: str
    rule_type: str | None
    confidence: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """Step 11. `status` is done, held, or waiting (a blocked draft: no person has looked yet)."""

    status: str
    mail_draft_id: str = ""
    thread_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LoggedInCrm:
    """Step 12. `status` of task and note: done or held; ids are the CRM's."""

    task_status: str
    task_id: str
    note_status: str
    note_id: str
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class HandedOff:
    """Step 13. Where the draft lies now, and the label on its thread."""

    draft_state: str
    label: str = ""
    label_status: str = ""


@dataclass(slots=True)
class RunState:
    """The outputs so far. A May step that was skipped leaves None and a sentence in `omissions`."""

    valid: ValidSubmission | None = None
    contact: ResolvedContact | None = None
    threads: FoundThreads | None = None
    reading: ThreadReading | None = None
    similar: SimilarReading | None = None
    assets: RankedAssets | None = None
    slots: ProposedSlots | None = None
    plan: PlannedStep | None = None
    draft: WrittenVersion | None = None
    checked: CheckedVersion | None = None
    decided: DecidedVersion | None = None
    mail_draft: StoredDraft | None = None
    crm_log: LoggedInCrm | None = None
    handed_off: HandedOff | None = None
    omissions: dict[str, str] = field(default_factory=dict[str, str])
