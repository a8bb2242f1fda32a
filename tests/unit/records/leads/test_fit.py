"""How well a lead fits, part by part."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales_agent.agents.reading import Intent
from sales_agent.records.leads.fit import PARTS, FitFacts, FitScore, IdealCustomer, score_fit

PROFILE = IdealCustomer(frozenset({"COMPUTER_SOFTWARE"}), min_employees=20, countries=frozenset({"DE", "AT"}))
PERFECT = FitFacts("Computer Software", 50, has_business_domain=True, job_title="CEO", country="Germany", intent="demo")


def value_of(name: str, facts: FitFacts, profile: IdealCustomer = PROFILE) -> float:
    return next(part.value for part in score_fit(facts, profile).parts if part.name == name)


def test_the_parts_weights_add_up_to_one() -> None:
    assert sum(weight for _, weight, _ in PARTS) == pytest.approx(1)


def test_the_ideal_customer_scores_one() -> None:
    assert score_fit(PERFECT, PROFILE).score == 1.0


def test_somebody_of_whom_nothing_is_known_scores_next_to_nothing() -> None:
    assert score_fit(FitFacts(), PROFILE).score == pytest.approx(0.03)


def test_a_profile_that_names_nothing_takes_anybody() -> None:
    assert value_of("industry", FitFacts(), IdealCustomer()) == 1.0
    assert value_of("country", FitFacts(), IdealCustomer()) == 1.0


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("CEO", 1.0),
        ("Co-Founder & CTO", 1.0),
        ("Geschäftsführerin", 1.0),
        ("VP Sales", 1.0),
        ("Head of Sales", 0.9),
        ("Vertriebsleiter", 0.9),
        ("Sales Manager", 0.6),
        ("Assistant to the CEO", 0.3),
        ("Intern", 0.0),
        ("Werkstudentin Marketing", 0.0),
        ("Baker", 0.4),
        ("", 0.0),
    ],
)
def test_seniority_is_read_from_the_title(title: str, value: float) -> None:
    assert value_of("seniority", FitFacts(job_title=title)) == value


@pytest.mark.parametrize(("employees", "value"), [(None, 0.0), (0, 0.0), (10, 0.5), (20, 1.0), (9_999, 1.0), (-5, 0.0)])
def test_size_counts_up_to_the_smallest_wanted(employees: int | None, value: float) -> None:
    assert value_of("size", FitFacts(employees=employees)) == value


def test_a_profile_without_a_least_size_takes_any_known_size() -> None:
    assert value_of("size", FitFacts(employees=0), IdealCustomer(min_employees=0)) == 1.0


@pytest.mark.parametrize(("country", "value"), [("Deutschland", 1.0), ("AT", 1.0), ("France", 0.0), ("", 0.0)])
def test_countries_count_by_any_name(country: str, value: float) -> None:
    assert value_of("country", FitFacts(country=country)) == value


@pytest.mark.parametrize("intent", list(Intent))
def test_every_intent_has_a_value(intent: Intent) -> None:
    assert 0 <= value_of("intent", FitFacts(intent=intent)) <= 1


@settings(derandomize=True, database=None, max_examples=200, deadline=None)
@given(
    st.builds(
        FitFacts,
        industry=st.text(max_size=30),
        employees=st.none() | st.integers(-10, 10**9),
        has_business_domain=st.booleans(),
        job_title=st.text(max_size=60),
        country=st.text(max_size=30),
        intent=st.text(max_size=20),
    )
)
def test_a_score_is_the_weighted_sum_of_its_parts_between_0_and_1(facts: FitFacts) -> None:
    fit: FitScore = score_fit(facts, PROFILE)
    assert 0 <= fit.score <= 1
    assert fit.score == pytest.approx(sum(part.weight * part.value for part in fit.parts), abs=0.001)
    assert all(part.why for part in fit.parts)
