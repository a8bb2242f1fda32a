"""How each door that changes something is called so that it works: a new door needs a row, or a reason for none."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import httpx2

from sales_agent.access.auth.roles import Role
from sales_agent.kit.db import Database
from sales_agent.kit.ids import new_id
from sales_agent.pipeline.approval.seed import seed_rules
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.sending.models import Send
from tests.factories.access import make_api_key
from tests.factories.controls import make_suppression
from tests.factories.drafting import moved
from tests.factories.effects import make_effect
from tests.factories.operating import waiting_draft
from tests.factories.people import make_person, token_for
from tests.factories.pipeline import (
    make_approved_recipient,
    make_failed_task,
    make_job,
    make_run,
)
from tests.factories.records import make_submission
from tests.factories.store import store

PASSWORD = "a-password-nobody-guesses"
Ids = dict[str, UUID | str]


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant, and its owner at the doors of the application."""

    client: httpx2.AsyncClient
    database: Database
    tenant_id: UUID
    owner: Mapping[str, str]

    async def post(self, path: str, body: object = None) -> None:
        """A call on the way to the one that is looked at."""
        answer = await self.client.post(path, json=body, headers=self.owner)
        assert answer.is_success, (path, answer.text)


@dataclass(frozen=True, slots=True)
class Call:
    """`prepare` makes what the door works on and gives the ids for its path, which `body` may want too.

    `body`: JSON, or text as it is. `headers`: those of somebody else than the owner.
    """

    prepare: Callable[[Place], Awaitable[Ids]]
    body: object = None
    headers: Callable[[Ids], Mapping[str, str]] | None = None

    def sent(self, ids: Ids) -> object:
        """The body, made of the ids where it is a function."""
        return self.body(ids) if callable(self.body) else self.body


async def nothing(_: Place) -> Ids:
    return {}


async def a_draft(place: Place, *actions: str) -> Ids:
    """A draft that waits for a person, after these actions."""
    draft = await waiting_draft(place.database, place.tenant_id)
    for action in actions:
        await place.post(f"/api/operator/drafts/{draft.draft_id}/{action}", BODIES.get(action))
    return {"draft_id": draft.draft_id}


def after(*actions: str) -> Callable[[Place], Awaitable[Ids]]:
    async def prepare(place: Place) -> Ids:
        return await a_draft(place, *actions)

    return prepare


async def a_draft_and_a_colleague(place: Place) -> Ids:
    person = await make_person(place.database, place.tenant_id, Role.OPERATOR)
    return {**await a_draft(place), "user_id": person.user_id}


async def an_unknown_send(place: Place) -> Ids:
    draft = await waiting_draft(place.database, place.tenant_id)
    where = place.database, place.tenant_id, draft.draft_id
    await moved(*where, DraftState.APPROVED, DraftState.QUEUED, actor="user:mara")
    await moved(*where, DraftState.SENDING, DraftState.UNKNOWN)
    asked = Send(tenant_id=place.tenant_id, id=new_id(), draft_id=draft.draft_id, draft_version=draft.version)
    asked.body_hash, asked.mailbox, asked.recipient_digest = draft.body_hash, "mara@northwind.example", "0" * 64
    asked.status, asked.asks_person = "unknown", True
    await store(place.database, asked)
    return {"draft_id": draft.draft_id}


async def a_user(place: Place, **changes: object) -> Ids:
    return {"user_id": (await make_person(place.database, place.tenant_id, Role.OPERATOR, **changes)).user_id}


async def a_disabled_user(place: Place) -> Ids:
    return await a_user(place, disabled_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))


async def a_key(place: Place) -> Ids:
    return {"key_id": await store(place.database, make_api_key(place.tenant_id))}


async def a_failed_task(place: Place) -> Ids:
    job = make_job(place.tenant_id, state="failed")
    task = make_failed_task(place.tenant_id, job.id)
    await store(place.database, job, task)
    return {"failed_task_id": task.id}


async def a_held_effect(place: Place) -> Ids:
    held = make_effect(place.tenant_id, kind="crm.create_task", status="held")
    return {"effect_id": await store(place.database, held)}


