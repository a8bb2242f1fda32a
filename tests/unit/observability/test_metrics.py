import re
import subprocess
import sys

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from sales_agent.config import child_environment
from sales_agent.observability import metrics

UNITS = ("_total", "_seconds", "_jobs", "_tokens")
WITHOUT_PRODUCT = """
import sys
from sales_agent.observability import metrics
known = {name.partition('.')[0] for name in sys.modules}
assert not known & {'fastapi', 'starlette', 'sqlalchemy', 'psycopg', 'celery', 'aiohttp'}, known
"""
A_PROCESS = """
import sys
from sales_agent.observability import metrics
metrics.JOBS_FINISHED.labels(kind='form_lead').inc(3)
metrics.WORKER_IN_FLIGHT.set(2)
metrics.STEP_SECONDS.labels(step='write_draft').observe(0.2)
print(metrics.exposition()[0].decode() if sys.argv[1:] else '')
"""


def test_every_metric_is_named_by_one_convention_and_described():
    for metric in metrics.METRICS:
        assert re.fullmatch(r"sales_agent_[a-z]+(_[a-z]+)*", metric.name)
        assert metric.name.endswith(UNITS)
        assert metric.description.endswith(".")
        assert metric.kind in {"counter", "gauge", "histogram"}
        assert (metric.kind == "counter") == metric.name.endswith("_total")
        assert all(re.fullmatch("[a-z_]+", label) for label in metric.labels)


def test_no_label_could_hold_a_persons_data():
    labels = {label for metric in metrics.METRICS for label in metric.labels}
    assert not labels & {"email", "address", "tenant", "tenant_id", "path", "url", "name", "draft_id", "run_id"}


def test_the_table_and_the_registry_know_the_same_metrics():
    registered = {family.name for family in REGISTRY.collect() if family.name.startswith("sales_agent_")}
    assert registered == {metric.name.removesuffix("_total") for metric in metrics.METRICS}
    assert len({metric.name for metric in metrics.METRICS}) == len(metrics.METRICS)


def test_what_is_measured_can_be_read():
    metrics.EFFECTS.labels(kind="gmail.draft", status="done").inc()
    body, content_type = metrics.exposition()
    assert content_type.startswith("text/plain")
    assert 'sales_agent_effects_total{kind="gmail.draft",status="done"} ' in body.decode()
    assert "effects_created" not in body.decode()
    list(text_string_to_metric_families(body.decode()))


def test_statuses_fall_into_classes():
    assert [metrics.status_class(status) for status in (0, 99, 101, 200, 404, 599, 600)] == [
        *("none", "none", "1xx", "2xx", "4xx", "5xx", "none"),
    ]


def test_measuring_needs_neither_web_nor_database():
    subprocess.run([sys.executable, "-c", WITHOUT_PRODUCT], check=True)


def test_processes_that_share_a_folder_are_read_as_one(tmp_path):
    environment = child_environment(PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    subprocess.run([sys.executable, "-c", A_PROCESS], check=True, env=environment)
    last = subprocess.run([sys.executable, "-c", A_PROCESS, "read"], check=True, env=environment, capture_output=True)
    told = last.stdout.decode()
    assert 'sales_agent_jobs_finished_total{kind="form_lead"} 6.0' in told
    assert 'sales_agent_step_seconds_count{step="write_draft"} 2.0' in told
