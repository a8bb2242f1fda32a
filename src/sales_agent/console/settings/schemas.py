"""What the doors to settings and flags take and answer."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sales_agent.console.settings.changing import Wish
from sales_agent.console.settings.showing import SettingKind, ShownFlag, ShownSetting
from sales_agent.controls.models import SettingChange
from sales_agent.kit.bodies import Body
from sales_agent.kit.errors import InvalidInput

# Longer than any reason, and short enough to be stored and shown.
Text = Annotated[str, StringConstraints(max_length=1000)]


class NothingToChange(InvalidInput):
    """Say what to change: `key` and `value`, or `changes` with several of them."""


class SettingsBody(Body):
    """One change by `key` and `value`, or several in `changes`; they happen together or not at all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"key": "allow_crm_writes", "value": False, "reason": "HubSpot is being cleaned up"},
                {"changes": {"max_emails_per_week": 50, "sending_hours": "09:00-17:00"}},
            ]
        }
    )

    key: str | None = Field(default=None, description="The name of one setting.")
    value: Any = Field(default=None, description="Its new value.")
    changes: dict[str, Any] | None = Field(default=None, description="New values by name.")
    reason: Text = Field(default="", description="Why; kept in the history.")
    override_reason: Text = Field(
        default="", description="An owner's reason for going live although points of the checklist are open."
    )

    def wish(self) -> Wish:
        """What is wanted. Raises NothingToChange."""
        changes: Mapping[str, object] = {**(self.changes or {}), **({self.key: self.value} if self.key else {})}
        if not changes:
            raise NothingToChange
        return Wish(changes, self.reason, self.override_reason)


class ResetQuery(Body):
    """Why a setting goes back to what the environment says."""

    reason: Text = ""
    override_reason: Text = ""


class LastChange(BaseModel):
    """Who turned something last, and when."""

    by: str
    at: dt.datetime
    reason: str

    @classmethod
    def of(cls, change: SettingChange | None) -> "LastChange | None":
        """The change, or None where there was none."""
        return None if change is None else cls(by=change.changed_by, at=change.at, reason=change.reason)


class SettingItem(BaseModel):
    """One setting as it counts now."""

    key: str
    kind: SettingKind
    value: Any
    default: Any = Field(description="What the environment says.")
    ceiling: bool | None = Field(description="Of a switch: what the environment allows.")
    is_changed: bool
    about: str
    problem: str = Field(description="What is wrong with the stored value; a switch is on its careful side then.")
    last_change: LastChange | None

    @classmethod
    def of(cls, shown: ShownSetting) -> "SettingItem":
        """One setting."""
        return cls(
            key=shown.key,
            kind=shown.kind,
            value=shown.value,
            default=shown.default,
            ceiling=shown.ceiling,
            is_changed=shown.is_changed,
            about=shown.about,
            problem=shown.problem,
            last_change=LastChange.of(shown.last_change),
        )


class SettingList(BaseModel):
    """Every setting, and which of them the call has changed."""

    settings: list[SettingItem]
    changed: list[str] = Field(default_factory=list[str])


class FlagBody(Body):
    """Which way to turn a flag."""

    enabled: bool
    reason: Text = Field(default="", description="Why; kept in the history.")


class FlagItem(BaseModel):
    """One flag."""

    name: str
    enabled: bool
    default: bool
    about: str
    last_change: LastChange | None

    @classmethod
    def of(cls, shown: ShownFlag) -> "FlagItem":
        """One flag."""
        return cls(
            name=shown.name,
            enabled=shown.enabled,
            default=shown.default,
            about=shown.about,
            last_change=LastChange.of(shown.last_change),
        )


class FlagList(BaseModel):
    """Every flag."""

    flags: list[FlagItem]


class ChangeItem(BaseModel):
    """One change; flags are named `flag.<name>`, the kill switch `kill_switch`."""

    key: str
    before: Any = Field(description="None where the environment's value counted.")
    after: Any = Field(description="None where the environment's value counts again.")
    by: str
    reason: str
    at: dt.datetime

    @classmethod
    def of(cls, change: SettingChange) -> "ChangeItem":
        """One change."""
        before, after = (None if side is None else side.get("value") for side in (change.before, change.after))
        return cls(key=change.key, before=before, after=after, by=change.changed_by, reason=change.reason, at=change.at)


class ChangePage(BaseModel):
    """Changes, newest first."""

    items: list[ChangeItem]
    next_cursor: str | None
