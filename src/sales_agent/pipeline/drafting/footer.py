"""What stands below every mail that is sent: who writes, from where, and the way out."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from sales_agent.config import Settings
from sales_agent.controls.settings import SellerProfile, read_profile
from sales_agent.controls.unsubscribe import UnsubscribeLinks

# Mail programs know this line, blank and all: what follows is no longer the letter, and no answer quotes it.
_MARK: Final = "-- "

# By language; whoever reads neither understands the link.
_WAY_OUT: Final = {
    "en": "You do not want to hear from us any more? One click is enough:",
    "de": "Sie möchten nichts mehr von uns hören? Ein Klick genügt:",
}
_OTHERWISE: Final = "en"


def footer(*, postal_address: str, unsubscribe_url: str, language: str) -> str:
    """Plain text to append to a mail after an empty line. `language` is a tag such as `de` or `de-CH`."""
    sentence = _WAY_OUT.get(language.lower().partition("-")[0], _WAY_OUT[_OTHERWISE])
    address = "\n".join(line.strip() for line in postal_address.splitlines() if line.strip())
    return "\n".join(part for part in (_MARK, address, sentence, unsubscribe_url) if part)


async def shown_footer(session: AsyncSession, tenant_id: UUID, settings: Settings) -> str:
    """The footer as an operator is shown it: without the token, so that nobody unsubscribes a prospect by a click."""
    seller = await read_profile(session, tenant_id, SellerProfile.default(settings))
    link = UnsubscribeLinks.template(settings.webhook_base_url)
    return footer(postal_address=seller.postal_address, unsubscribe_url=link, language=seller.language)
