"""`python -m bench`: minutes of measuring (--quick: seconds); ratios on the terminal, everything in files."""

import argparse
import json
import sys
import time
from pathlib import Path

from bench.acceptance import measure_acceptance
from bench.chart import chart
from bench.leads import measure_leads
from bench.plan import DEFAULT, QUICK
from bench.report import Results
from bench.stage import open_stage

_RESULTS = Path(__file__).parent / "results"
_PARTS = ("acceptance", "leads")


def main() -> int:
    """Measure, print, write. A part that does not work ends it with its error and a status other than 0."""
    asked = _arguments()
    plan = QUICK if asked.quick else DEFAULT
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {what}", file=sys.stderr)

    with open_stage() as stage:
        say("PostgreSQL (fsync on), Redis and the providers' stub are up")
        results = Results(
            plan,
            measure_acceptance(stage, plan, say) if asked.only in {None, "acceptance"} else None,
            measure_leads(stage, plan, say) if asked.only in {None, "leads"} else None,
        )
    print("\n".join(results.words()))
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "latest.json").write_text(json.dumps(results.as_json(), indent=2) + "\n")
    (asked.out / "latest.svg").write_text(chart(results.ratios()))
    print(f"\n{time.monotonic() - began:.0f} s. Written: {asked.out / 'latest.json'}, {asked.out / 'latest.svg'}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures webhook acceptance and leads a minute beside plain peers on stores of its own.",
        epilog="How to read it: docs/reference/performance.md",
    )
    parser.add_argument("--quick", action="store_true", help="one short round: whether it works, not how fast it is")
    parser.add_argument("--only", choices=_PARTS, help="one part instead of both")
    parser.add_argument("--out", type=Path, default=_RESULTS, help="folder for latest.json and latest.svg")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
