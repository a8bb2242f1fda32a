"""How sure one may be of a share after so many observations: the lower end of Wilson's interval."""

import math
from typing import Final

# One-sided: in at least 95 of 100 rules the true share is not below the bound.
LEVEL: Final = 0.95

# The quantile of the normal distribution at LEVEL.
_Z: Final = 1.6448536269514722


def lower_bound(agreed: int, observed: int) -> float:
    """The share, 0 to 1, that the true one is not below; 0 where nothing was observed.

    With the correction for continuity (Newcombe 1998, method 4): without it the bound is too high for a third of all
    pairs of share and number between 50 and 1,000 observations.

    Raises ValueError where more agreed than were observed.
    """
    if not 0 <= agreed <= observed:
        raise ValueError("more agreed than were observed")
    if agreed == 0:
        return 0.0
    share = agreed / observed
    spread = _Z**2 - 2 - 1 / observed + 4 * share * (observed * (1 - share) + 1)
    lowest = 2 * observed * share + _Z**2 - 1 - _Z * math.sqrt(max(spread, 0.0))
    return max(lowest / (2 * (observed + _Z**2)), 0.0)
