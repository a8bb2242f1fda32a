"""The page at `/docs`: the API in words, written from its own description, readable without any script or network."""

import re
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{font:0.95em ui-monospace,monospace}h2{margin-top:2.5rem}dt{margin-top:1.2rem;font-weight:600}"
    "dd{margin:0.2rem 0 0 1.5rem}.codes{opacity:0.8}"
)

# A docstring is wrapped, so that what stands between two backticks may go on in the next line.
_CODE = re.compile(r"`([^`]+)`")


def add_docs_page(app: FastAPI) -> None:
    """Serve `/docs`."""

    async def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers={"content-security-policy": _POLICY})

    app.add_api_route("/docs", docs, include_in_schema=False, response_class=HTMLResponse)


def page(description: dict[str, Any]) -> str:
    """The whole page for an OpenAPI document: its doors by tag, in the order of the document."""
    info = description["info"]
    title = f"{escape(info['title'])} {escape(info['version'])}"
    tags = "".join(_tag(tag, description["paths"]) for tag in description["tags"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f"<h1>{title}: API</h1><p>{_prose(info.get('description', ''))}</p>"
        f'<p>For machines: <a href="/openapi.json">openapi.json</a>. Keys: <code>sales-agent keys create</code>.</p>'
        f"{tags}</main></body></html>"
    )


def _tag(tag: dict[str, Any], paths: dict[str, Any]) -> str:
    doors = [
        _door(method, path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if tag["name"] in operation.get("tags", ())
    ]
    heading = f"<h2>{escape(tag['name'])}</h2><p>{_prose(tag.get('description', ''))}</p>"
    return f"{heading}<dl>{''.join(doors)}</dl>"


def _door(method: str, path: str, operation: dict[str, Any]) -> str:
    says = _prose(operation.get("description") or operation.get("summary", ""))
    takes = ", ".join(f"<code>{escape(parameter['name'])}</code>" for parameter in operation.get("parameters", ()))
    answers = ", ".join(sorted(operation["responses"]))
    key = "Needs a key. " if operation.get("security") else ""
    return (
        f"<dt><code>{method.upper()} {escape(path)}</code></dt><dd>{says}</dd>"
        f'<dd class="codes">{key}{f"Takes {takes}. " if takes else ""}Answers {answers}.</dd>'
    )


def _prose(text: str) -> str:
    """Words for people, escaped first: what stands in backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
