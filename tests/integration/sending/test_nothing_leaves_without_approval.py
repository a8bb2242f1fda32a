"""Whatever happens, in whatever order and at the same moment: what leaves was approved, word for word, and counts then.

Sequences are drawn by a fixed seed. What was approved is known from what was answered; what left, from the sandbox's
mailbox after every step. On a failure every move of the sequence is told, with its answer.
"""

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sales_agent.sandbox.client import SandboxClient
from tests.conftest import DatabaseUrls
from tests.integration.sending.moves import BY_NAME, drawn, happen
from tests.integration.sending.play import Stage, open_stage

WORKERS = 2

# The moves of a sequence are drawn from its seed, so that each is as frequent as the table says: hypothesis, left to
# draw them one by one, repeats itself, and few sequences come to a send.
SEEDS = st.integers(0, 2**64 - 1)


def machine_on(runner: asyncio.Runner, stage: Stage) -> type[RuleBasedStateMachine]:
    """A machine whose sequences are played on this stage, until one of them is wrong.

    That one is told afterwards: what many hands do at once need not happen again when hypothesis tries it again.
    """

    class Drafts(RuleBasedStateMachine):
        @initialize(seed=SEEDS)
        def begins(self, seed: int) -> None:
            self.chance = random.Random(seed)
            self.play = runner.run(stage.play(f"seed {seed}"))

        @rule()
        def something_happens(self) -> None:
            if not stage.wrong:
                runner.run(happen(self.play, drawn(self.chance)))

        @invariant()
        def nothing_has_left_that_should_not(self) -> None:
            stage.keep_wrongs(self.play)

        def teardown(self) -> None:
            if not stage.wrong:
                runner.run(self.play.end())
            stage.keep_wrongs(self.play)

    return Drafts


# How many sequences, of how many steps at most; in each step one to three moves are made at once.
SIZES = [(200, 4), pytest.param(2_000, 8, marks=[pytest.mark.long, pytest.mark.timeout(7_200)])]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("sequences", "steps"), SIZES)
def test_nothing_leaves_without_a_valid_approval_of_exactly_that_text(
    sequences: int, steps: int, tmp_path: Path, database_urls: DatabaseUrls, sandbox: SandboxClient
):
    with asyncio.Runner() as runner:
        stages = open_stage(tmp_path, database_urls, sandbox, workers=WORKERS)
        stage = runner.run(stages.__aenter__())
        try:
            drawn_by = settings(
                max_examples=sequences,
                stateful_step_count=steps,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            run_state_machine_as_test(machine_on(runner, stage), settings=drawn_by)
        finally:
            runner.run(stages.__aexit__(None, None, None))
    assert not stage.wrong, stage.wrong[0]
    assert set(BY_NAME) == {move for move in stage.counted if move in BY_NAME}, "every move was made"
    assert stage.counted["mails"] > sequences / 3, "where nothing leaves, nothing is shown"
