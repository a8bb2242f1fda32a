"""THE table of what may happen to drafts on their way out, by anybody, at any moment, in any order."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from sales_agent.pipeline.queue.catalog import JobKind
from tests.integration.sending import moves_by_people as people
from tests.integration.sending import moves_by_the_house as house
from tests.integration.sending.play import Play
from tests.integration.sending.witness import Paper


@dataclass(frozen=True, slots=True)
class Row:
    """A move, and how often it is drawn. `about`: moves about the same thing are not made at the same moment.

    Two hands on one switch may come in either order, so that nobody could tell how it stands.
    """

    name: str
    often: int
    move: people.Move
    about: str = ""


MOVES = (
    Row("work", 12, house.work, about="work"),
    Row("approve and send", 8, people.approving("whatever", sends=True)),
    Row("approve and send what was read", 4, people.approving("seen", sends=True)),
    Row("approve", 4, people.approving("seen", sends=False)),
    Row("approve what is not the newest", 1, people.approving("stale", sends=True)),
    Row("send", 2, people.send),
    Row("edit", 2, people.edit),
    Row("edit and send", 3, people.edit_and_send),
    Row("undo", 3, people.ending("undo")),
    Row("reopen", 1, people.ending("reopen")),
    Row("reject", 1, people.ending("reject", reason="tone")),
    Row("cancel", 1, people.ending("cancel")),
    Row("snooze", 1, people.ending("snooze")),
    Row("wake", 1, people.wake),
    Row("answer whether it arrived", 1, people.answer_arrival),
    Row("lead writes", 1, people.lead_writes),
    Row("hand in the mailbox", 3, people.at_the_mailbox),
    Row("suppress", 1, people.suppress),
    Row("fault", 3, house.fault),
    Row("release held", 1, house.round_of(JobKind.RELEASE_HELD), about="release"),
    Row("watch mailbox", 1, house.round_of(JobKind.WATCH_MAILBOX), about="watch"),
    Row("tidy", 1, house.tidy, about="clock"),
    Row("stop", 1, house.stop, about="kill switch"),
    Row("resume", 2, house.resume, about="kill switch"),
    Row("turn draft only", 1, house.turning("draft_only"), about="draft only"),
    Row("turn real sends", 1, house.turning("allow_real_sends"), about="real sends"),
    Row("turn auto approve", 1, house.turning("auto_approve_enabled"), about="auto approve"),
    Row("turn approval required", 1, house.turning("operator_approval_required"), about="approval required"),
    Row("limit", 1, house.limit, about="limit"),
    Row("rule decides", 3, house.rule_decides, about="rules"),
    Row("rule changes", 3, house.rule_changes, about="rules"),
)
BY_NAME = {row.name: row for row in MOVES}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A move as it was drawn: on which draft, and in which of its ways."""

    name: str
    paper: int
    way: int

    @property
    def about(self) -> object:
        return BY_NAME[self.name].about or (self.name, self.paper)


def drawn(chance: random.Random) -> list[Chosen]:
    """One to three moves of one moment, each as often as its row says."""
    names, often = [row.name for row in MOVES], [row.often for row in MOVES]
    moves = dict[object, Chosen]()
    for name in chance.choices(names, often, k=chance.choice((1, 1, 2, 3))):
        move = Chosen(name, chance.randrange(4), chance.randrange(12))
        moves.setdefault(move.about, move)
    return [*moves.values()]


async def happen(play: Play, moves: Sequence[Chosen]) -> None:
    """All of them at the same moment; then what has left is judged."""
    play.witness.begin_step()
    papers = [*play.witness.papers]
    chosen = [papers[one.paper % len(papers)] for one in moves]
    async with asyncio.TaskGroup() as group:
        for one, paper in zip(moves, chosen, strict=True):
            group.create_task(_happen(play, one, paper))
    of_drafts = [paper for one, paper in zip(moves, chosen, strict=True) if not BY_NAME[one.name].about]
    in_several_hands = [paper for paper in papers if of_drafts.count(paper) > 1]
    await play.look(papers if any(one.name == "tidy" for one in moves) else in_several_hands)


async def _happen(play: Play, chosen: Chosen, paper: Paper) -> None:
    answer = await BY_NAME[chosen.name].move(play, paper, chosen.way)
    play.stage.counted[chosen.name] += 1
    line = f"{chosen.name} of draft {play.witness.papers.index(paper)}, way {chosen.way}: {answer}"
    play.witness.history.append(f"step {play.witness.step}: {line}")
