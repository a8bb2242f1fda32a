"""Voices differ where a reader can see it."""

import itertools

import pytest

from sales_agent.pipeline.drafting.voice import default_voice
from sales_agent.pipeline.drafting.voices import PRESETS, VoicePreset

SELLER = {"name": "Mara Lind", "email": "mara@northwind.example", "company": "Northwind"}


def test_the_default_voice_speaks_for_the_seller():
    voice = default_voice(**SELLER, language="en")

    assert (voice.name, voice.seller_name, voice.seller_email) == ("warm", "Mara Lind", "mara@northwind.example")
    assert (voice.company, voice.language) == ("Northwind", "en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_two_voices_differ_in_everything_a_reader_sees(language: str):
    voices = [default_voice(**SELLER, language=language, preset=preset) for preset in PRESETS.values()]

    for one, other in itertools.combinations(voices, 2):
        assert one.sign_off != other.sign_off
        assert one.phrases != other.phrases
        assert one.never_say != other.never_say
        assert one.max_sentences != other.max_sentences
    assert len({voice.formality for voice in voices}) > 1


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_a_voice_never_says_what_it_must_not_say(preset: VoicePreset):
    for words in preset.words.values():
        own = " ".join((words.greeting, words.greeting_without_name, words.sign_off, *words.phrases)).casefold()
        assert not [said for said in words.never_say if said.casefold() in own]
        assert "{first_name}" in words.greeting
        assert "{first_name}" not in words.greeting_without_name
        assert "{seller_name}" in words.sign_off
        assert "\u2014" not in own


def test_a_region_speaks_its_language_and_an_unknown_language_english():
    assert default_voice(**SELLER, language="de-AT").greeting == "Hallo {first_name},"
    assert default_voice(**SELLER, language="xx").greeting == "Hi {first_name},"
