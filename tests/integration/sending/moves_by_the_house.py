"""What is turned and what goes on by itself: switches, limits, rules, workers, providers that misbehave, the time."""

import asyncio
import math
import time
from typing import Any

from sales_agent.controls.settings import Switches
from sales_agent.kit.errors import AppError
from sales_agent.ledger.audit.record import SYSTEM
from sales_agent.pipeline.approval.outgoing import queue_send
from sales_agent.pipeline.approval.recipients import count_send
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.workflow.state import WrittenVersion
from sales_agent.pipeline.workflow.steps.decide_approval import decide_approval
from sales_agent.sandbox.faults import FaultKind
from tests.integration.sending.moves_by_people import Move
from tests.integration.sending.office import new_address
from tests.integration.sending.play import PASSWORD, Play, said
from tests.integration.sending.witness import Consent, Paper

SEND = "drafts/send"

FAULTS: tuple[dict[str, Any], ...] = (
    {"path": SEND, "kind": FaultKind.ACT_THEN_STATUS, "status": 500},
    {"path": SEND, "kind": FaultKind.STATUS, "status": 503},
    {"path": SEND, "kind": FaultKind.ACT_THEN_HOLD},
    {"path": SEND, "kind": FaultKind.HOLD_BEFORE},
    {"path": SEND, "kind": FaultKind.ACT_THEN_DROP},
    {"path": SEND, "kind": FaultKind.STATUS, "status": 429, "headers": {"Retry-After": "0"}},
    {"path": "users/me/drafts/r", "method": "GET", "kind": FaultKind.STATUS, "status": 503, "times": 4},
)

# How far the clock is moved: past an hour's snooze, past a day's limit, past an approval's time.
HOURS = (2.0, 26.0, 80.0)

# What a limit is set to.
MOST = (0, 1, 2, 5)


async def work(play: Play, paper: Paper, way: int) -> str:
    del paper, way
    await play.work()
    return "done"


def round_of(kind: JobKind) -> Move:
    """A round of the schedule."""

    async def go(play: Play, paper: Paper, way: int) -> str:
        del paper, way
        await play.office.run(kind)
        return "done"

    return go


async def tidy(play: Play, paper: Paper, way: int) -> str:
    """Time passes, and what nobody decided expires. A draft waits from the first round on that has seen it."""
    del paper
    await play.office.run(JobKind.TIDY_DRAFTS)
    play.move_clock(HOURS[way % len(HOURS)])
    await play.office.run(JobKind.TIDY_DRAFTS)
    return f"{HOURS[way % len(HOURS)]:g} hours"


async def stop(play: Play, paper: Paper, way: int) -> str:
    del paper, way
    status, answer = await play.post("/api/admin/emergency-stop", {"reason": "a test"})
    if status == 200 and not _is_stopped(play):
        play.witness.stopped.append((time.time(), math.inf))
    return said((status, answer), "status")


async def resume(play: Play, paper: Paper, way: int) -> str:
    del paper, way
    asked = time.time()
    status, answer = await play.post("/api/admin/emergency-resume", {"admin_password": PASSWORD, "reason": "a test"})
    if status == 200 and _is_stopped(play):
        play.witness.stopped[-1] = (play.witness.stopped[-1][0], asked)
    return said((status, answer), "status")


def _is_stopped(play: Play) -> bool:
    return bool(play.witness.stopped) and play.witness.stopped[-1][1] == math.inf


def turning(switch: str) -> Move:
    """The even way is the careful one."""

    async def turn(play: Play, paper: Paper, way: int) -> str:
        del paper
        is_careful = way % 2 == 0
        value = getattr(Switches(), switch) is is_careful
        if not is_careful:
            play.witness.opened_now.add(switch)
        wish = {"key": switch, "value": value, "override_reason": "a test"}
        status, answer = await play.post("/api/admin/settings", wish)
        if status == 200:
            (play.witness.closed.add if is_careful else play.witness.closed.discard)(switch)
        return f"{status} {value}" if status == 200 else said((status, answer))

    return turn


async def limit(play: Play, paper: Paper, way: int) -> str:
    del paper
    name, value = list(play.witness.limits)[way % 3], MOST[way % len(MOST)]
    before = play.witness.limits[name]
    play.witness.set_limit(name, max(before, value))  # from this moment on it may count
    status, answer = await play.post("/api/admin/settings", {"key": name, "value": value})
    play.witness.set_limit(name, value if status == 200 else before)
    return f"{status} {name}={value}" if status == 200 else said((status, answer))


async def fault(play: Play, paper: Paper, way: int) -> str:
    del paper
    order = FAULTS[way % len(FAULTS)]
    await asyncio.to_thread(lambda: play.office.sandbox.fault(**{"times": 1, **order}))
    return f"{order['kind']} {order.get('status', '')} {order['path']}"


async def rule_decides(play: Play, paper: Paper, way: int) -> str:
    """A draft to somebody who was written to before, judged as the workflow does, and queued where it was let go."""
    del paper
    await _rule(play)
    office, address = play.office, new_address()
    asked, day = time.time(), play.now
    async with office.database.transaction(office.tenant_id) as session:
        await count_send(session, office.tenant_id, address, day)
    written = await play.write(address, waits=False)
    ceiling = Switches.ceiling(office.workers[0][0].container.settings)
    version = WrittenVersion(written.draft_id, 1, "", None, "", "", "template", "1")
    decided = await decide_approval(version, ceiling, office.database.tenant(office.tenant_id), play.clock)
    if decided.decision != DraftState.AUTO_APPROVED:
        return decided.decision
    forbidding = {"auto_approve_enabled", "operator_approval_required"} & play.witness.closed
    play.wrongs += [f"a rule approved in spite of {switch}" for switch in forbidding - play.witness.opened_now]
    written.consents.append(Consent(1, play.witness.step, asked, day, rule=play.witness.rule_on or 0))
    if way % 4 == 0:
        return decided.decision
    try:
        async with office.database.transaction(office.tenant_id) as session:
            await queue_send(session, office.tenant_id, written.draft_id, actor=SYSTEM, delay_seconds=0)
    except AppError as error:
        return error.code()
    return "queued"


async def rule_changes(play: Play, paper: Paper, way: int) -> str:
    """Ways: off, on again, another version, which goes back to shadow."""
    del paper
    await _rule(play)
    play.witness.rule_turned = True
    path, version = f"/api/admin/rules/{play.rule_id}", (await _listed(play))["version"]
    if way % 3 == 0:
        status, answer = await play.post(f"{path}/disable")
    elif way % 3 == 1:
        status, answer = await play.post(f"{path}/enable", {"override_reason": "a test"})
    else:
        wish = {"version": version, "priority": 10 + version}
        changed = await play.stage.client.patch(path, json=wish, headers=play.headers)
        status, answer = changed.status_code, changed.json()
    play.witness.rule_on = version if way % 3 == 1 else None
    return said((status, answer), "status")


async def _rule(play: Play) -> None:
    """The rule that knows whom was written to before, on by an owner's word from the first time it is asked for."""
    if not play.rule_id:
        await play.post("/api/admin/rules/seed")
        rule = await _listed(play)
        play.rule_id, play.witness.rule_on = rule["id"], rule["version"]
        await play.post(f"/api/admin/rules/{play.rule_id}/enable", {"override_reason": "a test"})


async def _listed(play: Play) -> dict[str, Any]:
    listed = await play.stage.client.get("/api/admin/rules", headers=play.headers)
    return next(rule for rule in listed.json()["rules"] if rule["rule_type"] == "known_good_recipient")
