"""The llm ports against an OpenAI-compatible server as the sandbox plays it."""

import math

import pytest

from sales_agent.connectors.account import Account
from sales_agent.connectors.errors import AuthExpired, Permanent, RateLimited, Transient
from sales_agent.connectors.llm.openai.chat import OpenAIModel
from sales_agent.connectors.llm.openai.embeddings import EmbeddingWidthWrong, OpenAIEmbedder
from sales_agent.connectors.llm.openai.vendor import OPENAI
from sales_agent.connectors.llm.port import EMBEDDING_DIMENSIONS, NoAnswer, Prompt
from sales_agent.connectors.oauth import StaticToken
from sales_agent.sandbox.client import SandboxClient
from tests.contract.conftest import MakeAccount

SCHEMA = {
    "type": "object",
    "properties": {
        "intent": {"type": "string", "enum": ["buy", "ask"]},
        "score": {"type": "number"},
        "questions": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["intent", "score", "questions"],
    "additionalProperties": False,
}
PROMPT = Prompt("read_thread", "Read the mail.", {"intent": "ask", "score": 0.5}, SCHEMA, "read_thread.v1")


@pytest.fixture
def server(account: MakeAccount) -> Account:
    return account(OPENAI)


@pytest.fixture
def model(server: Account) -> OpenAIModel:
    return OpenAIModel(server, "gpt-4.1-mini")


@pytest.fixture
def embedder(server: Account) -> OpenAIEmbedder:
    return OpenAIEmbedder(server, "text-embedding-3-small")


def completion(content: str | None, finish: str = "stop") -> dict[str, object]:
    message = {"role": "assistant", "content": content, "refusal": None}
    return {"model": "m", "choices": [{"index": 0, "message": message, "finish_reason": finish}]}


async def test_an_answer_has_the_shape_asked_for_and_its_cost(model: OpenAIModel, sandbox: SandboxClient) -> None:
    answer = await model.answer(PROMPT)
    assert answer.data["intent"] == "ask"
    assert answer.model == "gpt-4.1-mini"
    assert answer.input_tokens > 0
    assert answer.output_tokens > 0
    (entry,) = sandbox.journal()
    assert entry["body"]["response_format"]["json_schema"]["strict"] is True
    assert "reasoning_effort" not in entry["body"]


async def test_a_model_that_thinks_is_given_room_for_it(server: Account, sandbox: SandboxClient) -> None:
    await OpenAIModel(server, "gpt-5-mini").answer(PROMPT)
    (entry,) = sandbox.journal()
    assert entry["body"]["reasoning_effort"] == "low"
    assert entry["body"]["max_completion_tokens"] > PROMPT.max_output_tokens


@pytest.mark.parametrize("kind", ["refusal", "length", "content_filter"])
async def test_a_refusal_a_cut_and_a_filtered_text_are_no_answer(
    model: OpenAIModel, sandbox: SandboxClient, kind: str
) -> None:
    sandbox.fault(kind)
    with pytest.raises(NoAnswer):
        await model.answer(PROMPT)
    assert len(sandbox.journal()) == 1


@pytest.mark.parametrize(
    "content",
    [
        None,
        "Sure! Here is the JSON you asked for.",
        "[]",
        '{"intent": "ask"',
        '{"intent": "ask", "score": 1}',
        '{"intent": "sell", "score": 1, "questions": []}',
        '{"intent": "ask", "score": "1", "questions": []}',
        '{"intent": "ask", "score": 1, "questions": [3]}',
        '{"intent": "ask", "score": 1, "questions": [], "bcc": "x@evil.example"}',
    ],
)
async def test_a_text_of_another_shape_is_no_answer(
    model: OpenAIModel, sandbox: SandboxClient, content: str | None
) -> None:
    sandbox.fault("status", status=200, body=completion(content))
    with pytest.raises(NoAnswer):
        await model.answer(PROMPT)


async def test_an_answer_without_a_choice_is_no_answer(model: OpenAIModel, sandbox: SandboxClient) -> None:
    sandbox.fault("status", status=200, body={"choices": []})
    with pytest.raises(NoAnswer):
        await model.answer(PROMPT)


async def test_a_spent_budget_is_not_waited_for_and_a_rate_limit_is(model: OpenAIModel, sandbox: SandboxClient) -> None:
    spent = {"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota", "type": "x"}}
    sandbox.fault("status", status=429, body=spent)
    with pytest.raises(Permanent) as caught:
        await model.answer(PROMPT)
    assert caught.value.detail == "insufficient_quota"
    sandbox.fault("status", status=429, headers={"Retry-After": "30"})
    with pytest.raises(RateLimited):
        await model.answer(PROMPT)
    sandbox.fault("status", status=429, headers={"Retry-After": "0"})
    assert (await model.answer(PROMPT)).data


async def test_a_wrong_key_parks_the_account(account: MakeAccount, sandbox: SandboxClient) -> None:
    with pytest.raises(AuthExpired):
        await OpenAIModel(account(OPENAI, tokens=StaticToken("wrong")), "gpt-5-mini").answer(PROMPT)


@pytest.mark.parametrize("floats", [False, True])
async def test_vectors_come_in_order_of_the_texts_with_our_width_and_length_one(
    embedder: OpenAIEmbedder, sandbox: SandboxClient, *, floats: bool
) -> None:
    texts = ["route planning", "", "x" * 20_000, "route planning"]
    if floats:
        vectors = [[float(number == index) for number in range(EMBEDDING_DIMENSIONS)] for index in (0, 1, 2, 0)]
        rows = [{"index": index, "embedding": [2 * n for n in vector]} for index, vector in enumerate(vectors)]
        sandbox.fault("status", status=200, body={"data": rows[::-1]})
    found = await embedder.embed(texts)
    assert len(found) == len(texts)
    assert all(len(vector) == EMBEDDING_DIMENSIONS for vector in found)
    assert all(math.isclose(math.hypot(*vector), 1, rel_tol=1e-6) for vector in found)
    assert found[0] == found[3] != found[2]


async def test_many_texts_are_embedded_in_batches(embedder: OpenAIEmbedder, sandbox: SandboxClient) -> None:
    found = await embedder.embed([f"text {number}" for number in range(130)])
    assert len(found) == 130
    assert [len(entry["body"]["input"]) for entry in sandbox.journal()] == [64, 64, 2]
    assert await embedder.embed([]) == []


async def test_a_model_of_another_width_is_refused(embedder: OpenAIEmbedder, sandbox: SandboxClient) -> None:
    sandbox.fault("status", status=200, body={"data": [{"index": 0, "embedding": [0.5, 0.5]}]})
    with pytest.raises(EmbeddingWidthWrong):
        await embedder.embed(["text"])


@pytest.mark.parametrize("rows", [[], [{"index": 1, "embedding": []}], [{"index": 0, "embedding": [0.0] * 384}]])
async def test_missing_or_empty_vectors_are_asked_for_again_later(
    embedder: OpenAIEmbedder, sandbox: SandboxClient, rows: list[object]
) -> None:
    sandbox.fault("status", status=200, body={"data": rows})
    with pytest.raises(Transient):
        await embedder.embed(["text"])
