"""An OpenID Connect provider on the wire: discovery, authorize, token and keys, strict with us, and able to lie."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "sales-agent", "hush-client-secret"


@dataclass(slots=True)
class Asked:
    """One authorization, between its two halves."""

    redirect_uri: str
    challenge: str
    nonce: str


@dataclass
class IdentityProvider:
    """Lets in whoever `person` says, at once; `lies` are claims that its tokens state instead of the true ones."""

    key: RSAKey
    issuer: str = ""
    person: dict[str, object] = field(default_factory=dict[str, object])
    lies: dict[str, object] = field(default_factory=dict[str, object])
    signs_with: RSAKey | OctKey | None = None
    algorithm: str = "RS256"
    calls_itself: str = ""
    asked: dict[str, Asked] = field(default_factory=dict[str, Asked])
    refusals: list[str] = field(default_factory=list[str])

    async def describe(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.calls_itself or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, _: web.Request) -> web.Response:
        return web.json_response(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: web.Request) -> web.Response:
        """As a provider does whose user has just typed their password."""
        query = request.query
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "code_challenge_method": "S256"}
        wrong = [name for name, value in wanted.items() if query.get(name) != value]
        wrong += [name for name in ("state", "nonce", "code_challenge", "redirect_uri") if not query.get(name)]
        if wrong or "openid" not in query.get("scope", "").split():
            return self._refused(f"authorize: {wrong or 'scope'}")
        code = secrets.token_urlsafe()
        self.asked[code] = Asked(query["redirect_uri"], query["code_challenge"], query["nonce"])
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")

    async def token(self, request: web.Request) -> web.Response:
        """A code is good once, for the client that asked, with the verifier its challenge was made of."""
        form = await request.post()
        credential = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {credential}":
            return self._refused("invalid_client")
        asked = self.asked.pop(str(form.get("code")), None)
        if asked is None or form.get("redirect_uri") != asked.redirect_uri:
            return self._refused("invalid_grant")
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked.challenge:
            return self._refused("invalid_grant: code_verifier")
        access_token = secrets.token_urlsafe()
        return web.json_response(
            {"access_token": access_token, "token_type": "Bearer", "expires_in": 60, "id_token": self._signed(asked)}
        )

    def _signed(self, asked: Asked) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": asked.nonce}
        stated = {**claims, **self.person, **self.lies}
        told = {name: value for name, value in stated.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "none":  # which no library writes any more
            return ".".join([_encoded(header), _encoded(told), ""])
        return jwt.encode(header, told, self.signs_with or self.key, algorithms=[self.algorithm])

    def _refused(self, why: str) -> web.Response:
        self.refusals.append(why)
        return web.json_response({"error": why.partition(":")[0]}, status=400)


@asynccontextmanager
async def serving_identities(key: RSAKey) -> AsyncIterator[IdentityProvider]:
    """The provider on a port of its own."""
    provider = IdentityProvider(key)
    app = web.Application()
    app.add_routes(
        [
            web.get("/.well-known/openid-configuration", provider.describe),
            web.get("/authorize", provider.authorize),
            web.post("/token", provider.token),
            web.get("/keys", provider.keys),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    _, port = runner.addresses[0][:2]
    provider.issuer = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        await runner.cleanup()


def _encoded(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def somebody(email: str, subject: str = "subject-1", **more: object) -> Mapping[str, object]:
    """What a provider says of a person whose address it has verified."""
    return {"sub": subject, "email": email, "email_verified": True, **more}