async def a_held_effect_and_its_digest(place: Place) -> Ids:
    ids = await a_held_effect(place)
    page = (await place.client.get("/api/effects", headers=place.owner)).json()
    return {**ids, "reviewed": page["reviewed"]}


async def a_recipient(place: Place) -> Ids:
    return {"recipient_id": await store(place.database, make_approved_recipient(place.tenant_id))}


async def a_suppression(place: Place) -> Ids:
    return {"suppression_id": await store(place.database, make_suppression(place.tenant_id, reason="manual"))}


async def a_rule(place: Place) -> Ids:
    async with place.database.transaction(place.tenant_id) as session:
        await seed_rules(session, place.tenant_id)
    rules = (await place.client.get("/api/admin/rules", headers=place.owner)).json()["rules"]
    return {"rule_id": rules[0]["id"]}


async def a_rule_that_is_on(place: Place) -> Ids:
    ids = await a_rule(place)
    await place.post(f"/api/admin/rules/{ids['rule_id']}/enable", {"override_reason": "for the test"})
    return ids


async def an_ended_run(place: Place) -> Ids:
    submission = make_submission(place.tenant_id)
    run = make_run(place.tenant_id, submission.id, id=submission.run_id, job_id=submission.job_id, status="completed")
    job = make_job(place.tenant_id, id=submission.job_id, state="done")
    await store(place.database, submission, job, run)
    return {"workflow_id": run.id}


async def a_stop(place: Place) -> Ids:
    await place.post("/api/admin/emergency-stop", {"reason": "wrong price list"})
    return {}


async def a_changed_setting(place: Place) -> Ids:
    await place.post("/api/admin/settings", {"key": "max_emails_per_day", "value": 5})
    return {"key": "max_emails_per_day"}


async def a_flag(place: Place) -> Ids:
    flags = (await place.client.get("/api/admin/flags", headers=place.owner)).json()["flags"]
    return {"name": flags[0]["name"], "enabled": not flags[0]["enabled"]}


async def a_person_who_may_sign_in(place: Place) -> Ids:
    person = await make_person(place.database, place.tenant_id)
    return {"email": person.email, "password": person.password}


async def a_session(place: Place) -> Ids:
    person = await make_person(place.database, place.tenant_id)
    return {"token": await token_for(place.database, person), "password": person.password}


