"""Loads the versioned prompt files beside this module."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

_FRONT_MATTER: Final = re.compile(r"\A---\nversion: (\d+)\n---\n(.+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """The words of a prompt and which version of them: `draft@3`."""

    version: str
    text: str


@lru_cache(maxsize=16)
def load_prompt(name: str) -> PromptFile:
    """The prompt `prompts/{name}.md`; its front matter holds the version, raised with every change of its words."""
    written = (files("sales_agent.agents") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    match = _FRONT_MATTER.match(written)
    if match is None:
        raise ValueError(f"prompts/{name}.md does not begin with its version")
    return PromptFile(f"{name}@{match[1]}", match[2].strip())
