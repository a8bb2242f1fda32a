"""Which models there are."""

from http import HTTPStatus

from sales_agent.sandbox.json_value import JsonObject
from sales_agent.sandbox.openai.embeddings import DIMENSIONS
from sales_agent.sandbox.openai.errors import error
from sales_agent.sandbox.routing import Route
from sales_agent.sandbox.wire import Answer, Call, Refused

# Any chat model of these families is answered for, and each says the same.
CHAT_FAMILIES = ("gpt-", "o1", "o3", "o4", "chatgpt-", "sandbox-")
# Those that the list of models names.
CHAT_MODELS = ("gpt-4o-mini", "gpt-4o", "gpt-4.1", "gpt-4.1-mini", "gpt-5", "gpt-5-mini", "sandbox-writer")
_KNOWN = (*CHAT_MODELS, *DIMENSIONS)
# A fixed moment, in seconds since 1970: the models of a sandbox were never released.
_CREATED = 1_700_000_000


def list_models(_call: Call) -> Answer:
    return Answer({"object": "list", "data": [_presented(name) for name in _KNOWN]})


def read_model(call: Call) -> Answer:
    name = call.params["model"]
    if name not in _KNOWN:
        message = f"The model '{name}' does not exist"
        raise Refused(error(HTTPStatus.NOT_FOUND, message, "invalid_request_error", "model_not_found", "model"))
    return Answer(_presented(name))


def _presented(name: str) -> JsonObject:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "sandbox"}


ROUTES = (Route("GET", "/v1/models", list_models), Route("GET", "/v1/models/{model}", read_model))
