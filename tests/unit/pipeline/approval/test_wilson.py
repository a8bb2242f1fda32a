"""The bound holds as often as it says, whatever the true share is, and is no lower than it must be."""

import math
import random

import pytest

from sales_agent.pipeline.approval.backtest import MIN_DECISIONS
from sales_agent.pipeline.approval.rules import RULES
from sales_agent.pipeline.approval.wilson import LEVEL, lower_bound

SEEDS = 1_000


@pytest.mark.parametrize("rate", [0.6, 0.75, 0.85, 0.9, 0.95, 0.98])
@pytest.mark.parametrize("decisions", [MIN_DECISIONS, 120, 400])
def test_over_a_thousand_planted_rates_the_bound_holds_at_least_as_often_as_it_says(rate: float, decisions: int):
    held = 0
    for seed in range(SEEDS):
        people = random.Random(f"{seed}/{rate}/{decisions}")
        agreed = sum(people.random() < rate for _ in range(decisions))
        held += lower_bound(agreed, decisions) <= rate

    assert held / SEEDS >= LEVEL


@pytest.mark.parametrize("observed", [MIN_DECISIONS, 60, 100, 250, 1_000])
def test_by_the_exact_probabilities_it_holds_for_every_rate(observed: int):
    bounds = [lower_bound(agreed, observed) for agreed in range(observed + 1)]
    for percent in range(50, 100):
        rate = percent / 100
        holds = sum(
            math.comb(observed, agreed) * rate**agreed * (1 - rate) ** (observed - agreed)
            for agreed in range(observed + 1)
            if bounds[agreed] <= rate
        )
        assert holds >= LEVEL, rate


@pytest.mark.parametrize(
    ("agreed", "observed", "bound"),
    [(0, 0, 0.0), (0, 50, 0.0), (50, 50, 0.931), (70, 70, 0.950), (45, 50, 0.796), (190, 200, 0.915), (1, 1, 0.073)],
)
def test_known_figures(agreed: int, observed: int, bound: float):
    assert lower_bound(agreed, observed) == pytest.approx(bound, abs=0.0006)


def test_more_agreement_never_lowers_the_bound_and_more_of_the_same_raises_it():
    bounds = [lower_bound(agreed, 80) for agreed in range(81)]

    assert bounds == sorted(bounds)
    assert lower_bound(18, 20) < lower_bound(90, 100) < lower_bound(900, 1_000) < 0.9


def test_it_is_never_above_what_was_seen():
    assert all(lower_bound(agreed, 60) < max(agreed / 60, 1e-9) or agreed == 0 for agreed in range(61))


@pytest.mark.parametrize(("agreed", "observed"), [(2, 1), (-1, 4)])
def test_what_cannot_have_been_seen_is_refused(agreed: int, observed: int):
    with pytest.raises(ValueError, match="more agreed"):
        lower_bound(agreed, observed)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_type)
def test_every_seeded_claim_can_be_earned_with_a_hundred_decisions(rule):
    assert lower_bound(100, 100) >= rule.confidence
