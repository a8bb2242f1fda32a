"""Gmail's labels: an id in every message, a name for people, made when missing."""

from sales_agent.connectors.account import Account, Reads
from sales_agent.connectors.answer import listed_at, required_text, text_at
from sales_agent.connectors.errors import AlreadyExists, Transient
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.permit import Permit


async def label_names(account: Reads) -> dict[str, str]:
    """Names by id; a system label is its own name."""
    answer = await account.read(paths.LABELS)
    return {text_at(label, "id"): text_at(label, "name") for label in listed_at(answer, "labels")}


async def label_id(account: Account, name: str, permit: Permit) -> str:
    """The id of the label with this name in any case, made when missing."""
    found = await _find(account, name)
    if found:
        return found
    body = {"name": name, "labelListVisibility": "labelShow", "messageListVisibility": "show"}
    try:
        return required_text(await account.write(paths.LABELS, json=body, permit=permit), "id")
    except AlreadyExists:
        # Another worker made it between our look and our write.
        found = await _find(account, name)
    if not found:
        raise Transient("the label is said to exist, and is not listed", provider="gmail", may_have_acted=False)
    return found


async def _find(account: Reads, name: str) -> str:
    wanted = name.lower()
    return next((found for found, known in (await label_names(account)).items() if known.lower() == wanted), "")
