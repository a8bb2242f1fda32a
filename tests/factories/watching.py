"""Rules that are watched while people agree with them at a planted rate."""

import random

from sales_agent.pipeline.approval.doubt import doubts


def decisions_until_demotion(claim: float, rate: float, seed: int, horizon: int) -> int | None:
    """After how many drafts the claim is disproved; None if not within the horizon."""
    people = random.Random(f"{seed}/{claim}/{rate}")
    outcomes = (people.random() < rate for _ in range(horizon))
    return next((doubt.observed for doubt in doubts(outcomes, claim) if doubt.disproves), None)
