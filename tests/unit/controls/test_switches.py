"""A tenant may be more careful than the environment allows, never bolder."""

from dataclasses import asdict
from itertools import product
from pathlib import Path

import pytest

from sales_agent.config import Settings
from sales_agent.controls.settings import CAREFUL, PROFILE, SWITCHES, SellerProfile, Switches

BOLD = Switches(**{name: not value for name, value in asdict(CAREFUL).items()})


def test_the_careful_sides_are_those_of_the_settings():
    assert Switches.ceiling(Settings(_env_file=None)) == CAREFUL  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("ceiling", [CAREFUL, BOLD], ids=["careful", "bold"])
@pytest.mark.parametrize(("name", "wish"), list(product(SWITCHES, [True, False, "true", "false", 1, 0, None, ""])))
def test_a_wish_only_ever_moves_a_switch_to_its_careful_side(name: str, wish: object, ceiling: Switches):
    careful, allowed = getattr(CAREFUL, name), getattr(ceiling, name)
    lowered = getattr(ceiling.lowered({name: wish}), name)
    assert lowered == (allowed if wish is (not careful) else careful)
    assert lowered in {careful, allowed}


def test_what_is_not_wished_for_stays_at_the_ceiling():
    assert BOLD.lowered({}) == BOLD
    assert BOLD.lowered({"draft_only": True}) == Switches(**{**asdict(BOLD), "draft_only": True})


def test_the_default_profile_is_the_one_of_the_settings():
    assert SellerProfile.default(Settings(_env_file=None)) == SellerProfile()  # pyright: ignore[reportCallIssue]
    assert set(PROFILE.values()) == set(asdict(SellerProfile()))


ON = ("true", "True", "TRUE", "1")
OFF = ("false", "False", "FALSE", "0")
ODD = ("True ", " true", "1 ", "", "yes", "on", "y", "2", "-1", "none", "null", "truetrue", "\uff54rue")


def from_environment(name: str, text: str, folder: Path) -> bool:
    """The switch as the settings read it from a file of the environment."""
    file = folder / "environment"
    file.write_text(f'{name.upper()}="{text}"\n')
    return getattr(Settings(_env_file=file), name)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("name", SWITCHES)
def test_an_odd_value_of_the_environment_is_the_careful_side(name: str, tmp_path: Path):
    careful = getattr(CAREFUL, name)
    assert [text for text in ODD if from_environment(name, text, tmp_path) is not careful] == []
    plainly_bold, plainly_careful = (OFF, ON) if careful else (ON, OFF)
    assert [text for text in plainly_bold if from_environment(name, text, tmp_path) is careful] == []
    assert [text for text in plainly_careful if from_environment(name, text, tmp_path) is not careful] == []
