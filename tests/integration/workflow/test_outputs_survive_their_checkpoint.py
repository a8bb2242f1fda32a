"""What a step gave is what a later attempt reads back from the checkpoint, whatever a world may put into it."""

import datetime as dt
import json
import typing
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sales_agent.kit.storable import storable_json
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from sales_agent.pipeline.workflow.step import Step

# What PostgreSQL's JSON can hold: no NUL, no half of a surrogate pair, no infinity; moments are aware and in UTC.
st.register_type_strategy(str, st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(
    Mapping, lambda wanted: st.dictionaries(*(st.from_type(part) for part in typing.get_args(wanted)), max_size=5)
)
st.register_type_strategy(dt.datetime, st.datetimes(timezones=st.just(dt.UTC)))


def read_back(step: Step, value: Any) -> Any:
    """Through the same doors as the engine: to JSON, into the store, and back into a value."""
    stored = json.dumps(storable_json(step.output.dump_python(value, mode="json")))
    return step.output.validate_python(json.loads(stored))


@pytest.mark.parametrize("step", FORM_LEAD, ids=lambda step: step.name)
def test_an_output_is_the_same_after_its_checkpoint(step: Step):
    output = step.run.__annotations__["return"]

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.from_type(output))
    def survives(value: Any) -> None:
        assert read_back(step, value) == value

    survives()
