"""HTTP doors of the team, for admins: users and API keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from sales_agent.access.auth.dependencies import open_database, require
from sales_agent.access.auth.models import User
from sales_agent.access.auth.password import generate_password, hash_password
from sales_agent.access.auth.principal import Principal, Scope
from sales_agent.access.auth.repository import ApiKeyRepository
from sales_agent.access.auth.roles import Role
from sales_agent.access.auth.user_repository import UserRepository
from sales_agent.console.team import keys, users
from sales_agent.console.team.authority import Authority
from sales_agent.console.team.schemas import (
    DisabledUser,
    KeyList,
    KeyMade,
    NewKeyBody,
    NewUserBody,
    PasswordBody,
    RoleBody,
    ShownKey,
    ShownUser,
    UserList,
    UserWithPassword,
)
from sales_agent.kit.clock import SystemClock
from sales_agent.kit.db import Database

router = APIRouter(prefix="/api/admin", tags=["team"])

Admin = Annotated[Principal, Depends(require(Scope.ADMIN))]
Store = Annotated[Database, Depends(open_database)]


@router.get("/users")
async def list_users(caller: Admin, database: Store) -> UserList:
    """Everybody of the team, disabled or not."""
    async with database.transaction(caller.tenant_id) as session:
        found = await UserRepository(session, caller.tenant_id).all()
    return UserList(total_count=len(found), users=[_shown(user) for user in found])


@router.post("/users", status_code=201)
async def create_user(body: NewUserBody, caller: Admin, database: Store) -> UserWithPassword:
    """Add somebody. Only an owner adds owners."""
    generated = None if body.password or body.signs_in_elsewhere else generate_password()
    plain = None if body.signs_in_elsewhere else body.password or generated
    password_hash = await hash_password(plain) if plain else None
    new = users.NewUser(email=body.email, name=body.name, role=body.role, password_hash=password_hash)
    async with database.transaction(caller.tenant_id) as session:
        user = await users.add_user(session, caller.tenant_id, new, Authority.of(caller))
    return UserWithPassword(user=_shown(user), password=generated)


@router.post("/users/{user_id}/role")
async def change_user_role(user_id: UUID, body: RoleBody, caller: Admin, database: Store) -> ShownUser:
    """Give another role; the person signs in anew. Only an owner changes owners, and one always stays."""
    async with database.transaction(caller.tenant_id) as session:
        return _shown(await users.change_role(session, caller.tenant_id, user_id, body.role, Authority.of(caller)))


@router.post("/users/{user_id}/password")
async def reset_user_password(user_id: UUID, body: PasswordBody, caller: Admin, database: Store) -> UserWithPassword:
    """Set another password, which ends the person's sessions. Only an owner does so for owners."""
    generated = None if body.password else generate_password()
    password_hash = await hash_password(body.password or generated or "")
    async with database.transaction(caller.tenant_id) as session:
        user = await users.set_password(session, caller.tenant_id, user_id, password_hash, Authority.of(caller))
    return UserWithPassword(user=_shown(user), password=generated)


@router.post("/users/{user_id}/disable")
async def disable_user(user_id: UUID, caller: Admin, database: Store) -> DisabledUser:
    """Refuse a person from now on, and end their sessions. Their drafts and decisions stay, and the keys told here."""
    async with database.transaction(caller.tenant_id) as session:
        user = await users.disable(session, caller.tenant_id, user_id, Authority.of(caller))
        left = await users.live_keys_of(session, user)
    now = SystemClock().now()
    live_keys = [ShownKey.of(key, now) for key in left]
    return DisabledUser(**_shown(user).model_dump(), live_keys=live_keys)


@router.post("/users/{user_id}/enable")
async def enable_user(user_id: UUID, caller: Admin, database: Store) -> ShownUser:
    """Let a person sign in again."""
    async with database.transaction(caller.tenant_id) as session:
        return _shown(await users.enable(session, caller.tenant_id, user_id, Authority.of(caller)))


@router.get("/api-keys")
async def list_api_keys(caller: Admin, database: Store) -> KeyList:
    """Every key with its last use; the keys themselves are not kept."""
    async with database.transaction(caller.tenant_id) as session:
        found = await ApiKeyRepository(session, caller.tenant_id).all()
    now = SystemClock().now()
    shown = [ShownKey.of(key, now) for key in found]
    return KeyList(total_count=len(shown), keys=shown)


@router.post("/api-keys", status_code=201)
async def create_api_key(body: NewKeyBody, caller: Admin, database: Store) -> KeyMade:
    """Make a key, shown this once. It can do no more than whoever makes it, and does not end in the past (400)."""
    now = SystemClock().now()
    async with database.transaction(caller.tenant_id) as session:
        key, plain = await keys.make_key(
            session,
            caller.tenant_id,
            name=body.name,
            scopes=set(body.scopes),
            expires_at=body.expires_at,
            now=now,
            by=Authority.of(caller),
        )
    return KeyMade(key=plain, details=ShownKey.of(key, now))


@router.delete("/api-keys/{key_id}", status_code=204)
async def revoke_api_key(key_id: UUID, caller: Admin, database: Store) -> None:
    """Refuse a key from now on. Only an owner revokes one that has the scope `owner`."""
    async with database.transaction(caller.tenant_id) as session:
        await keys.revoke_key(session, caller.tenant_id, key_id, Authority.of(caller))


def _shown(user: User) -> ShownUser:
    return ShownUser(
        id=user.id,
        email=user.email,
        name=user.name,
        role=Role(user.role),
        has_password=user.password_hash is not None,
        created_at=user.created_at,
        last_sign_in_at=user.last_sign_in_at,
        disabled_at=user.disabled_at,
    )
