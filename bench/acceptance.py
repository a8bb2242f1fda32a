"""The first part: how fast a submission is durably accepted, beside a bare FastAPI route and beside the floor."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bench.floor import measure_floor, pgbench
from bench.load import Load, Order
from bench.plan import Plan
from bench.processes import Part
from bench.stage import Stage

OURS, BARE, FLOOR, BUSY = "ours", "bare", "floor", "ours, worker busy"

Measure = Callable[[int, str], Load]


class NotAccepted(RuntimeError):
    """Something answered other than 202, or accepted what it does not hold."""


@dataclass(slots=True)
class Acceptance:
    """`loads` by variant and connections, one a round. Seconds are from the start of the process."""

    seconds_to_first_accept: float = 0.0
    idle_megabytes: float = 0.0
    megabytes_after: float = 0.0
    loads: dict[str, dict[int, list[Load]]] = field(default_factory=dict[str, dict[int, list[Load]]])

    def add(self, variant: str, connections: int, load: Load) -> None:
        """Keep one measurement; raises NotAccepted."""
        if load.refused or not load.answers:
            raise NotAccepted(f"{variant}: {load.refused} of {load.answers} not accepted: {load.last_refusal}")
        self.loads.setdefault(variant, {}).setdefault(connections, []).append(load)

    def series(self, variant: str, connections: int, name: str) -> list[float]:
        """One number of every round."""
        return [getattr(load, name) for load in self.loads[variant][connections]]


def measure_acceptance(stage: Stage, plan: Plan, say: Callable[[str], None]) -> Acceptance:
    """Variants take turns within a round, so that what disturbs the machine disturbs them all."""
    found = Acceptance()
    bare, bare_address = stage.start_bare()
    api = stage.start_api()
    api.wait(stage.api_is_up)
    first = stage.client.put(Order(stage.ours(), "first", 1, 5.0, limit=1))
    found.seconds_to_first_accept = _seconds_since(api.started, first)
    found.idle_megabytes = api.megabytes()

    def ours(connections: int, series: str) -> Load:
        return _put(stage, api, Order(stage.ours(), series, connections, plan.seconds))

    def plain(connections: int, series: str) -> Load:
        return _put(stage, bare, Order(bare_address, series, connections, plan.seconds))

    variants: dict[str, Measure] = {BARE: plain, OURS: ours}
    program = pgbench()
    if program is not None:
        variants[FLOOR] = lambda connections, _: measure_floor(program, stage.owner_url, connections, plan.seconds)
    try:
        for measure in (ours, plain):  # a process that has just been imported is slower than it will ever be again
            measure(max(plan.connections), f"warm-{measure.__name__}")
        before = _stored(stage)
        for variant, connections, series in _turns(plan, variants):
            say(f"acceptance {series}")
            found.add(variant, connections, variants[variant](connections, series))
        _nothing_is_missing(stage, found, before)
        found.megabytes_after = api.megabytes()
        _beside_a_busy_worker(stage, plan, found, ours)
    finally:
        bare.end()
        api.end()
    return found


def _put(stage: Stage, server: Part, order: Order) -> Load:
    """Put a load on a server and see what it costs the server."""
    spent = server.cpu_seconds()
    load = stage.client.put(order)
    return replace(load, cpu_ms=(server.cpu_seconds() - spent) / max(1, load.answers) * 1000)


def _turns(plan: Plan, variants: dict[str, Measure]) -> Iterator[tuple[str, int, str]]:
    for turn in range(plan.rounds):
        for connections in plan.connections:
            for variant in variants:
                yield variant, connections, f"{variant}-{turn}-{connections}"


def _beside_a_busy_worker(stage: Stage, plan: Plan, found: Acceptance, ours: Measure) -> None:
    """The same while relay and one worker carry what has come in; what they leave is thrown away."""
    relay, worker = stage.start_relay(), stage.start_worker()
    try:
        worker.wait(lambda: worker.has_said("worker.ready"))
        for turn in range(plan.rounds):
            found.add(BUSY, max(plan.connections), ours(max(plan.connections), f"busy-{turn}"))
    finally:
        relay.end()
        worker.end()
    stage.forget_leads()


def _nothing_is_missing(stage: Stage, found: Acceptance, before: int) -> None:
    accepted = sum(load.answers for loads in found.loads[OURS].values() for load in loads)
    stored = _stored(stage) - before
    if stored != accepted:
        raise NotAccepted(f"{accepted} were accepted, {stored} are stored")


def _stored(stage: Stage) -> int:
    return int(stage.rows("select count(*) from job")[0][0])


def _seconds_since(started: float, first: Load) -> float:
    if first.answers != 1 or first.refused:
        raise NotAccepted(first.last_refusal)
    return time.monotonic() - started
