"""The kill switch from the command line: whoever reaches the database with our settings needs no password."""

from collections.abc import Mapping
from dataclasses import asdict

from sales_agent.bootstrap.command_line import COMMAND_LINE
from sales_agent.bootstrap.container import build_container
from sales_agent.bootstrap.setup import tenant_of
from sales_agent.config import Settings
from sales_agent.console.kill_switch.stopping import Stopper, StopReport
from sales_agent.controls.kill_switch import InstallationSwitch, KillSwitch, KillSwitchStatus
from sales_agent.kit.db import Database

Told = Mapping[str, object]


async def stop(settings: Settings, *, slug: str | None, reason: str) -> Told:
    """Stop a tenant, or everybody where none is named; what was found. Raises TenantUnknown."""
    container = build_container(settings)
    try:
        stopper, by = Stopper(container.database), COMMAND_LINE.actor
        if slug is None:
            return _report(await stopper.stop_everything(by=by, reason=reason))
        tenant_id = await tenant_of(container.database, slug)
        return _report(await stopper.stop_tenant(tenant_id, by=by, reason=reason))
    finally:
        await container.close()


async def resume(settings: Settings, *, slug: str | None, reason: str) -> Told:
    """Lift the stop of a tenant, or that of everybody; how things stand then, and whether it was set.

    Raises TenantUnknown.
    """
    container = build_container(settings)
    try:
        by = COMMAND_LINE.actor
        if slug is None:
            return await _resume_everybody(container.database, by, reason)
        tenant_id = await tenant_of(container.database, slug)
        async with container.database.transaction(tenant_id) as session:
            switch = KillSwitch(session, tenant_id)
            was_stopped = await switch.resume(by=by, reason=reason)
            return {**_status(await switch.status()), "was_stopped": was_stopped}
    finally:
        await container.close()


async def status(settings: Settings, *, slug: str | None) -> Told:
    """How a tenant stands, or everybody, and what is in flight. Raises TenantUnknown."""
    container = build_container(settings)
    try:
        tenant_id = None if slug is None else await tenant_of(container.database, slug)
        async with container.database.transaction(tenant_id) as session:
            switch = InstallationSwitch(session) if tenant_id is None else KillSwitch(session, tenant_id)
            found = await switch.status()
        reach = await Stopper(container.database).reach(tenant_id, found.epoch)
        told = {"in_flight": reach.in_flight, "workers": reach.workers, "confirmed": reach.confirmed}
        return {**_status(found), **told}
    finally:
        await container.close()


def as_line(told: Told) -> str:
    """How things stand, for people."""
    if told["stopped_at"] is None:
        return "Nothing is stopped." if told.get("was_stopped", True) else "Nothing is stopped, nor was it before."
    is_everybody = told["scope"] == "installation"
    whose = "Everybody is" if is_everybody else "The tenant is"
    line = f"{whose} stopped since {told['stopped_at']} by {told['stopped_by']}: {told['reason'] or 'no reason given'}"
    if is_everybody and "was_stopped" in told:
        return f"{line}. That is lifted by `sales-agent emergency resume` without --tenant."
    return line


async def _resume_everybody(database: Database, by: str, reason: str) -> Told:
    async with database.transaction() as session:
        switch = InstallationSwitch(session)
        was_stopped = await switch.resume(by=by, reason=reason)
        found = await switch.status()
    if was_stopped:
        await Stopper(database).tell_every_tenant("kill_switch.resumed", by=by, epoch=found.epoch)
    return {**_status(found), "was_stopped": was_stopped}


def _report(report: StopReport) -> Told:
    numbers = {name: value for name, value in asdict(report).items() if name != "status"}
    return {**_status(report.status), **numbers}


def _status(found: KillSwitchStatus) -> Told:
    return asdict(found)
