"""`make bench`: a table in the terminal and benchmarks/results/latest.json. `make bench ARGS="--quick request memory"` for less.

Every number is a ratio of two things measured in turns within this run; none is a number of seconds.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import serving  # noqa: E402
import starting  # noqa: E402
import verifying  # noqa: E402
from measuring import Result  # noqa: E402

BENCHMARKS = {
    "request": serving.protected_requests,
    "logins": serving.requests_while_others_log_in,
    "verification": verifying.verification,
    "start": starting.first_token,
    "memory": starting.memory,
    "course": starting.course,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", help=f"which to run; all without a name: {', '.join(BENCHMARKS)}"
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds: a look, not a measurement"
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )

    console = Console()
    results: list[Result] = []
    for name in options.names or BENCHMARKS:
        with console.status(f"{name}: {BENCHMARKS[name].__doc__}"):
            results += BENCHMARKS[name](options.quick)
    console.print(table(results))
    console.print(f"Written to {write(results, options.quick).relative_to(HERE.parent)}")


def table(results: list[Result]) -> Table:
    shown = Table(
        "what",
        "how many times",
        "what it is compared with",
        "aim",
        "",
        title="Ratios within one run",
    )
    shown.columns[1].justify = shown.columns[3].justify = "right"
    previous = ""
    for result in results:
        if previous and result.benchmark != previous:
            shown.add_section()
        previous = result.benchmark
        verdict = ""
        if result.reached is not None:
            verdict = "✓ reached" if result.reached else "✗ missed"
        aim = f"≤ {result.aim:.2f}" if result.aim else ""
        shown.add_row(
            result.subject,
            f"{result.ratio:.2f}",
            result.baseline,
            aim,
            f"{verdict} {result.note}".strip(),
        )
    return shown


def write(results: list[Result], quick: bool) -> Path:
    path = HERE / "results" / "latest.json"
    path.parent.mkdir(exist_ok=True)
    versions = {name: version(name) for name in ("aiohttp", "PyJWT", "argon2-cffi")}
    about = {
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "quick": quick,
        "python": platform.python_version(),
        **versions,
    }
    path.write_text(
        json.dumps({"about": about, "results": [result.as_dict() for result in results]}, indent=1)
        + "\n"
    )
    return path


if __name__ == "__main__":
    main()
