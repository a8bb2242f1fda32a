"""The voice a draft is written in: the preset, with what the tenant's default profile changes laid over it."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from string import Formatter
from uuid import UUID

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.content import Voice
from sales_agent.pipeline.drafting.repository import VoiceRepository
from sales_agent.pipeline.drafting.voices import PRESETS, WARM, VoicePreset

log = structlog.get_logger()

_VOICE = TypeAdapter(Voice)
_PLACEHOLDERS = frozenset({"first_name", "seller_name"})

# Which address is ours decides what is checked against it, so it comes from the settings alone.
_NOT_FOR_PROFILES = frozenset({"name", "seller_email"})
_OVERLAID = frozenset(field.name for field in fields(Voice)) - _NOT_FOR_PROFILES


def default_voice(*, name: str, email: str, company: str, language: str, preset: VoicePreset = WARM) -> Voice:
    """A preset spoken by this seller, in this language."""
    words = preset.words_in(language)
    return Voice(
        name=preset.name,
        seller_name=name,
        seller_email=email,
        company=company,
        greeting=words.greeting,
        greeting_without_name=words.greeting_without_name,
        sign_off=words.sign_off,
        formality=preset.formality,
        max_sentences=preset.max_sentences,
        phrases=words.phrases,
        never_say=words.never_say,
        language=language,
    )


async def load_voice(
    session: AsyncSession, tenant_id: UUID, *, name: str, email: str, company: str, language: str
) -> Voice:
    """The tenant's default voice; the seller's own preset where there is none, or where it cannot be used.

    A profile has the fields of `Voice` that it changes, and may name the `preset` it starts from.
    """
    profile = await VoiceRepository(session, tenant_id).default()
    if profile is None:
        return default_voice(name=name, email=email, company=company, language=language)
    changed = {key: value for key, value in profile.profile.items() if key in _OVERLAID}
    preset = PRESETS.get(str(profile.profile.get("preset", WARM.name)), WARM)
    spoken = str(changed.get("language", language))
    base = default_voice(name=name, email=email, company=company, language=spoken, preset=preset)
    voice = _overlaid(base, {**changed, "name": profile.name})
    if voice is None:
        log.warning("voice.profile_unusable", tenant_id=str(tenant_id), voice_profile_id=str(profile.id))
        return default_voice(name=name, email=email, company=company, language=language)
    return voice


def _overlaid(base: Voice, changes: Mapping[str, object]) -> Voice | None:
    try:
        voice = _VOICE.validate_python({**asdict(base), **changes})
        used = {
            place
            for text in (voice.greeting, voice.greeting_without_name, voice.sign_off)
            for _, place, _, _ in Formatter().parse(text)
            if place is not None
        }
    except ValueError as error:  # a ValidationError is one, and so is a brace that nothing closes
        log.debug("voice.profile_invalid", error=type(error).__name__, is_shape=isinstance(error, ValidationError))
        return None
    return voice if used <= _PLACEHOLDERS and voice.max_sentences > 0 else None
