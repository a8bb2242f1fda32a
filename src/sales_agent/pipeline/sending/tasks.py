"""Queue doors of sending: carry one send out, let go what only had to wait, look what people did in the mailbox."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.pipeline.drafting.create import set_state
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.repository import DraftRepository
from sales_agent.pipeline.queue.catalog import JobKind
from sales_agent.pipeline.queue.job import JobHandler
from sales_agent.pipeline.queue.lease import ClaimedJob
from sales_agent.pipeline.sending.carry import CarrierOf
from sales_agent.pipeline.sending.claim import is_in_the_air
from sales_agent.pipeline.sending.outcome import fail, lose_sight
from sales_agent.pipeline.sending.release import release_held
from sales_agent.pipeline.sending.repository import SendRepository
from sales_agent.pipeline.sending.watch import MailboxWatch, missing_headers

# Headers asked for in one round: sends whose answer came and whose look-up failed are rare.
HEADERS_A_ROUND = 20


def send_handler(carrier_of: CarrierOf) -> JobHandler:
    """Carries a send out; when its job gives up, the draft says so, and a lost one is asked about."""

    async def send(job: ClaimedJob) -> None:
        if job.subject_id is not None:
            await (await carrier_of(job)).carry(job.subject_id)

    return JobHandler(JobKind.SEND_DRAFT, send, on_give_up=_give_up)


def release_handler(carrier_of: CarrierOf) -> JobHandler:
    """Queues the held mails whose time has come."""

    async def release(job: ClaimedJob) -> None:
        carrier = await carrier_of(job)
        await release_held(carrier.db, carrier.mailbox, carrier.clock)

    return JobHandler(JobKind.RELEASE_HELD, release)


def watch_handler(carrier_of: CarrierOf) -> JobHandler:
    """Looks at the mailbox, and asks again for what could not be read back after a send."""

    async def watch(job: ClaimedJob) -> None:
        carrier = await carrier_of(job)
        await MailboxWatch(carrier.db, carrier.readers, carrier.mailbox.address).look()
        for send_id, message_id in await missing_headers(carrier.db, HEADERS_A_ROUND):
            await carrier.read_back(send_id, message_id)

    return JobHandler(JobKind.WATCH_MAILBOX, watch)


async def _give_up(session: AsyncSession, job: ClaimedJob, code: str, message: str) -> None:
    """In the transaction that buries the job. `message` may quote a provider, so only the code is shown."""
    del message
    draft_id: UUID | None = job.subject_id
    if draft_id is None:
        return
    draft = await DraftRepository(session, job.tenant_id).locked(draft_id)
    send = await SendRepository(session, job.tenant_id).under_way(draft_id)
    if draft is None:
        return
    because = f"the mailbox could not be reached ({code})"
    if send is not None and await is_in_the_air(session, job.tenant_id, send.id):
        await lose_sight(session, job.tenant_id, send, looks=send.looks, asks_person=True)
    elif send is not None:
        await fail(session, job.tenant_id, send, because)
    elif draft.state == DraftState.QUEUED:
        await set_state(session, job.tenant_id, draft_id, DraftState.HELD, reason=f"{because}. Send it again.")
