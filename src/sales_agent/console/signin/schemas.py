"""What the doors of sign-in take and answer."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, Field

from sales_agent.access.auth.password import MAX_LENGTH, MIN_LENGTH
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.kit.bodies import Body


class SignInBody(Body):
    """Address and password; the tenant only where the address belongs to several."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=MAX_LENGTH)
    tenant: str | None = Field(None, max_length=100, description="Slug, where 409 `several_tenants` asked for it.")


class OwnPasswordBody(Body):
    """The password that the caller has, and the one they want."""

    current_password: str = Field(min_length=1, max_length=MAX_LENGTH)
    new_password: str = Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)


class ShownTenant(BaseModel):
    """The tenant that the caller works in."""

    id: UUID
    slug: str
    name: str
    is_demo: bool


class ShownPerson(BaseModel):
    """The person who is signed in."""

    id: UUID
    email: str
    name: str
    role: Role


class SessionAnswer(BaseModel):
    """Who calls, and what they may do."""

    tenant: ShownTenant
    user: ShownPerson | None = Field(description="None where a program calls with an API key.")
    scopes: list[Scope] = Field(description="Every scope the caller has, those held in others too.")
    csrf_token: str | None = Field(description="Send it as X-CSRF-Token with every call that changes something.")
    expires_at: dt.datetime | None = Field(description="When the session ends by itself.")
