"""The peer of throughput: a Celery task that makes the provider calls of a lead one after the other and stores a draft.

It thinks about nothing, checks nothing, remembers nothing between two calls: killed in the middle, it begins anew and
writes everything twice. Its connections are kept open, which is more care than such a task usually gets.
"""

import http.client
import json
import sys
import threading
from pathlib import Path

import psycopg
from celery import Celery
from celery.apps.worker import Worker

TASK = "careless.process_lead"
_STORE = "insert into bench.careless_draft (lead, queued_at, calls) values (%s, to_timestamp(%s), %s)"


def make_app(broker_url: str) -> Celery:
    """Celery as its tutorial sets it up, without results."""
    app = Celery("careless", broker=broker_url)
    app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)
    return app


class Lead:
    """The task; `calls` are what our own worker asked the providers for one lead."""

    def __init__(self, database_url: str, port: int, calls: list[list[str]]) -> None:
        self._database_url, self._port, self._calls = database_url, port, calls
        self._kept = threading.local()

    def process(self, lead: str, queued_at: float) -> None:
        """One lead."""
        provider, database = self._connections()
        for method, target, body in self._calls:
            provider.request(method, target, body.encode() or None, {"Content-Type": "application/json"})
            json.loads(provider.getresponse().read())
        database.execute(_STORE, (lead, queued_at, len(self._calls)))

    def _connections(self) -> tuple[http.client.HTTPConnection, psycopg.Connection]:
        """This thread's own."""
        if not hasattr(self._kept, "both"):
            provider = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
            self._kept.both = provider, psycopg.connect(self._database_url, autocommit=True)
        return self._kept.both


def main() -> None:
    """Work on one queue: `careless BROKER DATABASE PROVIDERS_PORT CALLS_FILE QUEUE POOL CONCURRENCY`."""
    broker, database, port, calls, queue, pool, concurrency = sys.argv[1:]
    app = make_app(broker)
    lead = Lead(database, int(port), json.loads(Path(calls).read_text()))
    app.task(lead.process, name=TASK)
    worker = Worker(
        app=app, pool=pool, concurrency=int(concurrency), queues=[queue], loglevel="WARNING", without_gossip=True,
        without_mingle=True, without_heartbeat=True, quiet=True,
    )  # fmt: skip
    worker.start()


if __name__ == "__main__":
    main()
