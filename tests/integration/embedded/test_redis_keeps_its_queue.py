"""What was put into the embedded Redis outlives its death and its owner's, and only we can reach it."""

import os
import signal
import socket
import stat
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sales_agent.embedded.redis import EmbeddedRedis


def client(server, database=0):
    return redis.Redis.from_url(server.url(database))


def test_a_killed_server_comes_back_with_its_queue(redis_server, until):
    client(redis_server).rpush("interactive", "job-1", "job-2")
    os.kill(redis_server.pid, signal.SIGKILL)
    until(lambda: not redis_server.is_alive())

    redis_server.start()

    assert client(redis_server).lrange("interactive", 0, -1) == [b"job-1", b"job-2"]


def test_an_orderly_restart_keeps_the_queue(redis_server):
    client(redis_server).rpush("interactive", "job-1")
    redis_server.stop()
    redis_server.start()
    assert client(redis_server).llen("interactive") == 1


def test_it_appends_every_second_and_never_evicts(redis_server):
    settings = client(redis_server).config_get()
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["save"] == ""


def test_it_listens_on_a_socket_of_ours_alone(redis_server, var):
    assert stat.S_IMODE((var / "run" / "redis" / "redis.sock").stat().st_mode) == 0o700
    for folder in ("run", "run/redis", "redis", "logs"):
        assert stat.S_IMODE((var / folder).stat().st_mode) == 0o700, folder
    assert client(redis_server).config_get("port")["port"] == "0"


def test_the_urls_lead_to_the_same_server_for_the_client_and_for_celery(redis_server, var):
    place = f"{var}/run/redis/redis.sock"
    assert redis_server.url(2) == f"unix://{place}?db=2"
    assert redis_server.celery_url(1) == f"redis+socket://{place}?virtual_host=1"


def test_tcp_is_local_and_asks_for_the_password_that_the_urls_carry(var):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with EmbeddedRedis(var / "redis", tcp_port=port) as server:
        assert client(server).config_get("bind")["bind"] == "127.0.0.1"
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, retry=Retry(NoBackoff(), 0)).ping()
        secret = client(server).connection_pool.connection_kwargs["password"]
        assert redis.Redis(port=port, password=secret).ping()
        assert secret not in Path(f"/proc/{server.pid}/cmdline").read_text()
    assert stat.S_IMODE((var / "secrets" / "redis.json").stat().st_mode) == 0o600
