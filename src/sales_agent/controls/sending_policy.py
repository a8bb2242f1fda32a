"""When and how much a tenant sends: limits, hours, the time to take a mail back, and how long an approval waits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import Settings
from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.setting_words import place_of, worded
from sales_agent.kit.errors import InvalidInput
from sales_agent.setting_kinds import WorkingHours, listed

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Limit = Annotated[int, Field(ge=0, le=2_000)]


class SendingPolicyInvalid(InvalidInput):
    """This value does not fit the setting."""


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """Limits count mails that went out or may have; hours and days are local to the seller; the rest says its unit."""

    max_emails_per_day: Limit = 20
    max_emails_per_week: Limit = 2
    max_emails_per_contact_per_week: Limit = 2
    sending_hours: WorkingHours = "08:00-18:00"
    sending_days: Annotated[tuple[Day, ...], BeforeValidator(listed)] = ("mon", "tue", "wed", "thu", "fri")
    send_spacing_seconds: Annotated[float, Field(ge=0, le=86_400)] = 60.0
    undo_seconds: Annotated[float, Field(ge=0, le=3_600)] = 10.0
    approval_timeout_hours: Annotated[float, Field(gt=0, le=8_760)] = 72.0

    @classmethod
    def default(cls, settings: Settings) -> "SendingPolicy":
        """The policy of a tenant that has changed nothing."""
        return cls(**{name: getattr(settings, name) for name in POLICY})


POLICY = tuple(field.name for field in fields(SendingPolicy))
_adapter = TypeAdapter(SendingPolicy)


async def read_sending_policy(session: AsyncSession, tenant_id: UUID, default: SendingPolicy) -> SendingPolicy:
    """The tenant's policy at this moment."""
    changed = await SettingRepository(session, tenant_id).all()
    return overlaid(default, {key: value for key, value in changed.items() if key in POLICY})


def overlaid(policy: SendingPolicy, changes: Mapping[str, object]) -> SendingPolicy:
    """The policy with changes. Raises SendingPolicyInvalid."""
    try:
        return _adapter.validate_python({**asdict(policy), **changes})
    except ValidationError as error:
        key = place_of(error)
        raise SendingPolicyInvalid(f"{key}: {worded(error)}", key=key) from error
