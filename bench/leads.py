"""The second part: leads a minute and the time of one, our worker beside careless Celery, same provider calls."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from bench.careless import TASK, make_app
from bench.load import Order
from bench.plan import Plan
from bench.processes import Part, start_part, until
from bench.stage import Stage

OURS, PREFORK, THREADS = "ours", "prefork", "threads"
# As many processes as careless Celery was given where the targets were set, and threads for all that waits at once.
POOLS = {PREFORK: 4, THREADS: 50}
# Whoever needs longer for one burst is stuck.
BURST_SECONDS = 120.0


class LeadLost(RuntimeError):
    """A lead that was accepted did not come to its end."""


@dataclass(slots=True)
class Leads:
    """By peer and latency: leads a minute and processor time a lead, one value a round; seconds of each paced lead."""

    seconds_to_first_lead: float = 0.0
    calls_per_lead: int = 0
    idle_megabytes: dict[str, float] = field(default_factory=dict[str, float])
    most_megabytes: dict[str, float] = field(default_factory=dict[str, float])
    per_minute: dict[str, dict[int, list[float]]] = field(default_factory=dict[str, dict[int, list[float]]])
    cpu_ms: dict[str, dict[int, list[float]]] = field(default_factory=dict[str, dict[int, list[float]]])
    burst: dict[str, dict[int, int]] = field(default_factory=dict[str, dict[int, int]])
    paced_seconds: dict[str, dict[int, list[float]]] = field(default_factory=dict[str, dict[int, list[float]]])


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to work on leads: how they are put in, how many have ended, how long each of the last ones took."""

    name: str
    part: Part
    put: Callable[[int, str], None]
    ended: Callable[[str], int]
    seconds: Callable[[str], list[float]]


def measure_leads(stage: Stage, plan: Plan, say: Callable[[str], None]) -> Leads:
    """Peers take turns; the idle ones wait for their queue."""
    found = Leads()
    with _peers(stage, found) as peers:
        for latency in plan.latencies_ms:
            stage.providers.set(latency_ms=latency)
            sizes = {peer.name: _warm_and_size(peer, plan) for peer in peers}
            for turn in range(plan.rounds):
                for peer in peers:
                    say(f"leads {peer.name} at {latency} ms, round {turn + 1}")
                    _burst(peer, sizes[peer.name], latency, turn, found)
            for peer in peers:
                found.burst.setdefault(peer.name, {})[latency] = sizes[peer.name]
                say(f"paced leads {peer.name} at {latency} ms")
                seconds = _paced(peer, plan, f"paced-{latency}-{peer.name}")
                found.paced_seconds.setdefault(peer.name, {})[latency] = seconds
        _all_runs_completed(stage)
    return found


@contextmanager
def _peers(stage: Stage, found: Leads) -> Iterator[list[Peer]]:
    api, relay = stage.start_api(), stage.start_relay()
    parts = [api, relay]
    try:
        api.wait(stage.api_is_up)
        stage.providers.set(record=True)
        ours = _ours(stage, stage.start_worker())
        parts.append(ours.part)
        _first_lead(ours, found)
        calls = stage.folder / "calls.json"
        calls.write_text(json.dumps(_calls_of_a_later_lead(stage, ours)))
        found.calls_per_lead = len(json.loads(calls.read_text()))
        peers = [ours]
        for name, concurrency in POOLS.items():
            peers.append(_careless(stage, name, concurrency, str(calls)))
            parts.append(peers[-1].part)
        yield peers
    finally:
        for part in reversed(parts):
            part.end()


def _first_lead(ours: Peer, found: Leads) -> None:
    """A lead that lies in wait while the worker starts."""
    ours.put(1, "first")
    found.seconds_to_first_lead = ours.part.wait(lambda: ours.ended("first"))
    found.idle_megabytes[OURS] = ours.part.megabytes()


def _calls_of_a_later_lead(stage: Stage, ours: Peer) -> list[tuple[str, str, str]]:
    """What a lead asks the providers once the portal's association types are known."""
    stage.providers.set(record=True)
    _carry(ours, 1, "recorded", lambda: None)
    calls = stage.providers.recorded()
    stage.providers.set()
    return calls


