"""A rule whose claim is true is seldom demoted, however long it is watched; one whose claim is false is, and soon."""

import itertools
import math
import random
import statistics

import pytest

from bench.rules import decisions_until_demotion, table
from sales_agent.config import ROOT
from sales_agent.pipeline.approval.doubt import ALPHA, LIMIT, doubt_of, doubts

SEEDS = 1_000
# Half a year of drafts, looked at after every one.
HORIZON = 500


@pytest.mark.parametrize("claim", [0.85, 0.9, 0.95])
def test_a_true_claim_is_disproved_by_mistake_no_more_often_than_is_stated(claim: float):
    demoted = [decisions_until_demotion(claim, claim, seed, HORIZON) for seed in range(SEEDS)]

    assert sum(found is not None for found in demoted) / SEEDS <= ALPHA


def test_a_rule_that_is_better_than_its_claim_is_demoted_hardly_ever():
    demoted = [decisions_until_demotion(0.9, 0.95, seed, HORIZON) for seed in range(300)]

    assert sum(found is not None for found in demoted) <= 3


@pytest.mark.parametrize(("rate", "at_most"), [(0.6, 15), (0.7, 25), (0.8, 90)])
def test_a_false_claim_is_disproved_soon(rate: float, at_most: int):
    found = [decisions_until_demotion(0.9, rate, seed, HORIZON) for seed in range(300)]

    assert None not in found
    assert statistics.median(n for n in found if n is not None) <= at_most


@pytest.mark.parametrize("good", [100, 1_000, 5_000])
def test_a_rule_that_breaks_after_a_long_good_time_is_found_within_a_few_dozen_drafts(good: int):
    found: list[int] = []
    for seed in range(40):
        people = random.Random(seed)
        outcomes = [people.random() < (0.95 if n < good else 0.6) for n in range(good + 200)]
        found += [doubt.observed - good for doubt in doubts(outcomes, 0.9) if doubt.disproves][:1]

    assert len([n for n in found if n > 0]) >= 39
    assert statistics.median(found) <= 60


def test_doubt_begins_at_one_falls_with_agreement_and_rises_with_disagreement():
    assert doubt_of([], 0.9).weight == 1
    assert doubt_of([True] * 30, 0.9).weight < 0.5
    assert doubt_of([False], 0.9).weight > 1
    assert not doubt_of([False, False], 0.9).disproves
    assert doubt_of([False] * 4, 0.9).disproves


def test_it_counts_what_it_saw():
    doubt = doubt_of([True, False, True], 0.9)

    assert (doubt.observed, doubt.disagreed) == (3, 1)


@pytest.mark.parametrize("claim", [0.5, 0.99, 1.0])
def test_the_ends_of_what_may_be_claimed_are_judged_too(claim: float):
    assert doubt_of([False] * 500, claim).weight >= LIMIT
    assert doubt_of([True] * 500, claim).weight < 1


@pytest.mark.parametrize("claim", [0.5, 0.85, 0.95])
def test_where_the_claim_is_true_the_bet_wins_nothing_on_average(claim: float):
    drafts = 10
    expected = sum(
        math.prod(claim if agreed else 1 - claim for agreed in outcomes) * doubt_of(outcomes, claim).weight
        for outcomes in itertools.product((True, False), repeat=drafts)
    )

    assert expected == pytest.approx(1)


def test_the_page_about_rules_shows_what_is_measured_now():
    page = (ROOT / "docs/how-to/rules.md").read_text(encoding="utf-8")

    assert "\n".join(table()) in page
