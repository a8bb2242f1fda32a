"""How much is measured: enough to see a ratio stand still, little enough to be run before every change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of one run of the bench.

    `seconds` is the length of one acceptance measurement, `burst_seconds` about how long one burst of leads shall
    keep a worker busy, `paced_leads` how many leads come one by one, `most_leads` how many a burst may hold at most.
    """

    rounds: int
    seconds: float
    connections: tuple[int, ...]
    burst_seconds: float
    most_leads: int
    paced_leads: int
    paced_per_second: float = 4.0
    latencies_ms: tuple[int, ...] = (0, 50)


DEFAULT = Plan(rounds=3, seconds=1.0, connections=(1, 16, 64), burst_seconds=5.0, most_leads=1000, paced_leads=20)
QUICK = Plan(
    rounds=1, seconds=0.3, connections=(64,), burst_seconds=1.0, most_leads=40, paced_leads=2, latencies_ms=(50,)
)
