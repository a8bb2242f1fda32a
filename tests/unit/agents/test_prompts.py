"""Prompt files are versioned and say that what strangers wrote is data."""

import pytest

from sales_agent.agents.prompts import load_prompt
from sales_agent.agents.registry import Agents, build_agents
from sales_agent.connectors.llm.template import TemplateModel

NAMES = ("thread_summary", "next_step", "draft")


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_has_a_version_and_treats_strangers_words_as_data(name: str) -> None:
    prompt = load_prompt(name)
    words = " ".join(prompt.text.split())
    assert prompt.version.startswith(f"{name}@")
    assert prompt.version.partition("@")[2].isdigit()
    assert "data" in words
    assert "instruction" in words
    assert not words.startswith("---")


def test_the_bundle_holds_one_agent_of_each_kind() -> None:
    agents = build_agents(TemplateModel())
    kinds = {name: type(getattr(agents, name)).__name__ for name in Agents.__dataclass_fields__}
    assert kinds == {
        "validation": "Validation",
        "thread_reader": "ThreadReader",
        "long_memory": "LongMemory",
        "asset_hunter": "AssetHunter",
        "meeting_slots": "MeetingSlots",
        "next_step": "NextStepPlanner",
        "draft_writer": "DraftWriter",
    }
