"""Settings decide which implementation stands behind each port, and all of them answer."""

import datetime as dt
from collections.abc import Callable

from pydantic import SecretStr

from sales_agent.config import Settings
from sales_agent.connectors.llm.local_embedding import LocalEmbedder
from sales_agent.connectors.llm.openai.chat import OpenAIModel
from sales_agent.connectors.llm.openai.embeddings import OpenAIEmbedder
from sales_agent.connectors.llm.port import EMBEDDING_DIMENSIONS
from sales_agent.connectors.llm.template import TemplateModel
from sales_agent.connectors.permit import Permit
from sales_agent.connectors.registry import build_readers, build_writers, provider_settings_from
from sales_agent.connectors.transport import Transport
from sales_agent.kit.clock import SystemClock
from sales_agent.sandbox.client import SandboxClient

ANNA = "anna.becker@nordwind-logistik.example"
TOKEN = SecretStr("sandbox-token")


def settings_for(sandbox: SandboxClient, **changes: object) -> Settings:
    urls = {
        "hubspot_base_url": sandbox.url,
        "gmail_base_url": sandbox.url,
        "google_base_url": sandbox.url,
        "google_token_url": f"{sandbox.url}/token",
        "openai_base_url": f"{sandbox.url}/v1",
    }
    tokens = {"hubspot_access_token": TOKEN, "google_access_token": TOKEN}
    return Settings.model_validate({**urls, **tokens, "openai_api_key": SecretStr(""), **changes})


async def test_one_tenants_eyes_see_every_provider(sandbox: SandboxClient, transport: Transport) -> None:
    settings = settings_for(sandbox, openai_api_key=TOKEN, drive_folder_ids=("1fldCaseStudies",))
    accounts = provider_settings_from(settings)
    readers = build_readers(accounts, transport)
    now = SystemClock().now()
    assert await readers.crm.contact_by_email(ANNA)
    assert await readers.mail.threads_with(ANNA)
    assert await readers.files.list_files(accounts.drive_folder_ids, accounts.drive_excluded_folder_ids)
    assert (await readers.calendar.availability(["nobody@x.example"], now, now + dt.timedelta(days=7))).unreadable
    (vector,) = await readers.embedder.embed(["text"])
    assert len(vector) == EMBEDDING_DIMENSIONS
    assert {entry["status"] for entry in sandbox.journal()} == {200}


async def test_readers_and_writers_share_one_google_token(
    sandbox: SandboxClient, transport: Transport, permit: Callable[[str], Permit]
) -> None:
    settings = settings_for(
        sandbox,
        google_refresh_token=SecretStr("sandbox-refresh"),
        google_client_id="client",
        google_client_secret=SecretStr("shh"),
    )
    accounts = provider_settings_from(settings)
    (thread,) = await build_readers(accounts, transport).mail.threads_with(ANNA)
    await build_writers(accounts, transport).mail.label_thread(thread.id, "Seen", permit("mail.label_thread"))
    assert len(sandbox.journal(path="/token")) == 1


def test_without_a_key_the_template_writes_and_nobody_is_asked(sandbox: SandboxClient) -> None:
    readers = build_readers(provider_settings_from(settings_for(sandbox)), Transport())
    assert isinstance(readers.model, TemplateModel)
    assert isinstance(readers.embedder, LocalEmbedder)


def test_a_key_or_the_settings_choose_the_model(sandbox: SandboxClient) -> None:
    for changes in ({"openai_api_key": TOKEN}, {"llm_provider": "openai"}):
        readers = build_readers(provider_settings_from(settings_for(sandbox, **changes)), Transport())
        assert isinstance(readers.model, OpenAIModel)
        assert isinstance(readers.embedder, OpenAIEmbedder)
    chosen = settings_for(sandbox, openai_api_key=TOKEN, llm_provider="template")
    assert isinstance(build_readers(provider_settings_from(chosen), Transport()).model, TemplateModel)