def _ours(stage: Stage, part: Part) -> Peer:
    def put(count: int, series: str) -> None:
        load = stage.client.put(Order(stage.ours(), series, min(16, count), BURST_SECONDS, limit=count))
        if load.refused:
            raise LeadLost(load.last_refusal)

    def ended(series: str) -> int:
        return stage.rows(
            "select count(*) from job join submission s using (tenant_id) where job.id = s.job_id and s.dedupe_key"
            " like %s and job.state in ('done', 'failed')",
            f"id:{series}-%",
        )[0][0]

    def seconds(series: str) -> list[float]:
        rows = stage.rows(
            "select extract(epoch from job.finished_at - s.created_at)::float from job join submission s"
            " on job.id = s.job_id where s.dedupe_key like %s",
            f"id:{series}-%",
        )
        return [row[0] for row in rows]

    return Peer(OURS, part, put, ended, seconds)


def _careless(stage: Stage, pool: str, concurrency: int, calls: str) -> Peer:
    argv = (stage.celery_url, stage.owner_url, str(stage.providers_port), calls, pool, pool, str(concurrency))
    part = start_part(pool, ("bench.careless", *argv), stage.folder)
    app = make_app(stage.celery_url)

    def put(count: int, series: str) -> None:
        for number in range(count):
            app.send_task(TASK, args=[f"{series}-{number}-{uuid4().hex}", time.time()], queue=pool)

    def ended(series: str) -> int:
        return stage.rows("select count(*) from bench.careless_draft where lead like %s", f"{series}-%")[0][0]

    def seconds(series: str) -> list[float]:
        rows = stage.rows(
            "select extract(epoch from stored_at - queued_at)::float from bench.careless_draft where lead like %s",
            f"{series}-%",
        )
        return [row[0] for row in rows]

    return Peer(pool, part, put, ended, seconds)


def _warm_and_size(peer: Peer, plan: Plan) -> int:
    """A first small burst, by whose rate the later ones are made as long as the plan wants them."""
    few = 2 * POOLS.get(peer.name, 8)
    series = f"warm-{uuid4().hex[:8]}"
    seconds = _carry(peer, few, series, lambda: None)
    return max(few, min(plan.most_leads, int(few / seconds * plan.burst_seconds)))


def _burst(peer: Peer, count: int, latency: int, turn: int, found: Leads) -> None:
    """All at once."""

    def look() -> None:
        found.most_megabytes[peer.name] = max(found.most_megabytes.get(peer.name, 0.0), peer.part.megabytes())

    spent = peer.part.cpu_seconds()
    seconds = _carry(peer, count, f"burst-{latency}-{turn}-{peer.name}", look)
    spent = peer.part.cpu_seconds() - spent
    found.per_minute.setdefault(peer.name, {}).setdefault(latency, []).append(count / seconds * 60)
    found.cpu_ms.setdefault(peer.name, {}).setdefault(latency, []).append(spent / count * 1000)


def _carry(peer: Peer, count: int, series: str, look: Callable[[], None]) -> float:
    """Put so many in and wait until all have ended; the seconds of both together."""
    began = time.monotonic()
    peer.put(count, series)

    def check() -> None:
        peer.part.check()
        look()

    until(
        lambda: peer.ended(series) >= count,
        f"{peer.name}: {count} leads end; see {peer.part.log}",
        within=BURST_SECONDS,
        check=check,
        every=0.03,
    )
    return time.monotonic() - began


def _paced(peer: Peer, plan: Plan, series: str) -> list[float]:
    """One lead after the other at a steady pace; the seconds from each one's acceptance to its end, sorted."""
    pace = threading.Event()
    for number in range(plan.paced_leads):
        peer.put(1, f"{series}-{number}")
        pace.wait(1 / plan.paced_per_second)
    until(
        lambda: peer.ended(series) >= plan.paced_leads,
        f"{peer.name}: paced leads end",
        within=BURST_SECONDS,
        check=peer.part.check,
        every=0.05,
    )
    return sorted(peer.seconds(series))


def _all_runs_completed(stage: Stage) -> None:
    """Speed counts only for leads that ended as they should: with a draft in the mailbox and no step left out."""
    statuses = dict(stage.rows("select status, count(*) from workflow_run group by status"))
    skipped = stage.rows("select step, count(*) from step_run where status <> 'done' group by step")
    effects = stage.rows("select status, count(*) from effect where status <> 'done' group by status")
    if set(statuses) != {"completed"} or skipped or effects:
        raise LeadLost(f"runs: {statuses}; steps not done: {skipped}; effects not done: {effects}")
