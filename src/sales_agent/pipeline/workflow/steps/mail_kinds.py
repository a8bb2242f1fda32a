"""The outward write that marks a thread in the seller's own mailbox: nothing here reaches a prospect."""

from dataclasses import dataclass

from sales_agent.connectors.permit import Permit
from sales_agent.connectors.readers import Readers
from sales_agent.connectors.writers import Writers
from sales_agent.effects.kinds import Done, EffectKind


@dataclass(frozen=True, slots=True)
class LabelWish:
    """A label for a thread."""

    thread_id: str
    label: str


async def _label_thread(writers: Writers, wish: LabelWish, _: str, permit: Permit) -> Done:
    await writers.mail.label_thread(wish.thread_id, wish.label, permit)
    return Done(wish.thread_id)


async def _find_label(readers: Readers, wish: LabelWish, _dependency: str, _permit: Permit) -> Done | None:
    labels = await readers.mail.thread_label_names(wish.thread_id)
    return Done(wish.thread_id) if wish.label in labels else None


LABEL_THREAD = EffectKind(
    "mail.label_thread", LabelWish, _label_thread, _find_label, title="Label the thread in the mailbox"
)
