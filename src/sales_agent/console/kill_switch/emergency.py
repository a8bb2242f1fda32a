"""Who may stop, resume and ask: an account for its own tenant, the installation's password for everybody.

The right password stops whatever was tried before it; only wrong ones are counted. Resuming is the dangerous
direction: it always needs a password, and every try counts before it is looked at.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from sales_agent.access.auth.admin_password import is_admin_password
from sales_agent.access.auth.attempts import count_attempt, forgive_attempt
from sales_agent.access.auth.dependencies import ScopeMissing
from sales_agent.access.auth.password import verify_password
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.console.kill_switch.stopping import Reach, Stopper, StopReport
from sales_agent.controls.kill_switch import InstallationSwitch, KillSwitch, KillSwitchStatus
from sales_agent.controls.settings import CAREFUL, Switches, read_switches
from sales_agent.kit.errors import InvalidInput, NotAllowed, NotAuthenticated, TooManyRequests

log = structlog.get_logger()

# Whoever knows the installation's password, as the trails name them.
ADMIN = "admin_password"
UNKNOWN = "unknown"

# Wrong passwords that are written down at one moment: a flood of them must not take the connections a stop needs.
_REFUSED_AT_ONCE = 2

Refusal = NotAuthenticated | NotAllowed


class AdminPasswordWrong(NotAllowed):
    """This is not the password."""


class AdminPasswordMissing(NotAllowed):
    """To resume, send the password as `admin_password` or as X-Admin-Token, whoever you are."""


class TooManyWrongPasswords(TooManyRequests):
    """Too many wrong passwords within a minute; wait one."""


class ReasonMissing(InvalidInput):
    """Say why everything is safe again: `reason`."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a resume came to: how things stand then, and whether that which it lifts was set at all."""

    status: KillSwitchStatus
    was_stopped: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who it is, or why that cannot be told; the password that came with it; the address it came from."""

    caller: Principal | Refusal
    password: str
    client: str


@dataclass(frozen=True, slots=True)
class EmergencyStatus:
    """How a tenant stands, or with `switches` of the environment the whole installation."""

    status: KillSwitchStatus
    switches: Switches
    reach: Reach


@dataclass(frozen=True, slots=True)
class EmergencyDoor:
    """`ceiling(tenant_id)`: how far a tenant's switches may go, None for the environment's own."""

    stopper: Stopper
    admin_password: str = field(repr=False)
    ceiling: Callable[[UUID | None], Awaitable[Switches]]
    refusals: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_REFUSED_AT_ONCE))

    async def stop(self, call: Call, reason: str) -> StopReport:
        """Stop the caller's tenant, or everybody by the password. Raises as the call deserves, DatabaseUnavailable."""
        caller = call.caller
        if isinstance(caller, Principal) and caller.may(Scope.OPERATE):
            return await self.stopper.stop_tenant(caller.tenant_id, by=caller.actor, reason=reason)
        if call.password and is_admin_password(self.admin_password, call.password):
            return await self.stopper.stop_everything(by=ADMIN, reason=reason)
        raise await self._refused(call, "kill_switch.stop_refused", Scope.OPERATE)

    async def resume(self, call: Call, reason: str) -> Resumed:
        """Lift the stop of the caller's tenant, or that of everybody."""
        caller = call.caller
        if isinstance(caller, Principal) and not caller.may(Scope.ADMIN):
            raise ScopeMissing(needs=Scope.ADMIN.value)
        if not call.password:
            raise AdminPasswordMissing if isinstance(caller, Principal) else _with_the_other_way_in(caller)
        if not reason.strip():
            raise ReasonMissing
        if not await self._may_try(call):
            raise TooManyWrongPasswords
        if not await self._is_right(call):
            raise await self._turned_away(call, "kill_switch.resume_refused", AdminPasswordWrong())
        await forgive_attempt(self.stopper.database, _key(call))
        if isinstance(caller, Principal):
            return await self._resume_tenant(caller, reason)
        return await self._resume_everything(reason)

    async def status(self, call: Call) -> EmergencyStatus:
        """How the caller's tenant stands, or by the password everybody."""
        caller = call.caller
        if isinstance(caller, Principal) and caller.may(Scope.READ):
            return await self._status_of(caller.tenant_id)
        if call.password and is_admin_password(self.admin_password, call.password):
            return await self._status_of(None)
        raise await self._refused(call, "kill_switch.status_refused", Scope.READ)

    async def auto_approves(self, caller: Principal | Refusal, status: KillSwitchStatus) -> bool:
        """Whether rules may approve by themselves, as things stand."""
        tenant_id = caller.tenant_id if isinstance(caller, Principal) else None
        return status.stopped_at is None and (await self._status_of(tenant_id)).switches.auto_approve_enabled

    async def _status_of(self, tenant_id: UUID | None) -> EmergencyStatus:
        switches = await self.ceiling(tenant_id)
        async with self.stopper.database.transaction(tenant_id) as session:
            if tenant_id is None:
                status = await InstallationSwitch(session).status()
            else:
                status = await KillSwitch(session, tenant_id).status()
                switches = await read_switches(session, tenant_id, switches)
        reach = await self.stopper.reach(tenant_id, status.epoch)
        return EmergencyStatus(status, CAREFUL if status.stopped_at else switches, reach)

    async def _resume_tenant(self, caller: Principal, reason: str) -> Resumed:
        async with self.stopper.database.transaction(caller.tenant_id) as session:
            switch = KillSwitch(session, caller.tenant_id)
            was_stopped = await switch.resume(by=caller.actor, reason=reason)
            status = await switch.status()
        log.warning("kill_switch.resumed", scope="tenant", tenant_id=str(caller.tenant_id), epoch=status.epoch)
        return Resumed(status, was_stopped)

    async def _resume_everything(self, reason: str) -> Resumed:
        async with self.stopper.database.transaction() as session:
            switch = InstallationSwitch(session)
            was_stopped = await switch.resume(by=ADMIN, reason=reason)
            status = await switch.status()
        log.warning("kill_switch.resumed", scope="installation", epoch=status.epoch)
        if was_stopped:
            await self.stopper.tell_every_tenant("kill_switch.resumed", by=ADMIN, epoch=status.epoch)
        return Resumed(status, was_stopped)

    async def _is_right(self, call: Call) -> bool:
        """The installation's password, or the signed-in person's own."""
        if is_admin_password(self.admin_password, call.password):
            return True
        caller = call.caller
        if not isinstance(caller, Principal) or caller.user_id is None:
            return False
        async with self.stopper.database.transaction(caller.tenant_id) as session:
            user = await UserRepository(session, caller.tenant_id).get(caller.user_id)
        return user is not None and await verify_password(user.password_hash, call.password)

    async def _refused(self, call: Call, action: str, needs: Scope) -> Exception:
        """The error that answers a call without the right, after it was written down."""
        caller = call.caller
        if call.password:
            if not await self._may_try(call):
                return TooManyWrongPasswords()
            return await self._turned_away(call, action, AdminPasswordWrong())
        return ScopeMissing(needs=needs.value) if isinstance(caller, Principal) else _with_the_other_way_in(caller)

    async def _may_try(self, call: Call) -> bool:
        async with self.refusals:
            return await count_attempt(self.stopper.database, _key(call))

    async def _turned_away(self, call: Call, action: str, error: NotAllowed) -> NotAllowed:
        """Write down, beside the installation's switch, who was turned away unknown; the known stand in their trail."""
        if not isinstance(call.caller, Principal):
            async with self.refusals, self.stopper.database.transaction() as session:
                await InstallationSwitch(session).refuse(action, by=UNKNOWN, because=error.code())
        log.warning(action, because=error.code())
        return error


def _with_the_other_way_in(refusal: Refusal) -> Refusal:
    """Whoever has no key may have the password, which these doors take as well."""
    if isinstance(refusal, NotAuthenticated) and not refusal.detail:
        refusal.detail = "Or send the admin password, as X-Admin-Token, or as `admin_password` in a body."
    return refusal


def _key(call: Call) -> str:
    """Attempts are counted by where they come from."""
    return f"emergency:{call.client}"
