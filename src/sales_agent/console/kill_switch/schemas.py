"""What the doors of the kill switch take and answer."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from sales_agent.console.kill_switch.emergency import EmergencyStatus
from sales_agent.console.kill_switch.stopping import StopReport
from sales_agent.controls.kill_switch import KillSwitchStatus, StopScope

# Longer than any reason, and short enough to be stored and shown.
Text = Annotated[str, StringConstraints(max_length=1000)]


class StopBody(BaseModel):
    """A stop. In an emergency nothing is required but a right: a session, a key, or the password."""

    admin_password: Text = Field(default="", description="Stops everything; or send X-Admin-Token.")
    reason: Text = Field(default="", description="Why, for those who find it stopped.")


class ResumeBody(BaseModel):
    """A resume: always a password, always a reason."""

    admin_password: Text = Field(
        default="", description="The installation's, or a signed-in admin's own; or send X-Admin-Token."
    )
    reason: Text = Field(default="", description="Why it is safe again.")


class StopAnswer(BaseModel):
    """What a stop found. Once it is answered, no outward call begins."""

    status: Literal["emergency_stop_active"] = "emergency_stop_active"
    message: str
    auto_approve_disabled: bool = True
    scope: StopScope
    stopped_at: dt.datetime | None
    reason: str
    in_flight_when_stopped: int = Field(description="Calls that had been let go and had not ended.")
    in_flight: int = Field(description="Of those and others, calls whose end is not known yet; none of them begins.")
    workers: int = Field(description="Workers that live.")
    confirmed: int = Field(description="Workers that have read this stop.")
    cancelled: int = Field(description="Queued drafts that were cancelled. Nothing puts them back.")

    @classmethod
    def of(cls, report: StopReport) -> "StopAnswer":
        """The answer to a stop."""
        whose = "of anybody" if report.status.scope is StopScope.INSTALLATION else "of this tenant"
        pending = f" {report.in_flight} had begun before; how they end is being found out." if report.in_flight else ""
        return cls(
            message=f"Nothing {whose} goes out.{pending}",
            scope=report.status.scope,
            stopped_at=report.status.stopped_at,
            reason=report.status.reason,
            in_flight_when_stopped=report.in_flight_when_stopped,
            in_flight=report.in_flight,
            workers=report.workers,
            confirmed=report.confirmed,
            cancelled=report.cancelled,
        )


class ResumeAnswer(BaseModel):
    """What a resume came to; `still_stopped` where a stop of the whole installation goes on."""

    status: Literal["resumed", "still_stopped"]
    message: str
    auto_approve_enabled: bool
    kill_switch_active: bool
    scope: StopScope

    @classmethod
    def of(cls, status: KillSwitchStatus, *, auto_approve_enabled: bool) -> "ResumeAnswer":
        """The answer to a resume."""
        is_stopped = status.stopped_at is not None
        message = "Outward writes may be made again. What was cancelled stays cancelled."
        if is_stopped:
            message = "This tenant's own stop is lifted, but the whole installation is stopped: nothing goes out."
        return cls(
            status="still_stopped" if is_stopped else "resumed",
            message=message,
            auto_approve_enabled=auto_approve_enabled,
            kill_switch_active=is_stopped,
            scope=status.scope,
        )


class StatusAnswer(BaseModel):
    """How things stand. The switches are told as they count at this moment: off while stopped."""

    kill_switch_active: bool
    auto_approve_enabled: bool
    allow_real_sends: bool
    draft_only: bool
    scope: StopScope
    since: dt.datetime | None
    by: str
    reason: str
    is_tenant_stopped: bool = Field(description="Whether this tenant's own stop is set, whatever the installation's.")
    in_flight: int
    workers: int
    confirmed: int

    @classmethod
    def of(cls, told: EmergencyStatus) -> "StatusAnswer":
        """The answer to a question."""
        return cls(
            kill_switch_active=told.status.stopped_at is not None,
            auto_approve_enabled=told.switches.auto_approve_enabled,
            allow_real_sends=told.switches.allow_real_sends,
            draft_only=told.switches.draft_only,
            scope=told.status.scope,
            since=told.status.stopped_at,
            by=told.status.stopped_by,
            reason=told.status.reason,
            is_tenant_stopped=told.status.is_tenant_stopped,
            in_flight=told.reach.in_flight,
            workers=told.reach.workers,
            confirmed=told.reach.confirmed,
        )
