"""Writes the reference page of the workflow: the table of steps, and what stands in its rows."""

import inspect
import sys

from sales_agent.pipeline.workflow.form_lead import FORM_LEAD, NAME, VERSION
from sales_agent.pipeline.workflow.step import Step
from tools.generate.markdown import notice, table

_ABOUT = """
*Must*: retried, then the run fails into the dead-letter queue. *May*: retried, then the run goes on without it and the
draft says so. A step begins when those it comes after are done; steps that wait for the same one run side by side. Its
output is durable *at once*, or *with the next* that must be; before an outward step everything earlier is made durable.
"""


def render() -> str:
    head = ("#", "step", "need", "comes after", "durable", "limit", "what it does")
    return (
        notice("src/sales_agent/pipeline/workflow/form_lead.py")
        + f"# The steps of `{NAME}`, version {VERSION}\n{_ABOUT}\n"
        + table(head, (_row(step) for step in FORM_LEAD))
        + "\n## What a draft says where a step was gone without\n\n"
        + table(("step", "sentence"), ((f"`{step.name}`", step.without_it) for step in FORM_LEAD if step.without_it))
    )


def _row(step: Step) -> tuple[str, ...]:
    return (
        f"{step.number:g}",
        f"`{step.name}`" + (", outward" if step.outward else ""),
        step.need.value,
        ", ".join(f"`{name}`" for name in step.after),
        step.checkpoint.value.replace("_", " "),
        f"{step.limit_seconds:g} s",
        _sentence(step),
    )


def _sentence(step: Step) -> str:
    """The first sentence of the step's module, without the number it begins with."""
    about = inspect.getdoc(sys.modules[step.run.__module__]) or ""
    sentence = about.split("\n\n")[0].removeprefix(f"Step {step.number:g}: ").strip()
    return sentence[:1].upper() + sentence[1:]
