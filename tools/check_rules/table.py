"""The rules, in the order they are reported: what each is called, where it holds, and how to obey it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.check_rules.rules import database, effects, honesty, shape, surroundings
from tools.check_rules.source import Breach, SourceFile


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `folders` of the checkout it holds in, and the `fix` that its message ends with."""

    check: Callable[[SourceFile], Iterator[Breach]]
    fix: str
    folders: tuple[str, ...] = ("src",)

    @property
    def name(self) -> str:
        return self.check.__name__.replace("_", "-")

    def holds_for(self, file: SourceFile) -> bool:
        return file.path.split("/", 1)[0] in self.folders


EVERYWHERE = ("src", "tests", "tools", "bench")

RULES = (
    Rule(
        database.commit_has_few_homes,
        "open Database.transaction(), which commits when its block ends well",
    ),
    Rule(database.queries_live_in_repositories, "move the query into the repository.py beside its tables"),
    Rule(database.no_relationships, "ask a repository for the other side by its id"),
    Rule(database.tables_have_a_repository, "give the package a repository.py for the queries on its tables"),
    Rule(surroundings.time_comes_from_the_clock, "take a kit.clock.Clock as a parameter and ask it"),
    Rule(surroundings.settings_come_from_config, "add a setting to config.py and take its value as a parameter"),
    Rule(effects.permits_are_minted_in_one_place, "take the permit that effects hands to the writer"),
    Rule(shape.files_are_short, "split it by what its parts do", EVERYWHERE),
    Rule(shape.functions_are_short, "split it by what its parts do", EVERYWHERE),
    Rule(shape.names_say_something, "name it for what it does", EVERYWHERE),
    Rule(
        shape.front_pages_hold_one_docstring,
        "leave one docstring there and move the rest into a file with a name",
    ),
    Rule(shape.nothing_is_left_unfinished, "finish it or leave it out"),
    Rule(
        honesty.nothing_is_patched,
        "ask the sandbox to misbehave, or hand the part in as a parameter",
        ("tests",),
    ),
    Rule(honesty.nothing_is_excused, "repair what it shows, or delete the test", ("tests",)),
)
