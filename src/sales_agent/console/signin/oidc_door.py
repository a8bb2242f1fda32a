"""Signing in with an identity provider: who the provider vouches for, and has a place here already, is let in."""

import base64
import binascii
import datetime as dt
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sales_agent.access.auth.models import User
from sales_agent.connectors.oidc import Identity, IdentityProvider, Question, new_question
from sales_agent.console.signin.people import People, SignedIn
from sales_agent.kit.addresses import canonical_address
from sales_agent.kit.clock import Clock
from sales_agent.kit.crypto import Keyring, SecretUnreadable
from sales_agent.kit.errors import InvalidInput, NotAllowed, NotFound

# Long enough to find a second factor, short enough that a forgotten tab is no way in.
LASTS = dt.timedelta(minutes=10)

_METHOD = "oidc"
_BINDING = "oidc sign-in"


class OidcNotSetUp(NotFound):
    """No identity provider is set up here (OIDC_ISSUER): sign in with a password."""


class OidcStateMismatch(InvalidInput):
    """This answer of the identity provider belongs to no sign-in of this browser, or to one too old: start again."""


class PersonUnknown(NotAllowed):
    """You are known to the identity provider, but nobody has given you a place here: ask an admin."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser on its way: where to, and what it must bring back in a cookie."""

    url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class OidcDoor:
    """Lets people in whom the provider vouches for; nobody is made here by signing in."""

    people: People
    provider: IdentityProvider | None
    keyring: Keyring
    clock: Clock

    async def start(self, slug: str | None) -> Departure:
        """Send a browser to the provider. Raises OidcNotSetUp, IdentityProviderUnavailable."""
        if self.provider is None:
            raise OidcNotSetUp
        question = new_question()
        url = await self.provider.address_for(question)
        ends_at = (self.clock.now() + LASTS).timestamp()
        return Departure(url, self._sealed({**asdict(question), "slug": slug or "", "ends_at": ends_at}))

    async def finish(self, *, state: str, code: str, cookie: str) -> SignedIn:
        """Let in who came back.

        Raises OidcNotSetUp, OidcStateMismatch, PersonUnknown, SeveralTenants, and what `IdentityProvider.redeem` does.
        """
        if self.provider is None:
            raise OidcNotSetUp
        kept = self._opened(cookie)
        question = Question(*(str(kept.get(name, "")) for name in ("state", "nonce", "code_verifier")))
        is_fresh = self.clock.now().timestamp() < float(str(kept.get("ends_at", 0)))
        if not is_fresh or not hmac.compare_digest(question.state.encode(), state.encode()):
            raise OidcStateMismatch
        identity = await self.provider.redeem(code, question)
        known = await self._known(identity, str(kept.get("slug", "")) or None)
        user = await self.people.the_one(known)
        return await self.people.let_in(user, method=_METHOD, subject=identity.subject)

    async def _known(self, identity: Identity, slug: str | None) -> Sequence[User]:
        """Those with the provider's id; else those with its verified address who have no id yet. Raises PersonUnknown.

        The address must be the very one: what counts as one mailbox with one provider may be two people with another.
        """
        meant = await self.people.by_subject(identity.subject, slug)
        if not meant and identity.email:
            same = await self.people.by_email(canonical_address(identity.email), slug)
            meant = [user for user in same if user.email.lower() == identity.email.strip().lower()]
            live = [user for user in meant if user.disabled_at is None and user.oidc_subject is None]
        else:
            live = [user for user in meant if user.disabled_at is None]
        if not live:
            await self.people.refuse(meant, method=_METHOD, reason="another_subject")
            raise PersonUnknown
        return live

    def _sealed(self, kept: dict[str, object]) -> str:
        """Encrypted, or whoever reads the cookie could answer in the browser's place; in letters a cookie may hold."""
        return base64.urlsafe_b64encode(self.keyring.encrypt(json.dumps(kept), bound_to=_BINDING).encode()).decode()

    def _opened(self, cookie: str) -> dict[str, object]:
        try:
            return json.loads(self.keyring.decrypt(base64.urlsafe_b64decode(cookie).decode(), bound_to=_BINDING))
        except (SecretUnreadable, binascii.Error, ValueError) as error:
            raise OidcStateMismatch from error
