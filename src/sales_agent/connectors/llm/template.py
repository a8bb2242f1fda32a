"""A language model without a model: answers the agents' tasks from the facts alone, the same each time."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError

from sales_agent.connectors.llm.port import Answer, NoAnswer, Prompt
from sales_agent.connectors.llm.template_draft import written
from sales_agent.connectors.llm.template_facts import DraftFacts, HistoryFacts, StepFacts, ToldMessage

MODEL: Final = "template@1"
# Without understanding, only a file whose words clearly fit is offered.
_SURE_SCORE: Final = 0.2
_LONGEST_QUOTE: Final = 120


class TemplateModel:
    """Says only what the facts say: it cannot invent, and needs no key. Raises NoAnswer for tasks it does not know."""

    async def answer(self, prompt: Prompt) -> Answer:
        """One answer in the shape of the task's schema; costs no tokens."""
        task = _TASKS.get(prompt.task)
        if task is None:
            raise NoAnswer(f"the template writer knows no task {prompt.task!r}", provider="template")
        try:
            return Answer(task(prompt.facts), MODEL)
        except ValidationError as error:
            raise NoAnswer(f"the facts of {prompt.task} are not of its shape", provider="template") from error


def _thread_summary(facts: Mapping[str, object]) -> Mapping[str, object]:
    history = HistoryFacts.model_validate(facts)
    theirs = [message for message in history.messages if message.side == "lead"]
    wish = next((message.reads_as for message in reversed(theirs) if message.reads_as != "unclear"), "unclear")
    answered = {message.id for message in history.messages[: _last_of_seller(history.messages) + 1]}
    return {
        "summary": _summary(history.messages),
        "intent": wish,
        "open_question_ids": [asked.id for asked in history.questions if asked.message_id not in answered],
        "urgency": "high" if theirs and theirs[-1].is_urgent else "low" if wish == "not_interested" else "normal",
    }


def _last_of_seller(messages: list[ToldMessage]) -> int:
    """The place of the seller's newest message, -1 if there is none."""
    return max((place for place, message in enumerate(messages) if message.side == "seller"), default=-1)


def _summary(messages: list[ToldMessage]) -> str:
    if not messages:
        return ""
    first, last = messages[0].sent_at, messages[-1]
    count = f"{len(messages)} messages" if len(messages) > 1 else "1 message"
    who = "them" if last.side == "lead" else "us"
    told = " ".join(last.text.split())
    quote = told if len(told) <= _LONGEST_QUOTE else f"{told[:_LONGEST_QUOTE].rsplit(' ', 1)[0]}…"
    return f'{count} since {first.day} {first:%B %Y}, the last from {who}: "{quote}"'


def _next_step(facts: Mapping[str, object]) -> Mapping[str, object]:
    step = StepFacts.model_validate(facts)
    sure = next((asset.id for asset in step.assets if asset.score >= _SURE_SCORE), None)
    return {"call_to_action": step.preferred, "reason": step.reason, "asset": sure}


def _draft(facts: Mapping[str, object]) -> Mapping[str, object]:
    return written(DraftFacts.model_validate(facts))


_TASKS: Final[Mapping[str, Callable[[Mapping[str, object]], Mapping[str, object]]]] = {
    "thread_summary": _thread_summary,
    "next_step": _next_step,
    "draft": _draft,
}
