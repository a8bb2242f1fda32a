"""How long a dead child or server waits for its next start."""

# A single death is answered at once; a child that cannot live does not burn a processor, and is back within
# three seconds of the moment its trouble is over.
_DELAYS_SECONDS = (0.1, 0.5, 1.0, 2.0)

# Whoever lives this long has come up and worked: its next death is a new story.
_SETTLED_SECONDS = 10.0

# From here on deaths are no accident, and people should know.
_SUSPICIOUS_DEATHS = 4


class Backoff:
    """Counts the quick deaths in a row."""

    def __init__(self) -> None:
        self._quick_deaths = 0

    def died(self, *, after_seconds: float) -> float:
        """Note a death after so many seconds of life; return the seconds to wait."""
        self._quick_deaths = 1 if after_seconds >= _SETTLED_SECONDS else self._quick_deaths + 1
        return _DELAYS_SECONDS[min(self._quick_deaths, len(_DELAYS_SECONDS)) - 1]

    @property
    def quick_deaths(self) -> int:
        """How many deaths in a row followed a short life."""
        return self._quick_deaths

    @property
    def is_suspicious(self) -> bool:
        """Whether it keeps dying."""
        return self._quick_deaths >= _SUSPICIOUS_DEATHS
