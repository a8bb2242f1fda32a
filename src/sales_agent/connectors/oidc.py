"""People who sign in elsewhere: the authorization code flow of OpenID Connect, with PKCE, state and a signed token."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from sales_agent.kit.errors import InvalidInput, TemporarilyUnavailable

# Signed with a key of the provider's own. A token signed with a secret that we hold too would prove nothing.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

# How far the provider's clock may be from ours.
_LEEWAY_SECONDS = 60

_SCOPE = "openid email profile"


class IdentityProviderUnavailable(TemporarilyUnavailable):
    """The identity provider cannot be reached, or does not answer as one, right now."""


class IdentityRefused(InvalidInput):
    """The identity provider did not say, in a way that can be believed, who you are: start again."""


@dataclass(frozen=True, slots=True)
class Question:
    """One sign-in under way: what the browser is sent with, and what the answer must fit."""

    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for. `email` is empty unless the provider has verified it."""

    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One issuer, and our client there. Its description and keys are read anew for each sign-in: they are rare."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    timeout_seconds: float

    async def address_for(self, question: Question) -> str:
        """Where to send the browser. Raises IdentityProviderUnavailable."""
        async with self._client() as client:
            description = await self._description(client)
            url, _ = client.create_authorization_url(
                _text(description, "authorization_endpoint"),
                state=question.state,
                nonce=question.nonce,
                code_verifier=question.code_verifier,
            )
        return str(url)

    async def redeem(self, code: str, question: Question) -> Identity:
        """Who came back with this code. Raises IdentityRefused, IdentityProviderUnavailable."""
        try:
            async with self._client() as client:
                description = await self._description(client)
                token = await client.fetch_token(
                    _text(description, "token_endpoint"), code=code, code_verifier=question.code_verifier
                )
                keys = await _json(client, _text(description, "jwks_uri"))
            return self._identity(cast("Mapping[str, Any]", token), keys, question)
        except OAuthError as error:
            raise IdentityRefused from error
        except httpx2.HTTPError as error:
            raise IdentityProviderUnavailable from error

    def _client(self) -> Any:  # noqa: ANN401 - authlib has no types
        return AsyncOAuth2Client(
            client_id=self.client_id,
            client_secret=self.client_secret,
            redirect_uri=self.redirect_uri,
            scope=_SCOPE,
            code_challenge_method="S256",
            timeout=self.timeout_seconds,
        )

    async def _description(self, client: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as above
        """What the issuer says of itself. One that calls itself otherwise is another one."""
        found = await _json(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise IdentityProviderUnavailable("its description names another issuer than OIDC_ISSUER")
        return found

    def _identity(self, token: Mapping[str, Any], keys: Mapping[str, Any], question: Question) -> Identity:
        expected = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": question.nonce},
        }
        about = {"nonce": question.nonce, "client_id": self.client_id, "access_token": token.get("access_token")}
        try:
            registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
            signed = jwt.decode(str(token.get("id_token")), KeySet.import_key_set(cast("Any", keys)), registry=registry)
            claims: Any = CodeIDToken(signed.claims, signed.header, expected, about)
            claims.validate(leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise IdentityRefused from error
        is_verified = claims.get("email_verified") is True
        return Identity(subject=str(claims["sub"]), email=str(claims.get("email") or "") if is_verified else "")


def new_question() -> Question:
    """A question nobody can have seen."""
    return Question(*(secrets.token_urlsafe(32) for _ in range(3)))


async def _json(client: Any, url: str) -> Mapping[str, Any]:  # noqa: ANN401 - as above
    """A public document of the provider's."""
    try:
        answer = await client.request("GET", url, withhold_token=True)
        answer.raise_for_status()
        document = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise IdentityProviderUnavailable from error
    if not isinstance(document, dict):
        raise IdentityProviderUnavailable("it answers without a JSON object")
    return cast("Mapping[str, Any]", document)


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise IdentityProviderUnavailable(f"its description has no {name}")
    return value
