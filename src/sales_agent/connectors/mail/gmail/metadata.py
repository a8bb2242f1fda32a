"""Single headers of Gmail messages, asked for by name and without the mail's words."""

from sales_agent.connectors.account import Reads
from sales_agent.connectors.answer import JsonObject, object_at, text_at
from sales_agent.connectors.errors import Transient
from sales_agent.connectors.mail.gmail import paths
from sales_agent.connectors.mail.gmail.parse import headers_of


async def message_with_header(account: Reads, message_id: str, name: str) -> JsonObject:
    """The message with that one header; raises Missing, and Transient where the answer is another message."""
    query = [("format", "metadata"), ("metadataHeaders", name)]
    answer = await account.read(paths.MESSAGE, {"id": message_id}, query=query)
    if text_at(answer, "id") != message_id:
        raise Transient("the answer is not the message asked for", provider="gmail", may_have_acted=False)
    return answer


def header_in(message: JsonObject, name: str) -> str:
    """The first header of that name, "" where there is none."""
    return headers_of(object_at(message, "payload")).get(name.lower(), [""])[0].strip()


def marker_in(message: JsonObject) -> str:
    """The marker of the effect that wrote a message of ours, "" in any other."""
    return header_in(message, paths.EFFECT_HEADER)
