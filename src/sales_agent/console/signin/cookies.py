"""The two cookies: the session's, and the one that a browser takes along to the identity provider and back."""

from dataclasses import dataclass

from fastapi import Response

from sales_agent.access.auth.sessions import SESSION_COOKIE

OIDC_COOKIE = "sales_agent_oidc"
OIDC_PATH = "/api/auth/oidc"


@dataclass(frozen=True, slots=True)
class Cookies:
    """Sets and removes them. No script can read them, and no other site's form makes a browser send them.

    `is_secure`: people reach us by https, so a browser shall never send them otherwise.
    """

    is_secure: bool
    session_seconds: int

    def keep_session(self, response: Response, token: str) -> None:
        """Let the browser stay signed in."""
        self._set(response, SESSION_COOKIE, token, path="/", seconds=self.session_seconds)

    def drop_session(self, response: Response) -> None:
        """Let the browser forget."""
        self._set(response, SESSION_COOKIE, "", path="/", seconds=0)

    def keep_question(self, response: Response, sealed: str, seconds: int) -> None:
        """Let the browser bring back what it left with."""
        self._set(response, OIDC_COOKIE, sealed, path=OIDC_PATH, seconds=seconds)

    def drop_question(self, response: Response) -> None:
        """It is answered."""
        self._set(response, OIDC_COOKIE, "", path=OIDC_PATH, seconds=0)

    def _set(self, response: Response, name: str, value: str, *, path: str, seconds: int) -> None:
        # Lax, not strict: who follows a link to us from a mail, or comes back from elsewhere, is still signed in.
        response.set_cookie(
            name, value, max_age=seconds, path=path, secure=self.is_secure, httponly=True, samesite="lax"
        )