TOMORROW = (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()
BODIES: dict[str, object] = {
    "reject": {"reason": "tone"},
    "snooze": {"until": TOMORROW},
    "edit": {"subject": "Other words"},
    "note": {"text": "They called."},
}

DRAFT, ADMIN = "/api/operator/drafts/{draft_id}", "/api/admin"

CALLS: dict[tuple[str, str], Call] = {
    ("POST", f"{DRAFT}/approve"): Call(after()),
    ("POST", f"{DRAFT}/send"): Call(after("approve")),
    ("POST", f"{DRAFT}/undo"): Call(after("approve")),
    ("POST", f"{DRAFT}/reject"): Call(after(), BODIES["reject"]),
    ("POST", f"{DRAFT}/edit"): Call(after(), BODIES["edit"]),
    ("POST", f"{DRAFT}/regenerate"): Call(after()),
    ("POST", f"{DRAFT}/snooze"): Call(after(), BODIES["snooze"]),
    ("POST", f"{DRAFT}/wake"): Call(after("snooze")),
    ("POST", f"{DRAFT}/cancel"): Call(after()),
    ("POST", f"{DRAFT}/reopen"): Call(after("reject")),
    ("POST", f"{DRAFT}/note"): Call(after(), BODIES["note"]),
    ("POST", f"{DRAFT}/assign"): Call(a_draft_and_a_colleague, lambda ids: {"user_id": str(ids["user_id"])}),
    ("POST", f"{DRAFT}/arrival"): Call(an_unknown_send, {"arrived": True}),
    ("POST", "/api/workflows/{workflow_id}/rerun"): Call(an_ended_run, {"from_step": "write_draft"}),
    ("POST", "/api/async/failed-tasks/{failed_task_id}/retry"): Call(a_failed_task),
    ("POST", "/api/async/failed-tasks/{failed_task_id}/resolve"): Call(a_failed_task),
    ("POST", "/api/effects/{effect_id}/release"): Call(a_held_effect),
    ("POST", "/api/effects/{effect_id}/cancel"): Call(a_held_effect),
    ("POST", "/api/effects/release"): Call(
        a_held_effect_and_its_digest, lambda ids: {"ids": [str(ids["effect_id"])], "reviewed": ids["reviewed"]}
    ),
    ("POST", f"{ADMIN}/rules/seed"): Call(nothing),
    ("POST", f"{ADMIN}/rules/{{rule_id}}/enable"): Call(a_rule, {"override_reason": "for the test"}),
    ("POST", f"{ADMIN}/rules/{{rule_id}}/disable"): Call(a_rule_that_is_on),
    ("PATCH", f"{ADMIN}/rules/{{rule_id}}"): Call(a_rule, {"version": 1, "confidence": 0.5}),
    ("DELETE", f"{ADMIN}/approved-recipients/{{recipient_id}}"): Call(a_recipient),
    ("POST", f"{ADMIN}/suppressions"): Call(nothing, {"domain": "fabrikam.example"}),
    ("POST", f"{ADMIN}/suppressions/import"): Call(nothing, "address\nada@fabrikam.example\n"),
    ("DELETE", f"{ADMIN}/suppressions/{{suppression_id}}"): Call(a_suppression, {"reason": "a mistake"}),
    ("POST", f"{ADMIN}/settings"): Call(nothing, {"key": "max_emails_per_day", "value": 5}),
    ("DELETE", f"{ADMIN}/settings/{{key}}"): Call(a_changed_setting),
    ("POST", f"{ADMIN}/flags/{{name}}"): Call(a_flag, lambda ids: {"enabled": ids["enabled"]}),
    ("POST", f"{ADMIN}/emergency-stop"): Call(nothing, {"reason": "wrong price list"}),
    ("POST", f"{ADMIN}/emergency-resume"): Call(a_stop, {"admin_password": PASSWORD, "reason": "all is well"}),
    ("POST", f"{ADMIN}/users"): Call(nothing, {"email": "ole@northwind.example", "role": "operator"}),
    ("POST", f"{ADMIN}/users/{{user_id}}/role"): Call(a_user, {"role": "viewer"}),
    ("POST", f"{ADMIN}/users/{{user_id}}/password"): Call(a_user, {}),
    ("POST", f"{ADMIN}/users/{{user_id}}/disable"): Call(a_user),
    ("POST", f"{ADMIN}/users/{{user_id}}/enable"): Call(a_disabled_user),
    ("POST", f"{ADMIN}/api-keys"): Call(nothing, {"name": "ci", "scopes": ["read"]}),
    ("DELETE", f"{ADMIN}/api-keys/{{key_id}}"): Call(a_key),
    ("POST", "/api/session"): Call(
        a_person_who_may_sign_in,
        lambda ids: {"email": ids["email"], "password": ids["password"]},
        headers=lambda _: {},
    ),
    ("POST", "/api/session/password"): Call(
        a_session,
        lambda ids: {"current_password": ids["password"], "new_password": PASSWORD},
        headers=lambda ids: {"Authorization": f"Bearer {ids['token']}"},
    ),
    ("DELETE", "/api/session"): Call(a_session, headers=lambda ids: {"Authorization": f"Bearer {ids['token']}"}),
}

# Doors with a method that may change something, and no call above; each with its reason.
NO_CALL = {
    ("POST", "/api/webhooks/hubspot/form-submission"): "what came in is the submission's own row, kept with its bytes; "
    "the trail begins with its run",
    ("POST", "/api/demo/lead"): "needs the sandbox: shown beside the other demo leads",
    ("POST", "/u/{token}"): "needs a sealed link: shown beside the other unsubscriptions",
    ("POST", f"{ADMIN}/rule-backtests"): "a question with a body: nothing changes",
    ("POST", f"{ADMIN}/suppressions/check"): "a question with a body: nothing changes",
    ("POST", f"{DRAFT}/claim"): "says for two minutes who is reading: it decides nothing, and ends by itself",
    ("POST", f"{DRAFT}/release_claim"): "as claim",
}
