"""What every process of ours has, and what the API has beside that."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from sales_agent.access.auth.admin_password import load_admin_password
from sales_agent.access.tenancy.keyring import load_keyring
from sales_agent.bootstrap.connector_checks import ConnectorChecks
from sales_agent.bootstrap.probes import sandbox_answers
from sales_agent.bootstrap.tenants import Tenants, tenant_ceiling
from sales_agent.config import Settings
from sales_agent.connectors.call import CallRecord
from sales_agent.connectors.transport import Transport
from sales_agent.console.demo.lead import DemoDoor
from sales_agent.console.kill_switch.emergency import EmergencyDoor
from sales_agent.console.kill_switch.stopping import Stopper
from sales_agent.console.settings.changing import SettingsDoor
from sales_agent.console.signin.doors import SignInDoors, sign_in_doors
from sales_agent.console.unsubscribe.door import UnsubscribeDoor
from sales_agent.controls.sending_policy import SendingPolicy
from sales_agent.controls.settings import SellerProfile, Switches
from sales_agent.controls.unsubscribe import UnsubscribeLinks, load_unsubscribe_key
from sales_agent.effects.kinds import EffectKinds, table_of
from sales_agent.kit.clock import Clock, ShiftedClock, SystemClock
from sales_agent.kit.crypto import Keyring
from sales_agent.kit.db import WAIT_SECONDS, Database, make_engine
from sales_agent.observability import metrics
from sales_agent.pipeline.approval.desk import Desk
from sales_agent.pipeline.drafting.mail_kinds import CREATE_MAIL_DRAFT, UPDATE_MAIL_DRAFT
from sales_agent.pipeline.intake.receive import Receiver
from sales_agent.pipeline.intake.sources import Sources
from sales_agent.pipeline.sending.mail_kinds import SEND_MAIL
from sales_agent.pipeline.workflow.hook import KillOnce, NoHook, StepHook
from sales_agent.pipeline.workflow.steps.crm_kinds import CREATE_COMPANY, CREATE_CONTACT, CREATE_NOTE, CREATE_TASK
from sales_agent.pipeline.workflow.steps.mail_kinds import LABEL_THREAD

# THE table of outward writes: nothing leaves the house that is not a row here.
EFFECT_KINDS: EffectKinds = table_of(
    CREATE_COMPANY,
    CREATE_CONTACT,
    CREATE_MAIL_DRAFT,
    CREATE_TASK,
    CREATE_NOTE,
    LABEL_THREAD,
    UPDATE_MAIL_DRAFT,
    SEND_MAIL,
)


@dataclass(frozen=True, slots=True)
class Container:
    """What every process of ours has."""

    settings: Settings
    database: Database
    clock: Clock
    keyring: Keyring
    links: UnsubscribeLinks

    async def close(self) -> None:
        """Give back what is held."""
        await self.database.dispose()


@dataclass(frozen=True, slots=True)
class ApiContainer:
    """What the API has beside that."""

    base: Container
    receiver: Receiver
    sources: Sources
    demo: DemoDoor
    unsubscribe: UnsubscribeDoor
    emergency: EmergencyDoor
    settings_door: SettingsDoor
    transport: Transport
    desk: Desk
    sign_in: SignInDoors
    ceiling: Callable[[UUID | None], Awaitable[Switches]]

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.base.settings

    @property
    def database(self) -> Database:
        """The database; authentication reads it from here."""
        return self.base.database

    async def close(self) -> None:
        """Give back what is held."""
        await self.transport.close()
        await self.base.close()

    @property
    def effect_kinds(self) -> EffectKinds:
        """What may be written outside."""
        return EFFECT_KINDS


def build_container(settings: Settings, *, wait_seconds: float = WAIT_SECONDS) -> Container:
    """The common parts; `wait_seconds` is how long a caller waits for a connection. Opens nothing yet."""
    database = Database(
        make_engine(
            settings.database_url,
            pool_size=settings.database_pool_size,
            prepared=settings.database_prepared_statements,
            wait_seconds=wait_seconds,
        )
    )
    return Container(
        settings=settings,
        database=database,
        clock=build_clock(settings),
        keyring=load_keyring(settings),
        links=UnsubscribeLinks(settings.webhook_base_url, load_unsubscribe_key(settings)),
    )


def build_api_container(settings: Settings) -> ApiContainer:
    """The parts of the API."""
    base = build_container(settings)
    receiver, sources = Receiver(base.database), Sources(base.database, base.keyring)
    transport, ceiling = build_transport(settings, base.clock), partial(tenant_ceiling, base)
    connectors = ConnectorChecks(Tenants(base, transport), base.clock)
    return ApiContainer(
        base=base,
        receiver=receiver,
        sources=sources,
        demo=DemoDoor(receiver, sources, base.clock, partial(sandbox_answers, settings.sandbox_port)),
        unsubscribe=UnsubscribeDoor(base.database, base.links, SellerProfile.default(settings)),
        emergency=EmergencyDoor(Stopper(base.database), load_admin_password(settings), ceiling),
        settings_door=SettingsDoor(base.database, settings, ceiling, connectors.check),
        transport=transport,
        desk=Desk(base.database, base.clock, SendingPolicy.default(settings), SellerProfile.default(settings)),
        sign_in=sign_in_doors(settings, base.database, base.keyring, base.clock),
        ceiling=ceiling,
    )


def build_clock(settings: Settings) -> Clock:
    """The machine's clock, or a test's."""
    return ShiftedClock(Path(settings.test_clock_file)) if settings.test_clock_file else SystemClock()


def build_hook(settings: Settings) -> StepHook:
    """Nothing, or a test's kill."""
    return KillOnce(Path(settings.test_kill_file)) if settings.test_kill_file else NoHook()


def build_transport(settings: Settings, clock: Clock) -> Transport:
    """The one transport of the process, measured."""
    return Transport(
        timeout_seconds=settings.provider_timeout_seconds,
        retry_waits=settings.provider_retry_seconds,
        on_call=_measure,
        clock=clock,
    )


def _measure(record: CallRecord) -> None:
    status = "none" if record.status is None else metrics.status_class(record.status)
    metrics.PROVIDER_CALLS.labels(provider=record.vendor, status=status).inc()
    metrics.PROVIDER_SECONDS.labels(provider=record.vendor).observe(record.seconds)
