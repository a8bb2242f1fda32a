"""THE table of variables that production needs, each judged by its shape; no value ever leaves this module."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from pydantic import SecretStr, ValidationError

from sales_agent.config import Settings, load_settings
from sales_agent.console import variable_shapes as shapes


class VariableStatus(StrEnum):
    """PRESENT: set, and of the right shape. INVALID: set, and of no use. MISSING: not set."""

    PRESENT = "PRESENT"
    MISSING = "MISSING"
    INVALID = "INVALID"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: what it is for, what to do where it is missing, and its shape."""

    name: str
    about: str
    fix: str
    shape: shapes.Shape = shapes.anything
    is_required: bool = True
    has_default: bool = False

    @property
    def field(self) -> str:
        """The field of Settings."""
        return self.name.lower()


_OIDC = "Only if people shall sign in there: the client that you registered with the provider, beside OIDC_ISSUER."
_GOOGLE = "Google Cloud console: APIs & Services, Credentials, OAuth client of the kind Desktop or Web."

VARIABLES: tuple[Variable, ...] = (
    Variable(
        "DATABASE_URL",
        "PostgreSQL 16+ with pgvector, the login that owns nothing.",
        "Without it the embedded PostgreSQL is used, which is for one machine.",
        shapes.postgres_url,
    ),
    Variable(
        "MIGRATION_DATABASE_URL",
        "The same database, the login that owns the tables.",
        "Needed where `sales-agent migrate` or `up` runs; the parts themselves do without.",
        shapes.postgres_url,
    ),
    Variable(
        "REDIS_URL",
        "Redis, which carries ids of jobs to workers.",
        "Without it the embedded Redis is used, which is for one machine.",
        shapes.redis_url,
    ),
    Variable(
        "PUBLIC_URL",
        "The URL HubSpot calls; signatures are computed over it.",
        "Set scheme and host under which your proxy is reached: https://agent.your-company.com.",
        shapes.public_url,
    ),
    Variable(
        "ENCRYPTION_KEYS",
        "Encrypts stored credentials; several machines need the same keys.",
        "Keep a copy of DATA_DIR/secrets/encryption_keys in your secret store and set it here.",
        shapes.keyring,
    ),
    Variable(
        "UNSUBSCRIBE_KEY",
        "Signs the unsubscribe link in every mail; a lost key breaks those that were sent.",
        "Keep a copy of DATA_DIR/secrets/unsubscribe_key in your secret store and set it here.",
        shapes.unsubscribe_key,
    ),
    Variable(
        "WEBHOOK_SIGNATURE",
        "Which signature a webhook must carry.",
        "Set v3.",
        shapes.required_signature,
        has_default=True,
    ),
    Variable(
        "HUBSPOT_PORTAL_ID",
        "The portal whose submissions are accepted.",
        "HubSpot: the number in the URL of every page (Hub ID).",
        shapes.portal_id,
    ),
    Variable(
        "HUBSPOT_WEBHOOK_SECRET",
        "What HubSpot signs webhooks with.",
        "HubSpot: the client secret of the app that owns the webhook.",
        shapes.secret,
    ),
    Variable(
        "HUBSPOT_ACCESS_TOKEN",
        "Reads and writes contacts, companies, tasks and notes.",
        "HubSpot: a private app's token; scopes crm.objects.contacts, companies, deals, owners.",
        shapes.hubspot_token,
    ),
    Variable("GOOGLE_CLIENT_ID", "The OAuth client of the refresh token.", _GOOGLE, shapes.google_client_id),
    Variable("GOOGLE_CLIENT_SECRET", "The secret of that OAuth client.", _GOOGLE, shapes.secret),
    Variable(
        "GOOGLE_REFRESH_TOKEN",
        "The seller's mailbox, calendar and files.",
        "Consent once with gmail.modify, calendar.readonly and drive.readonly, offline access.",
        shapes.secret,
    ),
    Variable(
        "OPENAI_API_KEY",
        "The language model; without it the template writer writes.",
        "Only if a model shall write: a key of any OpenAI-compatible API (OPENAI_BASE_URL).",
        shapes.openai_key,
        is_required=False,
    ),
    Variable(
        "OIDC_ISSUER",
        "The identity provider people sign in with; without it they have passwords.",
        "Only if people shall sign in there: the issuer as its own description names it, https://login.your-company.com.",
        shapes.issuer_url,
        is_required=False,
    ),
    Variable("OIDC_CLIENT_ID", "Our client at that issuer.", _OIDC, is_required=False),
    Variable("OIDC_CLIENT_SECRET", "The secret of that client.", _OIDC, is_required=False),
    Variable(
        "DRIVE_FOLDER_IDS",
        "Folders whose files may be offered.",
        "Only if files shall be offered: the ids at the end of the folders' URLs.",
        is_required=False,
    ),
    Variable("SELLER_NAME", "The name under the mails.", "Set the seller's name."),
    Variable(
        "SELLER_EMAIL",
        "The seller's own address; its domain is never a lead.",
        "Set the address of the mailbox.",
        shapes.mail_address,
    ),
    Variable("SELLER_COMPANY", "The company as mails name it.", "Set the company's name."),
    Variable("SELLER_POSTAL_ADDRESS", "Stands under every mail, as the law asks.", "Set street, town and country."),
    Variable(
        "SELLER_TIME_ZONE",
        "The seller's zone, for slots and working hours.",
        "Set an IANA zone such as Europe/Berlin.",
        shapes.time_zone,
    ),
    Variable(
        "WORKING_HOURS",
        "Hours slots may lie in, each side's own.",
        "Write a span of one day, such as 09:00-17:30.",
        has_default=True,
    ),
)


@dataclass(frozen=True, slots=True)
class VariableReport:
    """What is said about one variable: never its value."""

    name: str
    status: VariableStatus
    is_required: bool
    about: str
    fix: str
    complaint: str = ""

    def as_json(self) -> Mapping[str, object]:
        """For `--json`."""
        return asdict(self)


def judge_environment() -> tuple[VariableReport, ...]:
    """Every variable of the table as the environment and `.env` have it now."""
    try:
        settings = load_settings()
    except ValidationError as error:
        unreadable = {str(item["loc"][0]).lower() for item in error.errors()}
        defaults = {name: Settings.model_fields[name].get_default() for name in unreadable}
        return judge(load_settings(**defaults), unreadable)
    return judge(settings, ())


def judge(settings: Settings, unreadable: Collection[str]) -> tuple[VariableReport, ...]:
    """Every variable; `unreadable` are fields whose value could not even be read."""
    return tuple(_judged(variable, settings, unreadable) for variable in VARIABLES)


def is_ready_for_production(reports: Collection[VariableReport]) -> bool:
    """Whether everything production needs is there, and nothing that is set is of no use."""
    return all(
        report.status is VariableStatus.PRESENT or (report.status is VariableStatus.MISSING and not report.is_required)
        for report in reports
    )


def _judged(variable: Variable, settings: Settings, unreadable: Collection[str]) -> VariableReport:
    status, complaint = VariableStatus.PRESENT, ""
    text = _text(getattr(settings, variable.field))
    is_set = variable.has_default or variable.field in settings.model_fields_set
    if variable.field in unreadable:
        status, complaint = VariableStatus.INVALID, "cannot be read"
    elif not is_set or text in {"", "0"}:
        status = VariableStatus.MISSING
    elif complaint := variable.shape(text):
        status = VariableStatus.INVALID
    fix = "" if status is VariableStatus.PRESENT else variable.fix
    return VariableReport(variable.name, status, variable.is_required, variable.about, fix, complaint)


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value().strip()
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - of a setting
    return str(value).strip()
