"""What the doors of the team take and answer."""

import datetime as dt
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from sales_agent.access.auth.models import ApiKey
from sales_agent.access.auth.password import MAX_LENGTH, MIN_LENGTH
from sales_agent.access.auth.principal import Scope
from sales_agent.access.auth.roles import Role
from sales_agent.console.team.keys import KeyState, state_of
from sales_agent.kit.bodies import Body


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


class NewUserBody(Body):
    """A person to be added."""

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


class RoleBody(Body):
    """Another role."""

    role: Role


class PasswordBody(Body):
    """Another password."""

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
    state: KeyState = Field(description="Only a live one opens anything.")

    @classmethod
    def of(cls, key: ApiKey, now: dt.datetime) -> "ShownKey":
        """One key as it stands now."""
        return cls(
            id=key.id,
            name=key.name,
            prefix=key.prefix,
            scopes=[Scope(scope) for scope in key.scopes],
            created_by=key.created_by,
            created_at=key.created_at,
            last_used_at=key.last_used_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            state=state_of(key, now),
        )


class DisabledUser(ShownUser):
    """A person who is refused from now on, and what they leave behind that is not."""

    live_keys: list[ShownKey] = Field(
        description="API keys this person made that still open doors: revoke those that nothing needs."
    )


class KeyList(BaseModel):
    """Every key, newest first, revoked ones too."""

    total_count: int
    keys: list[ShownKey]


class NewKeyBody(Body):
    """A key to be made."""

    name: str = Field(min_length=1, max_length=100, description="Who or what will use it; stands in the audit trail.")
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    expires_at: AwareDatetime | None = Field(
        None, description="A moment to come; it lives until it is revoked without."
    )


class KeyMade(BaseModel):
    """The new key, whole, this once."""

    key: str
    details: ShownKey
