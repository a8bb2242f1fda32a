"""Time and settings come in through one door each, so that a test can hold both."""

from collections.abc import Iterator

from tools.check_rules.names import references
from tools.check_rules.source import Breach, SourceFile

CLOCK_HOMES = ("kit/clock.py",)
# monotonic and perf_counter measure spans and tell no time of day: they are free.
WALL_CLOCKS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
    }
)
SETTINGS_HOMES = ("config.py",)
ENVIRONMENT = ("os.environ", "os.getenv", "os.putenv", "os.unsetenv")


def time_comes_from_the_clock(file: SourceFile) -> Iterator[Breach]:
    if file.lives_in(CLOCK_HOMES):
        return
    for line, name in references(file.tree):
        if name in WALL_CLOCKS:
            yield Breach(line, name)


def settings_come_from_config(file: SourceFile) -> Iterator[Breach]:
    if file.lives_in(SETTINGS_HOMES):
        return
    for line, name in references(file.tree):
        if name.startswith(ENVIRONMENT):
            yield Breach(line, name)
