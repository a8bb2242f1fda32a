"""Every metric of the product, one line each; label values come from closed sets (tables, enums), never from people."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

# Answers of the API: the promise is 500 ms, so most buckets lie below it.
_ANSWER = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
# Steps and provider calls: from a look into a cache to a language model that takes its time.
_WORK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
# Jobs wait milliseconds on a quiet day, minutes behind a retry, hours behind an outage.
_WAIT = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200)
_TOKENS = (100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000)


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the reference page. `kind` is counter, gauge or histogram."""

    name: str
    kind: str
    labels: tuple[str, ...]
    description: str


# A second series for each, holding the moment of its birth, that nobody asks for.
disable_created_metrics()

METRICS: list[Metric] = []

Made = TypeVar("Made", Counter, Gauge, Histogram)


def _listed(made: Made, kind: str, name: str, labels: tuple[str, ...], description: str) -> Made:
    METRICS.append(Metric(name, kind, labels, description))
    return made


def _counter(name: str, description: str, *labels: str) -> Counter:
    name = f"sales_agent_{name}"
    return _listed(Counter(name, description, labels), "counter", name, labels, description)


def _gauge(name: str, description: str, across: Literal["livesum", "mostrecent"], *labels: str) -> Gauge:
    """`across` says what the values of several processes make together."""
    name = f"sales_agent_{name}"
    return _listed(Gauge(name, description, labels, multiprocess_mode=across), "gauge", name, labels, description)


def _histogram(name: str, description: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    name = f"sales_agent_{name}"
    return _listed(Histogram(name, description, labels, buckets=buckets), "histogram", name, labels, description)


# Doors
HTTP_SECONDS = _histogram("http_answer_seconds", "Time to answer a request.", _ANSWER, "method", "route", "status")
WEBHOOK_ACCEPTED = _counter("webhook_accepted_total", "Webhook items answered 202, by what became of them.", "outcome")
WEBHOOK_REFUSED = _counter("webhook_refused_total", "Webhook requests refused, by code of the error.", "reason")
WEBHOOK_SECONDS = _histogram("webhook_accept_seconds", "Time from a webhook to its durable answer.", _ANSWER)

# Queue
JOBS_CLAIMED = _counter("jobs_claimed_total", "Jobs a worker has taken.", "kind")
JOBS_FINISHED = _counter("jobs_finished_total", "Jobs done.", "kind")
JOBS_RETRIED = _counter("jobs_retried_total", "Jobs put off to a later attempt, by class of error.", "kind", "error")
JOBS_FAILED = _counter("jobs_failed_total", "Jobs in the dead-letter queue, by class of error.", "kind", "error")
JOB_WAIT_SECONDS = _histogram("job_wait_seconds", "Time from a job being due to its being taken.", _WAIT, "kind")
JOB_SECONDS = _histogram("job_run_seconds", "Time a worker holds a job.", _WAIT, "kind")
OUTBOX_DUE = _gauge("outbox_due_jobs", "Jobs that are due and not yet handed to the queue.", "mostrecent")
WORKER_IN_FLIGHT = _gauge("worker_in_flight_jobs", "Jobs being worked on at this moment.", "livesum")

# Runs
RUNS = _counter("runs_finished_total", "Runs that came to an end.", "outcome")
RUN_SECONDS = _histogram("run_seconds", "Time from the stored submission to the end of its run.", _WAIT, "outcome")
STEP_SECONDS = _histogram("step_seconds", "Time a step takes.", _WORK, "step")
STEPS = _counter("steps_finished_total", "Steps ended, by step and outcome.", "step", "outcome")
DRAFTS_CREATED = _counter("drafts_created_total", "Drafts written, by the state they were born into.", "state")
FINDINGS = _counter("findings_total", "Findings of the safety checks.", "check", "severity")
DECISIONS = _counter("decisions_total", "Decisions on drafts, by rule and what was decided.", "rule", "decision")

# Outward
SENDS = _counter("sends_total", "Sends of approved drafts, by what came of them.", "outcome")
EFFECTS = _counter("effects_total", "Outward writes, by kind and the status they reached.", "kind", "status")
PROVIDER_CALLS = _counter("provider_calls_total", "Calls to providers, by class of answer.", "provider", "status")
PROVIDER_SECONDS = _histogram("provider_call_seconds", "Time a provider takes to answer.", _WORK, "provider")
LLM_TOKENS = _counter("llm_tokens_total", "Tokens billed by the language model: in, out.", "direction")
LLM_CALL_TOKENS = _histogram("llm_call_tokens", "Tokens of one call to the language model.", _TOKENS)


def exposition() -> tuple[bytes, str]:
    """The body and content type of `/metrics`.

    Of this process alone, or of all processes that share a folder of measurements where prometheus-client was
    started with one (its own environment variable).
    """
    registry = REGISTRY
    if values.ValueClass.__name__ == "MmapedValue":
        registry = CollectorRegistry()
        _forget_dead_processes(MultiProcessCollector(registry))
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _forget_dead_processes(collector: MultiProcessCollector) -> None:
    """What a process counted stays; how many jobs it had in hand died with it."""
    folder = str(vars(collector)["_path"])  # said nowhere else but in the environment
    for file in Path(folder).glob("gauge_live*_*.db"):
        process_id = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{process_id}").exists():
            file.unlink(missing_ok=True)


def status_class(status: int) -> str:
    """2xx to 5xx, or none for no answer at all: the label of HTTP statuses."""
    return f"{status // 100}xx" if 100 <= status < 600 else "none"  # noqa: PLR2004 - the range HTTP defines
