"""What was measured, as words and as JSON: ratios first, since a busy machine tells nothing else."""

import datetime as dt
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bench import acceptance, leads
from bench.acceptance import Acceptance
from bench.figures import Figure, figure, percentile, ratio
from bench.leads import Leads
from bench.plan import Plan
from sales_agent.kit.clock import SystemClock

_COLUMNS = ("per_second", "p50_ms", "p99_ms", "cpu_ms")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours beside a peer. `what` says which is better where it is not the greater one."""

    what: str
    times: Figure

    def __str__(self) -> str:
        return f"  {self.what:<64} {self.times}"


@dataclass(frozen=True, slots=True)
class Results:
    """Both parts; one is None where it was not asked for."""

    plan: Plan
    acceptance: Acceptance | None
    leads: Leads | None

    def ratios(self) -> list[Ratio]:
        """Every comparison, the most telling first."""
        found: list[Ratio] = []
        if self.acceptance:
            found += _acceptance_ratios(self.acceptance, self.plan)
        if self.leads:
            found += _leads_ratios(self.leads, self.plan)
        return found

    def as_json(self) -> dict[str, Any]:
        """Everything, with the machine it was measured on."""
        return {
            "measured_at": SystemClock().now().astimezone(dt.UTC).isoformat(timespec="seconds"),
            "machine": {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
            "load_average": os.getloadavg(),
            "ratios": [asdict(found) for found in self.ratios()],
            **asdict(self),
        }

    def words(self) -> Iterator[str]:
        """The lines to print."""
        yield "Ratios, ours beside a peer: median of the rounds (least-most). Above 1 ours is ahead."
        yield from map(str, self.ratios())
        yield "\nNumbers of this machine now (with whatever else it did)"
        if self.acceptance:
            yield from _acceptance_lines(self.acceptance)
        if self.leads:
            yield from _leads_lines(self.leads)


def _acceptance_ratios(found: Acceptance, plan: Plan) -> Iterator[Ratio]:
    most = max(plan.connections)
    for connections in sorted(plan.connections, reverse=True):
        ours = found.series(acceptance.OURS, connections, "per_second")
        bare = found.series(acceptance.BARE, connections, "per_second")
        yield Ratio(f"accepted/s, c={connections}, to FastAPI with an INSERT a request", ratio(ours, bare))
    if acceptance.FLOOR not in found.loads:
        return
    for connections in sorted(plan.connections, reverse=True):
        ours = found.series(acceptance.OURS, connections, "per_second")
        floor = found.series(acceptance.FLOOR, connections, "per_second")
        yield Ratio(f"accepted/s, c={connections}, to the floor (pgbench)", ratio(ours, floor))
    slow = ratio(found.series(acceptance.OURS, most, "p99_ms"), found.series(acceptance.FLOOR, most, "p99_ms"))
    yield Ratio(f"p99, c={most}, to the floor's (here less is better)", slow)
    busy = found.series(acceptance.BUSY, most, "per_second")
    floor = found.series(acceptance.FLOOR, most, "per_second")
    yield Ratio(f"accepted/s with relay and worker busy, c={most}, to the floor", ratio(busy, floor))


def _leads_ratios(found: Leads, plan: Plan) -> Iterator[Ratio]:
    for latency in plan.latencies_ms:
        ours = found.per_minute[leads.OURS][latency]
        for peer, size in leads.POOLS.items():
            what = f"leads/min, {latency} ms a call, to careless Celery {peer} ({size})"
            yield Ratio(what, ratio(ours, found.per_minute[peer][latency]))
    slowest = max(plan.latencies_ms)
    if slowest:
        one_by_one = found.calls_per_lead * slowest / 1000
        yield Ratio(
            f"time of one lead, {slowest} ms a call, to its calls one by one (here less is better)",
            figure([percentile(found.paced_seconds[leads.OURS][slowest], 50) / one_by_one]),
        )


def _acceptance_lines(found: Acceptance) -> Iterator[str]:
    yield "  accepted/s, p50 ms, p99 ms, processor ms of the API a request"
    for variant, by_connections in found.loads.items():
        for connections in by_connections:
            figures = (figure(found.series(variant, connections, name)) for name in _COLUMNS)
            yield f"    {variant:<18} c={connections:<4}" + "".join(f"{found!s:<26}" for found in figures)
    if acceptance.FLOOR not in found.loads:
        yield "    (no floor: this PostgreSQL comes without pgbench)"
    yield f"  API: first durable accept {found.seconds_to_first_accept:.2f} s after its start,"
    yield f"       {found.idle_megabytes:.0f} MB then, {found.megabytes_after:.0f} MB after all rounds"


def _leads_lines(found: Leads) -> Iterator[str]:
    yield f"  {found.calls_per_lead} provider calls a lead: leads/min, processor ms each, a lone lead's p50 and p95, ms"
    for peer, by_latency in found.per_minute.items():
        for latency, values in by_latency.items():
            paced = found.paced_seconds[peer][latency]
            times = f"{percentile(paced, 50) * 1000:.0f}, {percentile(paced, 95) * 1000:.0f}"
            size = f"({found.burst[peer][latency]} at once)"
            spent = figure(found.cpu_ms[peer][latency])
            yield f"    {peer:<9} {latency:>3} ms  {figure(values)!s:<24} {spent!s:<24} {size:<16} {times}"
    memory = ", ".join(f"{peer} {most:.0f} MB" for peer, most in found.most_megabytes.items())
    yield f"  memory at most: {memory}; ours idle after its first lead: {found.idle_megabytes[leads.OURS]:.0f} MB"
    yield f"  worker: first finished lead {found.seconds_to_first_lead:.2f} s after its start"
