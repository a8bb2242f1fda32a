"""Starts one embedded server, says its pid, and waits to be killed: hold.py postgres|redis <folder>."""

import signal
import sys
from pathlib import Path

from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis

folder = Path(sys.argv[2])
server = EmbeddedPostgres(folder, fsync=False) if sys.argv[1] == "postgres" else EmbeddedRedis(folder)
server.start()
sys.stdout.write(f"{server.pid}\n")
sys.stdout.flush()
signal.pause()
