"""Runs a supervisor by a plan in JSON on the command line, and tells its events as JSON lines.

{"var": folder, "stores": ["postgres", "redis"], "children": [{"name", "argv", "stop_after_seconds", "ready_file"}]}
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from sales_agent.embedded.events import Event
from sales_agent.embedded.layout import Layout
from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis
from sales_agent.embedded.supervisor import Child, Supervisor


def tell(event: Event) -> None:
    sys.stdout.write(json.dumps(asdict(event)) + "\n")
    sys.stdout.flush()


plan = json.loads(sys.argv[1])
layout = Layout(Path(plan["var"]))
layout.create()
stores = {"postgres": EmbeddedPostgres(layout.postgres, fsync=False), "redis": EmbeddedRedis(layout.redis)}
children = [
    Child(
        name=child["name"],
        argv=tuple(child["argv"]),
        env={},
        ready=Path(child["ready_file"]).exists if "ready_file" in child else None,
        stop_after_seconds=child.get("stop_after_seconds", 10.0),
    )
    for child in plan["children"]
]
chosen = [stores[name] for name in plan.get("stores", [])]
sys.exit(Supervisor(children, chosen, tell, run_folder=layout.run, log_folder=layout.logs).run())
