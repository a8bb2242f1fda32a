"""What the doors of the team take and answer."""

import datetime as dt
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sales_agent.access.auth.password import MAX_LENGTH, MIN_LENGTH
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role

# A secret in a body shall not come back in the words of an error.
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ShownUser(BaseModel):
    """A person of the team."""

    id: UUID
    email: str
    name: str
    role: Role
    has_password: bool = Field(description="False for who signs in with the identity provider only.")
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None
    disabled_at: dt.datetime | None


class UserList(BaseModel):
    """Everybody, oldest first."""

    total_count: int
    users: list[ShownUser]


class NewUserBody(BaseModel):
    """A person to be added."""

    model_config = _STRICT

    email: str = Field(max_length=254)
    role: Role
    name: str = Field("", max_length=200)
    password: str | None = Field(
        None, min_length=MIN_LENGTH, max_length=MAX_LENGTH, description="One is made up, and answered once, without."
    )
    signs_in_elsewhere: bool = Field(False, description="Without a password, with the identity provider only.")


class UserWithPassword(BaseModel):
    """A person, and the password that was made up for them: it cannot be shown again."""

    user: ShownUser
    password: str | None


class RoleBody(BaseModel):
    """Another role."""

    model_config = _STRICT

    role: Role


class PasswordBody(BaseModel):
    """Another password."""

    model_config = _STRICT

    password: str | None = Field(
        None, min_length=MIN_LENGTH, max_length=MAX_LENGTH, description="One is made up, and answered once, without."
    )


class ShownKey(BaseModel):
    """An API key, as far as it is known: of the key itself only a digest is kept."""

    id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    created_by: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None = Field(description="To the minute.")
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None


class KeyList(BaseModel):
    """Every key, newest first, revoked ones too."""

    total_count: int
    keys: list[ShownKey]


class NewKeyBody(BaseModel):
    """A key to be made."""

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=100, description="Who or what will use it; stands in the audit trail.")
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    expires_at: AwareDatetime | None = Field(None, description="It lives until it is revoked without.")


class KeyMade(BaseModel):
    """The new key, whole, this once."""

    key: str
    details: ShownKey
