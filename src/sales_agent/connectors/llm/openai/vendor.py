"""How an OpenAI-compatible server words a refusal: a spent budget looks like a rate limit, and is none."""

from sales_agent.connectors.answer import JsonObject, text_at
from sales_agent.connectors.errors import ProviderError
from sales_agent.connectors.vendor import Refusal, Vendor

# Waiting does not fill an account.
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


def _code(body: JsonObject) -> str:
    return text_at(body, "error", "code") or text_at(body, "error", "type")


def _read_refusal(refusal: Refusal) -> ProviderError | None:
    codes = {text_at(refusal.body, "error", name) for name in ("code", "type")}
    spent = _SPENT & codes
    return refusal.permanent(min(spent)) if spent else None


OPENAI = Vendor("openai", read_refusal=_read_refusal, code_of=_code)
