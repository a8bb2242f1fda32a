"""Every setting, typed, each with a sentence that says what it does; the only place that reads the environment."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from sales_agent.setting_kinds import (
    Country,
    Names,
    Permits,
    PostgresUrl,
    Protects,
    Seconds,
    TimeZone,
    WorkingHours,
)

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """All settings. Names in the environment are the field names in upper case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    # Where things live
    data_dir: Path = Field(
        Path("var"), description="Folder of the embedded PostgreSQL and Redis, logs and generated secrets."
    )
    anchor_dir: str = Field(
        "",
        description="Folder the ends of the audit trail are written to, best one nobody here can change. "
        "Empty: DATA_DIR/anchors.",
    )
    database_url: PostgresUrl = Field(
        "", description="PostgreSQL 16+ with pgvector, login that owns nothing. Empty: the embedded one."
    )
    migration_database_url: PostgresUrl = Field(
        "", description="The same database, login that owns the tables. Empty: the embedded one."
    )
    redis_url: str = Field("", description="Redis for Celery. Empty: the embedded one.")
    database_pool_size: int = Field(20, ge=2, description="Connections a process may hold at most.")
    database_prepared_statements: bool = Field(
        True, description="Turn off behind a transaction-mode pooler older than PgBouncer 1.21."
    )

    # Serving
    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the API listens on.")
    public_url: str = Field(
        "",
        description="URL HubSpot calls, scheme and host only; signatures are computed over it. Empty: http://HOST:PORT.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["json", "console"] = Field("json", description="json for machines, console for people.")
    encryption_keys: SecretStr = Field(
        SecretStr(""),
        description="id:base64 keys, newest first, comma separated. Empty: generated under DATA_DIR.",
    )

    # Switches: what may leave the house
    draft_only: Protects = Field(True, description="Nothing a prospect can see happens: approving ends as simulated.")
    allow_real_sends: Permits = Field(
        False, description="With DRAFT_ONLY off: approved drafts are really sent. Off: they are held."
    )
    auto_approve_enabled: Permits = Field(
        False, description="Rules may approve on their own; otherwise they only log what they would do."
    )
    allow_crm_writes: Permits = Field(
        False,
        description="HubSpot contacts, tasks and notes are written. They can trigger your own HubSpot automation.",
    )
    allow_calendar_writes: Permits = Field(False, description="Meetings are booked in the seller's calendar.")
    allow_file_writes: Permits = Field(False, description="Drive files are shared with prospects.")
    operator_approval_required: Protects = Field(
        True, description="Every draft waits for a person, whatever a rule says."
    )

    # People
    admin_password: SecretStr = Field(
        SecretStr(""),
        description="Stops and resumes everything without a session. Empty: generated under DATA_DIR/secrets.",
    )
    session_hours: float = Field(12, gt=0, description="How long a person stays signed in.")
    oidc_issuer: str = Field("", description="OpenID Connect issuer people may sign in with. Empty: passwords only.")
    oidc_client_id: str = Field("", description="Client id at that issuer.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Client secret at that issuer.")

    # Approving and sending; a tenant's admin may change all but the first, within the same bounds
    unsubscribe_key: SecretStr = Field(
        SecretStr(""),
        description="Signs unsubscribe links, which never expire: keep it. Empty: generated under DATA_DIR/secrets.",
    )
    approval_timeout_hours: float = Field(
        72, gt=0, le=8_760, description="A draft nobody decided about expires after this."
    )
    undo_seconds: float = Field(10, ge=0, le=3_600, description="How long a send can be taken back before it begins.")
    max_emails_per_day: int = Field(
        20, ge=0, le=2_000, description="Mails a mailbox sends a day, in the seller's zone."
    )
    max_emails_per_week: int = Field(
        2,
        ge=0,
        le=2_000,
        description="Mails a mailbox sends an ISO week: a careful start that keeps 20 a day out of reach.",
    )
    max_emails_per_contact_per_week: int = Field(2, ge=0, le=2_000, description="Mails one person gets in 168 hours.")
    sending_hours: WorkingHours = Field("08:00-18:00", description="Hours mails leave in, in the seller's zone.")
    sending_days: Names = Field(("mon", "tue", "wed", "thu", "fri"), description="Days mails leave on.")
    send_spacing_seconds: float = Field(60, ge=0, le=86_400, description="Least time between two mails of a mailbox.")
    seller_postal_address: str = Field("", description="Postal address under every mail, which the law asks for.")

    # The form and its webhook
    hubspot_portal_id: int = Field(0, description="The portal whose submissions are accepted. 0: none yet.")
    hubspot_form_ids: Names = Field(
        (), description="Forms that are answered, comma separated. Empty: every form of the portal."
    )
    hubspot_webhook_secret: SecretStr = Field(SecretStr(""), description="Client secret HubSpot signs webhooks with.")
    webhook_signature: Literal["v3", "v2", "any", "off"] = Field(
        "v3", description="Signature a webhook must carry. off is for local use and warns at start."
    )
    webhook_source: str = Field("default", description="Value of ?source= that belongs to the first tenant.")
    webhook_max_bytes: int = Field(5 * 1024 * 1024, ge=1024, description="Larger bodies are answered 413.")

    # HubSpot
    hubspot_base_url: str = Field("https://api.hubapi.com", description="Root of the HubSpot API.")
    hubspot_access_token: SecretStr = Field(SecretStr(""), description="Service key or app token (pat-...).")

    # Google
    gmail_base_url: str = Field("https://gmail.googleapis.com", description="Root of the Gmail API.")
    google_base_url: str = Field("https://www.googleapis.com", description="Root of the Drive and Calendar APIs.")
    google_token_url: str = Field(
        "https://oauth2.googleapis.com/token",
        description="Where a Google refresh token becomes an access token.",
    )
    google_access_token: SecretStr = Field(
        SecretStr(""), description="A ready access token (lives an hour); else the three below."
    )
    google_client_id: str = Field("", description="OAuth client of the Google refresh token.")
    google_client_secret: SecretStr = Field(SecretStr(""), description="Secret of that OAuth client.")
    google_refresh_token: SecretStr = Field(
        SecretStr(""), description="Refresh token of the seller's mailbox, calendar and files."
    )
    drive_folder_ids: Names = Field(
        (), description="Drive folders whose files may be offered, comma separated. Empty: none."
    )
    drive_excluded_folder_ids: Names = Field(
        (), description="Folders inside those that are never offered: excludes win."
    )
    calendar_ids: Names = Field(("primary",), description="Calendars that must be free for a proposed slot.")

    # Language model
    openai_base_url: str = Field("https://api.openai.com/v1", description="Any OpenAI-compatible API.")
    openai_api_key: SecretStr = Field(
        SecretStr(""), description="Empty: the deterministic template writer and local embeddings."
    )
    openai_model: str = Field("gpt-5-mini", description="Model of the writing agents.")
    openai_embedding_model: str = Field(
        "text-embedding-3-small", description="Embedding model, asked for 384 dimensions."
    )
    llm_provider: Literal["auto", "openai", "template"] = Field(
        "auto", description="auto: openai with a key, template without."
    )

    # The seller
    seller_name: str = Field("", description="Name under the mails.")
    seller_email: str = Field("", description="The seller's own address; submissions from its domain are not leads.")
    seller_company: str = Field("", description="The seller's company, as mails name it.")
    seller_time_zone: TimeZone = Field("UTC", description="IANA zone of the seller, for slots and working hours.")
    seller_country: Country = Field("US", description="ISO country whose holidays the seller keeps.")
    seller_language: str = Field("en", description="Language drafts are written in.")
    working_hours: WorkingHours = Field(
        "09:00-17:30", description="Hours slots may lie in, each side's own local time."
    )
    link_domains: Names = Field((), description="Domains a mail may link to, beside the seller's own and Drive.")
    icp_industries: Names = Field(
        (), description="Industries of an ideal customer, as HubSpot spells them. Empty: any."
    )
    icp_min_employees: int = Field(20, ge=0, description="Smallest company of an ideal customer.")

    # Engine and queue
    worker_concurrency: int = Field(
        150, ge=1, description="Jobs one worker process holds at a time, all on one event loop."
    )
    retry_delays_seconds: Seconds = Field(
        (60, 120, 240),
        description="Waits before the next attempts of a failed job; then the dead-letter queue.",
    )
    lease_seconds: float = Field(30, gt=0, description="How long a silent worker keeps its job.")
    relay_poll_seconds: float = Field(1, gt=0, description="How often the relay looks without being woken.")
    handover_timeout_seconds: float = Field(
        30, gt=0, description="A job handed to Redis and not begun after this is handed over again."
    )
    provider_timeout_seconds: float = Field(20, gt=0, description="Total time one provider call may take.")
    provider_retry_seconds: Seconds = Field(
        (0.3, 1, 3), description="Quick waits before a read that failed is tried again within its step."
    )
    evidence_lag_seconds: float = Field(10, ge=0, description="How long a provider's reads may lag behind its writes.")
    contact_cache_seconds: float = Field(900, ge=0, description="Age up to which a cached HubSpot contact is used.")
    thread_cache_seconds: float = Field(300, ge=0, description="Age up to which cached Gmail threads are used.")

    accept_reserved_domains: Permits = Field(
        False, description="Take addresses of reserved domains (.example, .test) for real ones. Demo and tests."
    )

    # For tests only; refused where real sends are allowed
    test_clock_file: str = Field("", description="File holding seconds to add to the clock. Tests only.")
    test_kill_file: str = Field(
        "", description="File naming step:before|during|after, where a worker removes it and kills itself. Tests only."
    )

    # Demo
    sandbox_port: int = Field(
        8025, ge=0, le=65535, description="Port of the sandbox that stands in for the providers in the demo."
    )

    @property
    def is_embedded(self) -> bool:
        """Whether the embedded PostgreSQL is used."""
        return not self.database_url

    @property
    def anchors_folder(self) -> Path:
        """Where the ends of the audit trail are written to."""
        return Path(self.anchor_dir) if self.anchor_dir else self.data_dir / "anchors"

    @property
    def webhook_base_url(self) -> str:
        """Scheme and host that signatures are computed over."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


class HookInProduction(RuntimeError):
    """A test-only setting is set while real sends are allowed."""


def load_settings(**overrides: object) -> Settings:
    """The settings from the environment and `.env`; raises HookInProduction where a test hook meets real sends."""
    settings = Settings(**overrides)  # pyright: ignore[reportArgumentType]
    if settings.allow_real_sends and (settings.test_clock_file or settings.test_kill_file):
        raise HookInProduction
    return settings


def child_environment(**changes: str) -> dict[str, str]:
    """This process's environment with changes, for a child process."""
    return {**os.environ, **changes}
