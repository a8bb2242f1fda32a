"""Which implementation stands behind each port: the one place that knows them all."""

from dataclasses import dataclass, field

from sales_agent.config import Settings
from sales_agent.connectors.account import Account
from sales_agent.connectors.calendar.google_calendar import GoogleCalendarReader
from sales_agent.connectors.crm.hubspot.reader import HubSpotReader
from sales_agent.connectors.crm.hubspot.vendor import HUBSPOT
from sales_agent.connectors.crm.hubspot.writer import HubSpotWriter
from sales_agent.connectors.files.drive.reader import DriveReader
from sales_agent.connectors.google import CALENDAR, DRIVE, GMAIL
from sales_agent.connectors.llm.local_embedding import LocalEmbedder
from sales_agent.connectors.llm.openai.chat import OpenAIModel
from sales_agent.connectors.llm.openai.embeddings import OpenAIEmbedder
from sales_agent.connectors.llm.openai.vendor import OPENAI
from sales_agent.connectors.llm.port import Embedder, LanguageModel
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.connectors.mail.gmail.drafter import GmailDrafter
from sales_agent.connectors.mail.gmail.reader import GmailReader
from sales_agent.connectors.mail.gmail.sender import GmailSender
from sales_agent.connectors.oauth import GoogleRefreshToken, NoToken, StaticToken, TokenSource
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.transport import Transport
from sales_agent.connectors.writers import Writers

# A model may think for a minute where a record is read in a second.
_MODEL_PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One tenant's accounts. Keep it: its token sources remember tokens, for readers and writers alike.

    `model` empty: the template writer and the local embedding, which call nobody.
    """

    hubspot_url: str
    gmail_url: str
    google_url: str
    hubspot_token: TokenSource
    google_token: TokenSource
    drive_folder_ids: tuple[str, ...] = ()
    drive_excluded_folder_ids: tuple[str, ...] = ()
    calendar_ids: tuple[str, ...] = ("primary",)
    model_url: str = ""
    model_token: TokenSource = field(default_factory=NoToken)
    model: str = ""
    embedding_model: str = ""


def provider_settings_from(settings: Settings) -> ProviderSettings:
    """The accounts of the tenant that is configured by settings."""
    api_key = settings.openai_api_key.get_secret_value()
    uses_model = settings.llm_provider == "openai" or (settings.llm_provider == "auto" and bool(api_key))
    return ProviderSettings(
        hubspot_url=settings.hubspot_base_url,
        gmail_url=settings.gmail_base_url,
        google_url=settings.google_base_url,
        hubspot_token=StaticToken(settings.hubspot_access_token.get_secret_value()),
        google_token=_google_token(settings),
        drive_folder_ids=settings.drive_folder_ids,
        drive_excluded_folder_ids=settings.drive_excluded_folder_ids,
        calendar_ids=settings.calendar_ids,
        model_url=settings.openai_base_url,
        model_token=StaticToken(api_key) if api_key else NoToken(),
        model=settings.openai_model if uses_model else "",
        embedding_model=settings.openai_embedding_model if uses_model else "",
    )


def _google_token(settings: Settings) -> TokenSource:
    refresh_token = settings.google_refresh_token.get_secret_value()
    if not refresh_token:
        return StaticToken(settings.google_access_token.get_secret_value())
    return GoogleRefreshToken(
        token_url=settings.google_token_url,
        client_id=settings.google_client_id,
        client_secret=settings.google_client_secret.get_secret_value(),
        refresh_token=refresh_token,
    )


def build_readers(settings: ProviderSettings, transport: Transport) -> Readers:
    """One tenant's eyes."""
    google = settings.google_token
    return Readers(
        crm=HubSpotReader(Account(transport, HUBSPOT, settings.hubspot_url, settings.hubspot_token)),
        mail=GmailReader(Account(transport, GMAIL, settings.gmail_url, google)),
        files=DriveReader(Account(transport, DRIVE, settings.google_url, google)),
        calendar=GoogleCalendarReader(Account(transport, CALENDAR, settings.google_url, google)),
        model=_model(settings, transport),
        embedder=_embedder(settings, transport),
    )


def build_writers(settings: ProviderSettings, transport: Transport) -> Writers:
    """One tenant's hands. Build them once and keep them: they remember what was verified."""
    mailbox = Account(transport, GMAIL, settings.gmail_url, settings.google_token)
    return Writers(
        crm=HubSpotWriter(Account(transport, HUBSPOT, settings.hubspot_url, settings.hubspot_token)),
        mail=GmailDrafter(mailbox),
        sender=GmailSender(mailbox),
    )


def _model(settings: ProviderSettings, transport: Transport) -> LanguageModel:
    return OpenAIModel(_model_account(settings, transport), settings.model) if settings.model else TemplateModel()


def _embedder(settings: ProviderSettings, transport: Transport) -> Embedder:
    if not settings.embedding_model:
        return LocalEmbedder()
    return OpenAIEmbedder(_model_account(settings, transport), settings.embedding_model)


def _model_account(settings: ProviderSettings, transport: Transport) -> Account:
    return Account(transport, OPENAI, settings.model_url, settings.model_token, patience=_MODEL_PATIENCE)
