"""How much what people did speaks against a rule's claim, judged after every draft, for as long as the rule is on.

A bet against the claim: whoever bets on disagreement at odds that are fair if the claim is just true, loses in the long
run if it is true, and grows rich if it is not. By Ville's inequality the stake of 1 ever reaches 1/ALPHA with a
probability of at most ALPHA, however often one looks and however long.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# A rule whose claim is true is demoted by mistake in at most one of twenty stints, however long they are.
ALPHA: Final = 0.05

# The doubt at which a rule is demoted.
LIMIT: Final = 1 / ALPHA

# What is bet on, in equal parts: that people disagree twice, four and eight times as often as the rule says. No one
# figure has to be guessed: a small fault is found by the first, a broken rule within a few drafts by the last.
_TIMES: Final = (2.0, 4.0, 8.0)

# A bet on disagreement only would be lost for ever at the first agreement.
_MOST_DISAGREEMENT: Final = 0.95

# Nobody is always right; a rule that says so would be disproved by its first disagreement.
_LEAST_DISAGREEMENT: Final = 0.001

# Disproved is disproved, and no JSON holds infinity.
_MOST: Final = 1e9


@dataclass(frozen=True, slots=True)
class Doubt:
    """After `observed` drafts, of which people took back `disagreed`: 1 at the start, LIMIT disproves the claim."""

    observed: int
    disagreed: int
    weight: float

    @property
    def disproves(self) -> bool:
        """Whether so much doubt would be too rare if the claim were true."""
        return self.weight >= LIMIT


def doubt_of(outcomes: Iterable[bool], claim: float) -> Doubt:
    """The doubt after these outcomes (True: agreed), oldest first. `claim`: share of agreement, 0 to 1."""
    doubt = Doubt(0, 0, 1.0)
    for doubt in doubts(outcomes, claim):  # noqa: B007 - the last one is wanted
        pass
    return doubt


def doubts(outcomes: Iterable[bool], claim: float) -> Iterator[Doubt]:
    """The doubt after each outcome in turn.

    A rule may be right for a year and then break. So the stake is spread over all moments at which that may happen,
    1/(k(k+1)) of it at the k-th draft: years of agreement delay a demotion by a few dozen drafts, instead of hundreds.
    """
    rate = max(1 - claim, _LEAST_DISAGREEMENT)
    bets = [min(times * rate, _MOST_DISAGREEMENT) for times in _TIMES]
    if_agreed, if_not = [(1 - bet) / (1 - rate) for bet in bets], [bet / rate for bet in bets]
    won = [0.0] * len(bets)
    disagreed = 0
    for observed, agreed in enumerate(outcomes, 1):
        disagreed += not agreed
        stake = 1 / (observed * (observed + 1))
        odds = if_agreed if agreed else if_not
        won = [(kept + stake) * odd for kept, odd in zip(won, odds, strict=True)]
        unspent = 1 / (observed + 1)
        yield Doubt(observed, disagreed, min(sum(won) / len(won) + unspent, _MOST))
