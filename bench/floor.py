"""The floor of acceptance: pgbench, a C client that inserts a row of that size and commits, on the same PostgreSQL."""

import subprocess
import tempfile
from pathlib import Path

from bench.figures import percentile
from bench.load import Load
from sales_agent.embedded.binaries import postgres_install

_SCRIPT = """insert into bench.floor_submission (key, payload) values (gen_random_uuid(), '{{"text": "{text}"}}');
"""
# About what one of our forms weighs.
_PAYLOAD_CHARACTERS = 480


def pgbench() -> Path | None:
    """The program, where the installation brings it."""
    program = postgres_install() / "bin" / "pgbench"
    return program if program.is_file() else None


def measure_floor(program: Path, url: str, connections: int, seconds: float) -> Load:
    """So many connections for so long (whole seconds, as pgbench counts them), prepared, over the socket."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "insert.sql")
        script.write_text(_SCRIPT.format(text="x" * _PAYLOAD_CHARACTERS))
        whole = max(1, round(seconds))
        options = ("-n", "-M", "prepared", "-c", str(connections), "-j", str(min(2, connections)), "-T", str(whole))
        subprocess.run(
            [program, *options, "-f", script, "-l", "--log-prefix", "times", url],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        # One line a transaction; the third number is its microseconds.
        times = sorted(
            int(line.split()[2]) / 1000 for log in Path(folder).glob("times.*") for line in log.read_text().splitlines()
        )
    return Load(
        per_second=len(times) / whole,
        p50_ms=percentile(times, 50),
        p99_ms=percentile(times, 99),
        answers=len(times),
        refused=0,
        last_refusal="",
    )
