"""The parts of sign-in, put together from the settings."""

import datetime as dt
from dataclasses import dataclass

from sales_agent.config import Settings
from sales_agent.connectors.oidc import IdentityProvider
from sales_agent.console.signin.cookies import OIDC_PATH, Cookies
from sales_agent.console.signin.oidc_door import OidcDoor
from sales_agent.console.signin.own_password import OwnPassword
from sales_agent.console.signin.password_door import PasswordDoor
from sales_agent.console.signin.people import People
from sales_agent.kit.clock import Clock
from sales_agent.kit.crypto import Keyring
from sales_agent.kit.db import Database


@dataclass(frozen=True, slots=True)
class SignInDoors:
    """Both ways in, the cookies they give, and the way to another password."""

    password: PasswordDoor
    own_password: OwnPassword
    oidc: OidcDoor
    cookies: Cookies


def sign_in_doors(settings: Settings, database: Database, keyring: Keyring, clock: Clock) -> SignInDoors:
    """The doors of this installation; without OIDC_ISSUER the second one is shut."""
    lives = dt.timedelta(hours=settings.session_hours)
    people = People(database, lives)
    base_url = settings.webhook_base_url
    provider = None
    if settings.oidc_issuer:
        provider = IdentityProvider(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            redirect_uri=f"{base_url}{OIDC_PATH}/callback",
            timeout_seconds=settings.provider_timeout_seconds,
        )
    return SignInDoors(
        password=PasswordDoor(database, people),
        own_password=OwnPassword(database, lives),
        oidc=OidcDoor(people, provider, keyring, clock),
        cookies=Cookies(is_secure=base_url.startswith("https://"), session_seconds=int(lives.total_seconds())),
    )
