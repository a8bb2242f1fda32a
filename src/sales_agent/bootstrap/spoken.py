"""What the command line says of an error: a sentence with the way out of it, instead of a traceback."""

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError

from sales_agent.config import HookInProduction
from sales_agent.kit.db import DatabaseUnavailable
from sales_agent.kit.errors import AppError


class NothingRuns(AppError):
    """No system runs on this DATA_DIR: start one with `sales-agent up`, or set DATABASE_URL and REDIS_URL."""


def sentence_for(error: Exception) -> str | None:
    """The sentence, or None for what is a bug of ours and better shown whole."""
    match error:
        case ValidationError():
            return "\n".join(_of_setting(str(item["loc"][0]), item["msg"]) for item in error.errors())
        case DatabaseUnavailable() | OperationalError():
            return "The database cannot be reached: check DATABASE_URL and MIGRATION_DATABASE_URL, or `sales-agent up`."
        case ProgrammingError():
            return "The database does not have the tables of this release: `sales-agent migrate`."
        case HookInProduction():
            return "A test-only setting (TEST_...) is set while ALLOW_REAL_SENDS is on: take one of them away."
        case AppError():
            said = str(error)
            return said if said.startswith(error.title().rstrip(".")) else f"{error.title()} {said}"
        case _:
            return None


def _of_setting(name: str, complaint: str) -> str:
    """The value is not repeated: it may be a secret."""
    return f"{name.upper()}: {complaint.removeprefix('Value error, ')} (in .env or the environment)."
