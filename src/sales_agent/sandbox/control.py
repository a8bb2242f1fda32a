"""The control API under /_sandbox/: faults, journal, state, clock, and what people do by hand."""

import datetime as dt
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias, cast

from aiohttp import web

from sales_agent.sandbox import incoming
from sales_agent.sandbox.hubspot.object_types import ObjectType
from sales_agent.sandbox.json_value import JsonObject, JsonValue
from sales_agent.sandbox.performing import Performer
from sales_agent.sandbox.sandbox import Sandbox
from sales_agent.sandbox.seeding.seed_drive import put_file
from sales_agent.sandbox.spoiling import whole
from sales_agent.sandbox.state_view import VIEWS
from sales_agent.sandbox.wire import Answer, Refused

PREFIX = "/_sandbox/"

Command: TypeAlias = Callable[[JsonObject], JsonValue]


class Control:
    """Commands by method and path. A command gets the query and the JSON body in one object."""

    def __init__(self, sandbox: Sandbox, performer: Performer) -> None:
        self._sandbox, self._performer = sandbox, performer
        self._commands: dict[tuple[str, str], Command] = {
            ("GET", "health"): self._health,
            ("GET", "faults"): lambda _: {"faults": sandbox.faults.shown()},
            ("POST", "faults"): lambda fields: sandbox.faults.give(fields).shown(),
            ("DELETE", "faults"): lambda f: {"withdrawn": sandbox.faults.withdraw(int(f.get("id", 0)))},
            ("GET", "journal"): self._journal,
            ("DELETE", "journal"): lambda _: sandbox.journal.clear() or {},
            ("POST", "reset"): self._reset,
            ("POST", "clock"): self._clock,
            ("POST", "settings"): self._settings,
            ("POST", "tokens/revoke"): lambda f: sandbox.world.tokens.revoked.add(str(f["token"])) or {},
            ("POST", "tokens/restore"): lambda f: sandbox.world.tokens.revoked.discard(str(f["token"])) or {},
            ("POST", "gmail/incoming"): lambda fields: incoming.deliver(sandbox.world, fields),
            ("POST", "gmail/ui-edit-draft"): lambda fields: incoming.edit_draft(sandbox.world, fields),
            ("POST", "gmail/ui-send-draft"): lambda f: incoming.send_by_hand(sandbox.world, str(f["draft_id"])),
            ("POST", "gmail/ui-delete-draft"): lambda f: incoming.delete_by_hand(sandbox.world, str(f["draft_id"])),
            ("POST", "gmail/forget-history"): lambda _: sandbox.world.mailbox.history.forget() or {},
            ("POST", "drive/files"): lambda fields: put_file(sandbox.world, fields),
            ("POST", "hubspot/submissions"): self._submit,
            ("POST", "hubspot/merge"): self._merge,
        }

    async def handle(self, request: web.BaseRequest) -> web.Response:
        name = request.path.removeprefix(PREFIX).strip("/")
        fields: JsonObject = dict(request.query)
        try:
            data = await request.read() if request.body_exists else b""
            fields |= cast("JsonObject", json.loads(data)) if data else {}
            answer = Answer(self._answer(request.method, name, fields))
        except Refused as refused:
            answer = refused.answer
        except (KeyError, TypeError, ValueError) as odd:
            answer = Answer({"error": f"{type(odd).__name__}: {odd}"}, HTTPStatus.BAD_REQUEST)
        if request.method == "POST":
            self._sandbox.changed()
        return whole(answer)

    def _answer(self, method: str, name: str, fields: JsonObject) -> JsonValue:
        if method == "GET" and name.startswith("state/"):
            return {"items": VIEWS[name.removeprefix("state/")](self._sandbox.world)}
        return self._commands[method, name](fields)

    def _reset(self, fields: JsonObject) -> JsonObject:
        self._sandbox.reset(is_empty=bool(fields.get("empty")))
        self._performer.hubspot_limit.enforced = 0
        return {}

    def _health(self, _fields: JsonObject) -> JsonObject:
        return {"status": "ok", "now": self._sandbox.world.clock.now().isoformat()}

    def _journal(self, fields: JsonObject) -> JsonObject:
        since = int(fields.get("since", 0))
        provider, path = str(fields.get("provider", "")), str(fields.get("path", ""))
        return {"entries": self._sandbox.journal.entries(provider, path, since)}

    def _clock(self, fields: JsonObject) -> JsonObject:
        """Shift by `seconds`, or set the present to `now` (ISO with offset)."""
        clock = self._sandbox.world.clock
        if "now" in fields:
            clock.shift((dt.datetime.fromisoformat(fields["now"]) - clock.now()).total_seconds())
        clock.shift(float(fields.get("seconds", 0)))
        return self._health({})

    def _settings(self, fields: JsonObject) -> JsonObject:
        """Change how the vendors behave; answers with all settings as they now are."""
        world = self._sandbox.world
        if "search_lag_seconds" in fields:
            world.crm.index.catch_up()
            world.crm.search_lag_seconds = float(fields["search_lag_seconds"])
        if "keeps_message_id" in fields:
            world.mailbox.keeps_message_id = bool(fields["keeps_message_id"])
        if "is_obedient" in fields:
            world.is_obedient = bool(fields["is_obedient"])
        if "hubspot_limit_per_10s" in fields:
            self._performer.hubspot_limit.enforced = int(fields["hubspot_limit_per_10s"])
        return {
            "search_lag_seconds": world.crm.search_lag_seconds,
            "keeps_message_id": world.mailbox.keeps_message_id,
            "is_obedient": world.is_obedient,
            "hubspot_limit_per_10s": self._performer.hubspot_limit.enforced,
        }

    def _submit(self, fields: JsonObject) -> JsonObject:
        """A person fills in a form: `form_id`, `values` (name to value), `page_url`."""
        world = self._sandbox.world
        rows = world.crm.submissions.setdefault(str(fields["form_id"]), [])
        submission: JsonObject = {
            "conversionId": f"5a9d0000-0000-4000-8000-{world.mailbox.new_number():012d}",
            "submittedAt": int(fields.get("submitted_at") or world.clock.now_ms()),
            "values": [
                {"name": name, "value": value, "objectTypeId": "0-1"}
                for name, value in cast("JsonObject", fields["values"]).items()
            ],
            "pageUrl": fields.get("page_url", "https://brightpath.example/contact"),
        }
        rows.append(submission)
        return submission

    def _merge(self, fields: JsonObject) -> JsonObject:
        """Merge contact `absorbed_id` into `survivor_id`, as a person does in the portal."""
        crm = self._sandbox.world.crm
        survivor, absorbed = (crm.find(ObjectType.CONTACTS, str(fields[key])) for key in ("survivor_id", "absorbed_id"))
        if survivor is None or absorbed is None:
            raise KeyError("no such contact")
        crm.merge(survivor, absorbed.id, absorbed.properties.get("email", ""))
        return {"id": survivor.id}
