"""What can go wrong with the embedded servers, each with the fact and the way out of it.

EmbeddedError (AppError)
  EmbeddedUnavailable  EmbeddedAlreadyRunning  EmbeddedNotOurs  EmbeddedMajorMismatch
  EmbeddedDidNotStart  EmbeddedStartedOffMainThread
"""

from sales_agent.kit.errors import AppError


class EmbeddedError(AppError):
    """The embedded servers cannot do this."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"{self.title()} {detail}")


class EmbeddedUnavailable(EmbeddedError):
    """There are no embedded servers on this machine."""


class EmbeddedAlreadyRunning(EmbeddedError):
    """Another process runs on this folder."""


class EmbeddedNotOurs(EmbeddedError):
    """This folder is not one the embedded servers may use."""


class EmbeddedMajorMismatch(EmbeddedError):
    """The data were written by another major version of PostgreSQL."""


class EmbeddedDidNotStart(EmbeddedError):
    """The embedded server did not come up."""


class EmbeddedStartedOffMainThread(EmbeddedError):
    """Children are started by the main thread only: the kernel ends them with the thread that forked them."""
