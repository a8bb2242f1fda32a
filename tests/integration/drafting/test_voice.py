"""The voice a tenant writes in: its default profile over the preset, never at the price of a draft."""

from uuid import UUID

import pytest

from sales_agent.content import Voice
from sales_agent.kit.db import Database
from sales_agent.pipeline.drafting.voice import default_voice, load_voice
from sales_agent.pipeline.drafting.voices import FORMAL
from tests.factories.pipeline import make_voice_profile
from tests.factories.store import store

SELLER = {"name": "Mara Lind", "email": "mara@northwind.example", "company": "Northwind", "language": "en"}


async def loaded(database: Database, tenant_id: UUID) -> Voice:
    async with database.transaction(tenant_id) as session:
        return await load_voice(session, tenant_id, **SELLER)


async def test_without_a_profile_the_seller_speaks_warmly(database: Database, tenant_id: UUID):
    await store(database, make_voice_profile(tenant_id, profile={"preset": "formal"}, is_default=False))

    assert await loaded(database, tenant_id) == default_voice(**SELLER)


async def test_the_default_profile_is_laid_over_the_preset_it_names(database: Database, tenant_id: UUID):
    profile = {"preset": "formal", "sign_off": "Yours,\n{seller_name}", "max_sentences": 6, "phrases": ["Indeed."]}
    await store(database, make_voice_profile(tenant_id, name="board", profile=profile, is_default=True))

    voice = await loaded(database, tenant_id)

    formal = default_voice(**SELLER, preset=FORMAL)
    assert (voice.name, voice.greeting, voice.formality) == ("board", formal.greeting, "formal")
    assert (voice.sign_off, voice.max_sentences, voice.phrases) == ("Yours,\n{seller_name}", 6, ("Indeed.",))


async def test_a_profile_in_another_language_brings_its_words(database: Database, tenant_id: UUID):
    await store(database, make_voice_profile(tenant_id, profile={"language": "de"}, is_default=True))

    voice = await loaded(database, tenant_id)

    assert (voice.language, voice.greeting) == ("de", "Hallo {first_name},")


async def test_whose_address_is_ours_is_not_for_a_profile_to_say(database: Database, tenant_id: UUID):
    profile = {"seller_email": "eve@elsewhere.example", "unknown": 1}
    await store(database, make_voice_profile(tenant_id, profile=profile, is_default=True))

    assert (await loaded(database, tenant_id)).seller_email == "mara@northwind.example"


@pytest.mark.parametrize(
    "profile",
    [
        {"max_sentences": "many"},
        {"max_sentences": 0},
        {"phrases": "no list"},
        {"greeting": "Hi {nickname},"},
        {"greeting": "Hi {first_name"},
        {"sign_off": "{}"},
    ],
)
async def test_a_profile_that_cannot_be_used_gives_way_to_the_preset(
    database: Database, tenant_id: UUID, profile: dict[str, object]
):
    await store(database, make_voice_profile(tenant_id, profile=profile, is_default=True))

    assert await loaded(database, tenant_id) == default_voice(**SELLER)
