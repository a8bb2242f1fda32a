"""Writes the reference page of the metrics."""

from sales_agent.observability.metrics import METRICS
from tools.generate.markdown import notice, table


def render() -> str:
    rows = [
        (f"`{metric.name}`", metric.kind, ", ".join(f"`{label}`" for label in metric.labels), metric.description)
        for metric in METRICS
    ]
    return (
        notice("src/sales_agent/observability/metrics.py")
        + "# Metrics\n\nServed at `/metrics`. Labels take values from closed sets only.\n\n"
        + table(("name", "kind", "labels", "what it counts"), rows)
    )
