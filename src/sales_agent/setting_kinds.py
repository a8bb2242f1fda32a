"""The kinds of settings: how text from the environment becomes a value. The unreadable falls on the careful side."""

import functools
import importlib.resources
import re
import zoneinfo
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode


def _on_only_if_plainly_on(value: object) -> bool:
    """A switch that permits: on only for `true` or `1`, so that a typo leaves it off."""
    return value is True or (isinstance(value, str) and value.lower() in {"true", "1"})


def _off_only_if_plainly_off(value: object) -> bool:
    """A switch that protects: off only for `false` or `0`, so that a typo leaves it on."""
    return not (value is False or (isinstance(value, str) and value.lower() in {"false", "0"}))


def listed(value: object) -> object:
    """Text with commas between, as an environment says a list, is that list; anything else stays as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _zone(value: str) -> str:
    if value not in _zones():
        message = "no IANA zone; write one such as Europe/Berlin"
        raise ValueError(message)
    return value


def _hours(value: str) -> str:
    written = re.fullmatch(r"\s*([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)\s*", value)
    if written is None or written.groups()[:2] >= written.groups()[2:]:
        message = "no span of one day; write it as 09:00-17:30"
        raise ValueError(message)
    return value


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value) or value.upper() not in _countries():
        message = "no ISO country code; write two letters such as US or DE"
        raise ValueError(message)
    return value


@functools.cache
def _zones() -> frozenset[str]:
    """Read once: profiles are validated with every mail, and each look into the tz database walks its folders."""
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def _countries() -> frozenset[str]:
    """The codes of the tz database, which has every country that is lived in."""
    with (importlib.resources.files("tzdata") / "zoneinfo" / "iso3166.tab").open(encoding="utf-8") as table:
        return frozenset(line[:2] for line in table if not line.startswith("#"))


def _postgres(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        message = "no PostgreSQL URL; write postgresql://login:password@host/database"
        raise ValueError(message)
    return value


TimeZone = Annotated[str, AfterValidator(_zone)]
WorkingHours = Annotated[str, AfterValidator(_hours)]
Country = Annotated[str, AfterValidator(_country)]
PostgresUrl = Annotated[str, AfterValidator(_postgres)]
Permits = Annotated[bool, BeforeValidator(_on_only_if_plainly_on)]
Protects = Annotated[bool, BeforeValidator(_off_only_if_plainly_off)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed)]
Seconds = Annotated[tuple[float, ...], NoDecode, BeforeValidator(listed)]
