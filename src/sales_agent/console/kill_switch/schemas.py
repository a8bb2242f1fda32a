"""What the doors of the kill switch take and answer."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from sales_agent.console.kill_switch.emergency import EmergencyStatus, Resumed
from sales_agent.console.kill_switch.stopping import StopReport
from sales_agent.controls.kill_switch import StopScope
from sales_agent.kit.bodies import Body
from sales_agent.kit.storable import storable_text

# Longer than any reason, and short enough to be stored and shown.
Text = Annotated[str, StringConstraints(max_length=1000)]
# A stop is heard however its reason is spelt.
Reason = Annotated[Text, BeforeValidator(lambda value: storable_text(value) if isinstance(value, str) else value)]


class StopBody(BaseModel):
    """A stop. In an emergency nothing is required but a right: a session, a key, or the password."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    admin_password: Text = Field(default="", description="Stops everything; or send X-Admin-Token.")
    reason: Reason = Field(default="", description="Why, for those who find it stopped.")


class ResumeBody(Body):
    """A resume: always a password, always a reason."""

    admin_password: Text = Field(
        default="", description="The installation's, or a signed-in admin's own; or send X-Admin-Token."
    )
    reason: Reason = Field(default="", description="Why it is safe again.")


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
    def of(cls, report: StopReport, *, passed_over: Sequence[str] = ()) -> "StopAnswer":
        """The answer to a stop. `passed_over`: names in its body that are not known."""
        whose = "of anybody" if report.status.scope is StopScope.INSTALLATION else "of this tenant"
        pending = f" {report.in_flight} had begun before; how they end is being found out." if report.in_flight else ""
        odd = f" Not understood, and passed over: {', '.join(passed_over)}." if passed_over else ""
        return cls(
            message=f"Nothing {whose} goes out.{pending}{odd}",
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
    was_stopped: bool = Field(description="Whether that which was lifted was set: the tenant's stop, or everybody's.")

    @classmethod
    def of(cls, resumed: Resumed, *, auto_approve_enabled: bool) -> "ResumeAnswer":
        """The answer to a resume."""
        status, is_stopped = resumed.status, resumed.status.stopped_at is not None
        return cls(
            status="still_stopped" if is_stopped else "resumed",
            message=_told(resumed),
            was_stopped=resumed.was_stopped,
            auto_approve_enabled=auto_approve_enabled,
            kill_switch_active=is_stopped,
            scope=status.scope,
        )


def _told(resumed: Resumed) -> str:
    if resumed.status.stopped_at is None:
        if resumed.was_stopped:
            return "Outward writes may be made again. What was cancelled stays cancelled."
        return "It was not stopped: outward writes may be made, as before."
    own = "This tenant's own stop is lifted" if resumed.was_stopped else "This tenant had no stop of its own"
    return (
        f"{own}, but the whole installation is stopped: nothing goes out. That stop is lifted here with the admin "
        "password and no other credential, or by `sales-agent emergency resume`."
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
