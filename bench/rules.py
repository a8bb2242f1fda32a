"""`python -m bench.rules`: how soon a rule is demoted whose drafts people really approve at one rate or another."""

import random
from collections.abc import Iterator, Sequence

from sales_agent.pipeline.approval.doubt import ALPHA, doubts

SEEDS = 1_000
# Drafts after which a rule that is still on counts as kept: half a year at four a day.
HORIZON = 500
CLAIM = 0.9
RATES = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def decisions_until_demotion(claim: float, rate: float, seed: int, horizon: int) -> int | None:
    """After how many drafts the claim is disproved while people agree at `rate`; None if not within the horizon."""
    people = random.Random(f"{seed}/{claim}/{rate}")
    outcomes = (people.random() < rate for _ in range(horizon))
    return next((doubt.observed for doubt in doubts(outcomes, claim) if doubt.disproves), None)


def table() -> Iterator[str]:
    """A Markdown table, one row for each true rate."""
    yield f"| people agree with | demoted within {HORIZON} drafts | half of them by draft | nine in ten by draft |"
    yield "| ---: | ---: | ---: | ---: |"
    for rate in RATES:
        found = [decisions_until_demotion(CLAIM, rate, seed, HORIZON) for seed in range(SEEDS)]
        drafts = sorted(found_at for found_at in found if found_at is not None)
        yield f"| {rate:.0%} | {len(drafts) / SEEDS:.1%} | {_by(drafts, 0.5)} | {_by(drafts, 0.9)} |"


def _by(drafts: Sequence[int], part: float) -> str:
    """By which draft this part of all rules was demoted; empty where fewer were."""
    needed = round(part * SEEDS)
    return str(drafts[needed - 1]) if len(drafts) >= needed else ""


if __name__ == "__main__":
    print(f"A rule that claims {CLAIM:.0%}, {SEEDS} rules a row; a true claim is to be demoted in at most {ALPHA:.0%}.")
    print("\n".join(table()))
