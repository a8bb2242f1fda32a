"""What a tenant runs with: the switches, never above what the environment allows, and the profile of its seller."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Self
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import Settings
from sales_agent.controls.history_repository import NewChange, SettingHistoryRepository
from sales_agent.controls.repository import SettingRepository
from sales_agent.controls.sending_policy import POLICY, SendingPolicy, overlaid
from sales_agent.controls.setting_words import place_of, worded
from sales_agent.kit.errors import Conflict, InvalidInput
from sales_agent.ledger.audit.record import AuditEntry, record
from sales_agent.setting_kinds import Country, TimeZone, WorkingHours, listed

# Values of a profile stand in headers and under mails: no control characters, and no novels.
OneLine = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Listed = Annotated[tuple[OneLine, ...], BeforeValidator(listed)]
Lines = Annotated[str, StringConstraints(max_length=600, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")]


class SettingUnknown(InvalidInput):
    """There is no tenant setting of this name; `known` lists them."""

    @classmethod
    def named(cls, key: str) -> Self:
        """Nobody knows this one."""
        return cls(key=key, known=sorted(KEYS))


class SettingInvalid(InvalidInput):
    """This value does not fit the setting."""


class SwitchAboveCeiling(Conflict):
    """The environment does not allow this switch; a tenant may only be more careful than it."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What may leave the house. The defaults are the careful side of each, which is also what an odd value means."""

    draft_only: bool = True
    allow_real_sends: bool = False
    auto_approve_enabled: bool = False
    allow_crm_writes: bool = False
    allow_calendar_writes: bool = False
    allow_file_writes: bool = False
    operator_approval_required: bool = True

    @property
    def real_sends(self) -> bool:
        """Whether a prospect may get mail: asked for by both switches."""
        return self.allow_real_sends and not self.draft_only

    @classmethod
    def ceiling(cls, settings: Settings) -> "Switches":
        """What the environment allows."""
        return cls(**{name: getattr(settings, name) for name in SWITCHES})

    def lowered(self, wishes: Mapping[str, object]) -> "Switches":
        """These switches, each moved to its careful side where a wish says so; no wish moves one the other way."""
        careful = asdict(CAREFUL)
        odd_or_careful = {name: careful[name] for name, wish in wishes.items() if wish is not (not careful[name])}
        return replace(self, **odd_or_careful)


SWITCHES = tuple(field.name for field in fields(Switches))
CAREFUL = Switches()


@dataclass(frozen=True, slots=True)
class SellerProfile:
    """Whom a tenant's mails come from, what they may offer, and who is an ideal customer.

    `time_zone` is an IANA name, `country` an ISO code, `working_hours` local ("09:00-17:30").
    """

    name: OneLine = ""
    email: OneLine = ""
    company: OneLine = ""
    time_zone: TimeZone = "UTC"
    country: Country = "US"
    language: OneLine = "en"
    working_hours: WorkingHours = "09:00-17:30"
    link_domains: Listed = ()
    calendar_ids: Listed = ("primary",)
    drive_folder_ids: Listed = ()
    drive_excluded_folder_ids: Listed = ()
    icp_industries: Listed = ()
    icp_min_employees: Annotated[int, Field(ge=0)] = 20
    postal_address: Lines = ""

    @classmethod
    def default(cls, settings: Settings) -> "SellerProfile":
        """The profile of a tenant that has changed nothing."""
        return cls(**{field: getattr(settings, key) for key, field in PROFILE.items()})


# The name of the setting, in the environment and in a tenant's rows: the field of the profile.
PROFILE = {
    "seller_name": "name",
    "seller_email": "email",
    "seller_company": "company",
    "seller_time_zone": "time_zone",
    "seller_country": "country",
    "seller_language": "language",
    "working_hours": "working_hours",
    "link_domains": "link_domains",
    "calendar_ids": "calendar_ids",
    "drive_folder_ids": "drive_folder_ids",
    "drive_excluded_folder_ids": "drive_excluded_folder_ids",
    "icp_industries": "icp_industries",
    "icp_min_employees": "icp_min_employees",
    "seller_postal_address": "postal_address",
}
# Every setting a tenant may change.
KEYS = frozenset({*SWITCHES, *PROFILE, *POLICY})
_profile_adapter = TypeAdapter(SellerProfile)


