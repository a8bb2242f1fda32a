"""The page at `/docs` on which the API can be tried out: served to this machine only."""

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from sales_agent.config import Settings

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# The page loads Swagger UI from its CDN and starts it by a script of its own; nothing else may run or be reached.
_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com; "
    "script-src 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def is_safe(settings: Settings) -> bool:
    """Whether only people at this machine can open the page: others' scripts run on it, and keys are typed in."""
    return settings.host in _LOOPBACK and not settings.public_url


def add_docs_page(app: FastAPI) -> None:
    """Serve `/docs`."""

    async def docs() -> HTMLResponse:
        page = get_swagger_ui_html(openapi_url="/openapi.json", title=f"{app.title}: API")
        page.headers["content-security-policy"] = _POLICY
        return page

    app.add_api_route("/docs", docs, include_in_schema=False, response_class=HTMLResponse)
