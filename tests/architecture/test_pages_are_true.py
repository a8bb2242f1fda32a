"""What the pages tell a reader to follow is there: links, doors of the API, their bodies, commands, states, gates."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from sales_agent.cli import app
from sales_agent.pipeline.drafting.actions import DraftAction
from sales_agent.pipeline.drafting.models import DraftState
from sales_agent.pipeline.drafting.states import MOVES
from sales_agent.pipeline.sending.gates import GATES
from tests.architecture.pages import CHECKOUT, Page, Request, pages
from tests.integration.api.doors import application

EVERY_PAGE = pages("*.md", "docs/**/*.md")
FOLLOWED = pages("README.md", "docs/how-to/*.md")
COMMAND = re.compile(r"\bsales-agent(?: +([a-z].*))?$")
WORD_OF_THE_READER = re.compile(r"\$\w+|\{\w+\}|\.\.\.")

DESCRIPTION: Mapping[str, Any] = application().openapi()
# Path -> method -> what the description of the API says of it.
DOORS: Mapping[str, Mapping[str, Any]] = {
    path: {method.upper(): about for method, about in door.items()} for path, door in DESCRIPTION["paths"].items()
}


def door_of(request: Request) -> tuple[str, str] | None:
    """The path and method of the route table that this request would reach."""
    path = request.target.partition("?")[0].rstrip(".:")
    for known, methods in DOORS.items():
        if _fits(path, known) and (request.method == "*" or request.method in methods):
            return known, request.method
    return None


def _fits(path: str, known: str) -> bool:
    """Whether a path is one of a route: what the reader fills in stands only where the route has a name."""
    parts, names = path.split("/"), known.split("/")
    return len(parts) == len(names) and all(
        name.startswith("{") if WORD_OF_THE_READER.fullmatch(part) else name == part or name.startswith("{")
        for part, name in zip(parts, names, strict=True)
    )


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.path)
def test_every_link_leads_to_a_file_and_a_heading_of_it(page: Page) -> None:
    lost: list[str] = []
    for link in page.links():
        path, _, anchor = link.partition("#")
        target = (CHECKOUT / page.path).parent / path if path else CHECKOUT / page.path
        is_lost = not target.exists() or (
            anchor and anchor not in Page(str(target.resolve().relative_to(CHECKOUT))).anchors()
        )
        if is_lost:
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.path)
def test_every_door_a_page_names_is_in_the_route_table(page: Page) -> None:
    named = [*page.named_doors(), *page.requests()]
    assert [request for request in named if door_of(request) is None] == []


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.path)
def test_every_body_and_query_a_page_shows_has_names_that_the_door_knows(page: Page) -> None:
    unknown: list[tuple[Request, str]] = []
    for request in page.requests():
        path, method = door_of(request) or pytest.fail(f"no door: {request}")
        about = DOORS[path][method]
        queries = {parameter["name"] for parameter in about.get("parameters", ()) if parameter["in"] == "query"}
        asked = {pair.partition("=")[0] for pair in request.target.partition("?")[2].split("&") if pair}
        said = set(json.loads(request.body)) if request.body and request.body.startswith("{") else set[str]()
        unknown += [(request, name) for name in (asked - queries) | (said - _fields(about))]
    assert unknown == []


def _fields(about: Mapping[str, Any]) -> set[str]:
    """The names of the JSON body that a door takes."""
    models = re.findall(r"#/components/schemas/(\w+)", json.dumps(about.get("requestBody", {})))
    return {field for model in models for field in DESCRIPTION["components"]["schemas"][model]["properties"]}


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.path)
def test_every_command_a_page_names_is_there_with_its_options(page: Page) -> None:
    wrong = [piece for piece in page.code() if (found := COMMAND.search(piece)) and not _is_command(found[1] or "")]
    assert wrong == []


def _is_command(line: str) -> bool:
    """Whether the words after `sales-agent` name a command, and its options are options of it."""
    command = typer.main.get_command(app)
    words = line.split()
    while isinstance(command, TyperGroup) and words:
        following = command.commands.get(words.pop(0).rstrip(",;:"))
        if following is None:
            return False
        command = following
    known = {option for parameter in command.params for option in parameter.opts}
    return all(option in known for option in re.findall(r"(?<!\S)--[a-z-]+", " ".join(words).partition("#")[0]))


def test_the_picture_of_the_states_shows_moves_of_the_table() -> None:
    page = Page("docs/how-to/approving.md").text
    shown = re.findall(r"^ +(\w+) --> (\w+): (\w+)$", page, re.MULTILINE)
    assert shown
    assert set(shown) <= {(move.before.value, move.after.value, move.name) for move in MOVES}
    assert [state for state in DraftState if state not in page] == []


def test_the_pages_about_drafts_have_every_action_and_every_gate() -> None:
    assert set(Page("docs/how-to/approving.md").table("action")) == set(DraftAction)
    assert Page("docs/how-to/sending.md").table("gate") == [gate.name for gate in GATES]


def test_the_list_of_decisions_has_every_one_by_its_title() -> None:
    listed = (CHECKOUT / "docs/decisions/README.md").read_text(encoding="utf-8")
    decided = pages("docs/decisions/0*.md")
    rows = [_row(page) for page in decided]
    assert [row for row in rows if row not in listed] == []


def _row(page: Page) -> str:
    number, _, title = page.text.splitlines()[0].removeprefix("# ").partition(" ")
    return f"| [{number}]({page.path.rpartition('/')[2]}) | {title} |"
