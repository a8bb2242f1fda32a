"""Writes the description of the API that clients are generated from."""

import json

from sales_agent.config import Settings
from sales_agent.main import create_app


def render() -> str:
    # Said rather than read: the page must not depend on the environment of whoever writes it.
    settings = Settings(**{name: field.default for name, field in Settings.model_fields.items()})
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"
