"""The table of the 13 steps holds together: every name a step asks for is given to it, of the type it asks for."""

import inspect
import typing
from collections.abc import Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any
from uuid import UUID

import pytest

from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.workers import build_worker_parts
from sales_agent.config import Settings
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.queue.repository import JobRepository
from sales_agent.pipeline.workflow.form_lead import FORM_LEAD
from sales_agent.pipeline.workflow.repository import WorkflowRepository
from sales_agent.pipeline.workflow.state import RunState
from sales_agent.pipeline.workflow.step import Need, Step
from tests.conftest import DatabaseUrls
from tests.factories.pipeline import make_job
from tests.factories.records import make_submission
from tests.factories.store import store

STATE = typing.get_type_hints(RunState)
BY_NAME = {step.name: step for step in FORM_LEAD}
BY_FIELD = {step.gives: step for step in FORM_LEAD}


@pytest.fixture
async def provided(
    database: Database, tenant_id: UUID, database_urls: DatabaseUrls, data_dir: Path
) -> Mapping[str, Any]:
    """What a worker gives to the steps of a run, beside each other's outputs."""
    submission = make_submission(tenant_id)
    await store(database, submission)
    settings = Settings(_env_file=None, database_url=database_urls.app, data_dir=data_dir)
    parts = build_worker_parts(build_container(settings))
    waiting = make_job(tenant_id, id=submission.job_id, subject_id=submission.run_id)
    await store(database, waiting)
    async with database.transaction(tenant_id) as session:
        claimed = await JobRepository(session, tenant_id).claim([waiting.id], owner=new_id(), lease_seconds=30)
    async with database.transaction(tenant_id) as session:
        run = await WorkflowRepository(session, tenant_id).facts(submission.run_id)
    assert run is not None
    try:
        return {**await parts.engine.provide(claimed[waiting.id], run), "run": run}
    finally:
        await parts.close()


def before(step: Step) -> set[str]:
    """Every step that is over when this one begins."""
    return set(step.after).union(*(before(BY_NAME[name]) for name in step.after)) if step.after else set()


def is_of(value: Any, wanted: Any) -> bool:
    """Whether a value fits an annotation: an instance of a class, one of several, or everything a protocol lists."""
    if isinstance(wanted, UnionType):
        return any(is_of(value, option) for option in typing.get_args(wanted))
    origin = typing.get_origin(wanted) or wanted
    if getattr(origin, "_is_protocol", False):
        return all(hasattr(value, name) for name in vars(origin) if not name.startswith("_"))
    if origin is float:
        return isinstance(value, float | int) and not isinstance(value, bool)
    return isinstance(value, origin)


def complaint(step: Step, name: str, provided: Mapping[str, Any]) -> str:
    """What is wrong with a name that a step asks for, or nothing."""
    wanted = typing.get_type_hints(step.run)[name]
    if name in provided:
        return "" if is_of(provided[name], wanted) else f"is a {type(provided[name]).__name__}"
    if name == "omissions":
        return ""
    maker = BY_FIELD.get(name)
    if maker is None:
        return "is provided by nobody"
    if maker.name not in before(step):
        return f"is made by {maker.name}, which may come later"
    (output,) = (option for option in typing.get_args(STATE[name]) if option is not NoneType)
    expected = output | None if maker.need is Need.MAY else output
    return "" if wanted == expected else f"is asked for as {wanted}, and comes as {expected}"


async def test_whatever_a_step_names_is_provided_and_of_the_type_it_asks_for(provided: Mapping[str, Any]):
    complaints = [(step.name, name, complaint(step, name, provided)) for step in FORM_LEAD for name in step.needs]
    assert [found for found in complaints if found[2]] == []


@pytest.mark.parametrize("step", FORM_LEAD, ids=lambda step: step.name)
def test_a_step_gives_what_its_field_of_the_state_holds(step: Step):
    output = typing.get_type_hints(step.run)["return"]
    assert STATE[step.gives] == output | None
    assert inspect.iscoroutinefunction(step.run)


def test_every_field_of_the_state_is_filled_by_exactly_one_step():
    filled = [step.gives for step in FORM_LEAD]
    assert sorted(filled) == sorted(set(STATE) - {"omissions"})


def test_steps_stand_in_the_order_of_their_numbers_and_come_after_steps_above_them():
    assert [step.number for step in FORM_LEAD] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10.5, 11, 12, 13]
    above: set[str] = set()
    for step in FORM_LEAD:
        assert set(step.after) <= above
        above.add(step.name)


def test_the_last_step_comes_after_every_other_one():
    assert before(FORM_LEAD[-1]) == set(BY_NAME) - {FORM_LEAD[-1].name}


def test_threads_similar_leads_files_and_times_do_not_wait_for_each_other():
    side_by_side = {"search_threads", "recall_similar", "find_assets", "propose_times"}
    for name in side_by_side:
        assert not before(BY_NAME[name]) & side_by_side


def test_a_step_that_may_be_left_out_has_words_for_that_and_the_others_have_none():
    for step in FORM_LEAD:
        assert bool(step.without_it) == (step.need is Need.MAY), step.name


def test_only_steps_that_take_the_door_are_outward():
    for step in FORM_LEAD:
        assert step.outward == ("effects" in step.needs), step.name
