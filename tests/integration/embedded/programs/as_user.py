"""Becomes another user for good, then starts both embedded servers: as_user.py <uid> <folder> [<folder of wheels>].

Everything is imported first: the interpreter itself may lie where that user cannot read.
"""

import os
import sys
from pathlib import Path

import psycopg
import redis

from sales_agent.embedded.layout import Layout
from sales_agent.embedded.postgres import EmbeddedPostgres
from sales_agent.embedded.redis import EmbeddedRedis

user_id, layout = int(sys.argv[1]), Layout(Path(sys.argv[2]))
sys.path[:0] = sys.argv[3:]
if os.geteuid() != user_id:
    os.setgroups([])
    os.setgid(user_id)
    os.setuid(user_id)
layout.create()
with EmbeddedPostgres(layout.postgres) as postgres, EmbeddedRedis(layout.redis) as queue:
    with psycopg.connect(postgres.migration_url) as session:
        session.execute("create table kept (n integer)")
    redis.Redis.from_url(queue.url()).rpush("kept", "1")
    os.kill(postgres.pid or 0, 9)
    os.kill(queue.pid or 0, 9)
with EmbeddedPostgres(layout.postgres) as postgres, EmbeddedRedis(layout.redis) as queue:
    with psycopg.connect(postgres.app_url) as session:
        row = session.execute("select to_regclass('kept') is not null, current_user").fetchone()
    sys.stdout.write(f"{row} {redis.Redis.from_url(queue.url()).llen('kept')}\n")
