"""What a tenant runs with: the switches, never above what the environment allows, and the profile of its seller."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import Settings
from sales_agent.controls.repository import SettingRepository
from sales_agent.kit.errors import Conflict, InvalidInput
from sales_agent.ledger.audit.record import AuditEntry, record


class SettingUnknown(InvalidInput):
    """There is no tenant setting of this name."""


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

    name: str = ""
    email: str = ""
    company: str = ""
    time_zone: str = "UTC"
    country: str = "US"
    language: str = "en"
    working_hours: str = "09:00-17:30"
    link_domains: tuple[str, ...] = ()
    calendar_ids: tuple[str, ...] = ("primary",)
    drive_folder_ids: tuple[str, ...] = ()
    drive_excluded_folder_ids: tuple[str, ...] = ()
    icp_industries: tuple[str, ...] = ()
    icp_min_employees: int = 20
    postal_address: str = ""

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
_profile_adapter = TypeAdapter(SellerProfile)


async def read_switches(session: AsyncSession, tenant_id: UUID, ceiling: Switches) -> Switches:
    """The tenant's switches at this moment."""
    changed = await SettingRepository(session, tenant_id).all()
    return ceiling.lowered({key: value for key, value in changed.items() if key in SWITCHES})


async def read_profile(session: AsyncSession, tenant_id: UUID, default: SellerProfile) -> SellerProfile:
    """The seller's profile at this moment."""
    changed = await SettingRepository(session, tenant_id).all()
    return _overlaid(default, {PROFILE[key]: value for key, value in changed.items() if key in PROFILE})


async def change_setting(
    session: AsyncSession, tenant_id: UUID, key: str, value: object, *, by: str, ceiling: Switches
) -> None:
    """Set a switch or a field of the profile. Raises SettingUnknown, SettingInvalid, SwitchAboveCeiling."""
    facts: dict[str, object] = {"key": key}
    if key in SWITCHES:
        if not isinstance(value, bool):
            raise SettingInvalid(f"{key} is true or false", key=key)
        careful = getattr(CAREFUL, key)
        if value is not careful and getattr(ceiling, key) is careful:
            raise SwitchAboveCeiling(key=key)
        facts["value"] = value
    elif key in PROFILE:
        _overlaid(SellerProfile(), {PROFILE[key]: value})
    else:
        raise SettingUnknown(key=key)
    await SettingRepository(session, tenant_id).put(key, value, by=by)
    await record(session, tenant_id, AuditEntry("setting.changed", actor=by, facts=facts))


def _overlaid(profile: SellerProfile, changes: Mapping[str, object]) -> SellerProfile:
    try:
        return _profile_adapter.validate_python({**asdict(profile), **changes})
    except ValidationError as error:
        raise SettingInvalid(f"{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}") from error