async def read_switches(session: AsyncSession, tenant_id: UUID, ceiling: Switches) -> Switches:
    """The tenant's switches at this moment."""
    changed = await SettingRepository(session, tenant_id).all()
    return ceiling.lowered({key: value for key, value in changed.items() if key in SWITCHES})


async def read_profile(session: AsyncSession, tenant_id: UUID, default: SellerProfile) -> SellerProfile:
    """The seller's profile at this moment."""
    changed = await SettingRepository(session, tenant_id).all()
    return profile_with(default, changed)


async def change_setting(
    session: AsyncSession, tenant_id: UUID, key: str, value: object, *, by: str, ceiling: Switches, reason: str = ""
) -> bool:
    """Set a switch, a field of the profile or of the sending policy; whether that changed anything.

    Raises SettingUnknown, SettingInvalid, SendingPolicyInvalid, SwitchAboveCeiling.
    """
    value = check_setting(key, value, ceiling)
    settings = SettingRepository(session, tenant_id)
    before = await settings.locked(key)
    after: dict[str, object] = {"value": value}
    if before == after:
        return False
    await settings.put(key, value, by=by)
    await SettingHistoryRepository(session, tenant_id).add(NewChange(key, before, after, by, reason))
    # What a profile says may be personal; the history has it, the audit trail has that it changed.
    told = {} if key in PROFILE else {"value": value}
    await record(session, tenant_id, AuditEntry("setting.changed", actor=by, facts={"key": key, **told}))
    return True


async def reset_setting(session: AsyncSession, tenant_id: UUID, key: str, *, by: str, reason: str = "") -> bool:
    """Go back to what the environment says; whether the tenant had changed it. Raises SettingUnknown."""
    if key not in KEYS:
        raise SettingUnknown.named(key)
    settings = SettingRepository(session, tenant_id)
    before = await settings.locked(key)
    if before is None:
        return False
    await settings.reset(key)
    await SettingHistoryRepository(session, tenant_id).add(NewChange(key, before, None, by, reason))
    await record(session, tenant_id, AuditEntry("setting.reset", actor=by, facts={"key": key}))
    return True


def check_setting(key: str, value: object, ceiling: Switches) -> object:
    """The value as it is kept, JSON: numbers and lists that were written as text are numbers and lists.

    Raises SettingUnknown, SettingInvalid, SendingPolicyInvalid, SwitchAboveCeiling.
    """
    if key not in KEYS:
        raise SettingUnknown.named(key)
    if key in SWITCHES:
        _check_switch(key, value, ceiling)
        return value
    if isinstance(value, bool):
        raise SettingInvalid(f"{key} is no switch: true and false mean nothing to it", key=key)
    if key in PROFILE:
        kept = getattr(profile_with(SellerProfile(), {key: value}), PROFILE[key])
    else:
        kept = getattr(overlaid(SendingPolicy(), {key: value}), key)
    if complaint := _complaint(key, kept):
        raise SettingInvalid(f"{key}: {complaint}", key=key)
    return to_jsonable_python(kept)


def _check_switch(key: str, value: object, ceiling: Switches) -> None:
    if not isinstance(value, bool):
        raise SettingInvalid(f"{key} is true or false", key=key)
    careful = getattr(CAREFUL, key)
    if value is not careful and getattr(ceiling, key) is careful:
        name = key.upper()
        raise SwitchAboveCeiling(
            f"The environment says {name}={str(careful).lower()}. Whoever runs this installation may set "
            f"{name}={str(value).lower()} and restart its processes; then it can be changed here.",
            key=key,
        )


def _complaint(key: str, value: object) -> str:
    """What nobody may set, although what was set so before, or by the environment, is still read."""
    if key == "sending_days" and not value:
        return "name one day at least; to send nothing, turn ALLOW_REAL_SENDS off"
    if key == "seller_email" and value:
        try:
            validate_email(str(value), check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return "write an e-mail address such as mara@your-company.com, or nothing"
    return ""


def profile_with(profile: SellerProfile, changes: Mapping[str, object]) -> SellerProfile:
    """The profile with changes by the names of their settings; other keys are passed over. Raises SettingInvalid."""
    fields_changed = {PROFILE[key]: value for key, value in changes.items() if key in PROFILE}
    try:
        return _profile_adapter.validate_python({**asdict(profile), **fields_changed})
    except ValidationError as error:
        key = next(key for key, field in PROFILE.items() if field == place_of(error))
        raise SettingInvalid(f"{key}: {worded(error)}", key=key) from error
