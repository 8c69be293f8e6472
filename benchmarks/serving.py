"""Requests: what protection costs, beside other libraries, and while others log in."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from asking import Client, latencies, logged_in, running
from measuring import Result, ratio, seconds, taking_turns

OTHERS = {  # what is compared with, and the module it needs
    "aiohttp-security": "aiohttp_security",
    "Flask-JWT-Extended": "flask_jwt_extended",
    "Django simplejwt": "rest_framework_simplejwt",
    "FastAPI + PyJWT": "fastapi",
}


def protected_requests(quick: bool) -> list[Result]:
    """GET /get-user on `decorator` against the same handler open, against `complete`, and against other libraries doing this job."""
    others = [name for name, module in OTHERS.items() if importlib.util.find_spec(module)]
    for name in OTHERS.keys() - others:
        print(f"{name} was not measured: pip install 'jwt_demo[bench]' brings it")
    with contextlib.ExitStack() as stack:
        clients = {
            name: stack.enter_context(logged_in(name))
            for name in ("open", "decorator", "complete", *others)
        }
        ways = {name: seconds(client.get_user, 100) for name, client in clients.items()}
        measured = taking_turns(ways, rounds=5 if quick else 25)
    return [
        Result(
            "request",
            "decorator, protected",
            "the same handler, open",
            ratio(measured, "decorator", "open"),
            aim=1.25,
        ),
        Result(
            "request",
            "complete, protected",
            "the same handler, open",
            ratio(measured, "complete", "open"),
        ),
        *(
            Result("request", "decorator, protected", other, ratio(measured, "decorator", other))
            for other in others
        ),
    ]


def requests_while_others_log_in(quick: bool) -> list[Result]:
    """p50 and p99 of GET /get-user with two others who log in without end, hashes off the loop (ours) and on it, against nobody logging in."""
    measured: dict[str, list[float]] = {}
    duration, rounds = (1, 2) if quick else (3, 5)
    with running("decorator") as off, running("hashing on the loop") as on:
        clients = {"off the loop": Client(off), "on the loop": Client(on)}
        for client in clients.values():
            client.log_in()
        for _ in range(rounds):
            for place, client in clients.items():
                note(measured, f"idle, {place}", latencies(client, duration))
                with two_who_log_in(off if place == "off the loop" else on):
                    note(measured, f"logins, {place}", latencies(client, duration))
        for client in clients.values():
            client.connection.close()
    results = []
    for place, most in (("off the loop", 2.0), ("on the loop", None)):
        for percentile, aim in (("p50", None), ("p99", most)):
            times = ratio(measured, f"logins, {place} {percentile}", f"idle, {place} {percentile}")
            results.append(
                Result(
                    "under logins",
                    f"{percentile}, hashes {place}",
                    f"{percentile}, idle",
                    times,
                    aim=aim,
                )
            )
    return results


def note(measured: dict[str, list[float]], name: str, taken: list[float]) -> None:
    for percentile, share in (("p50", 0.5), ("p99", 0.99)):
        measured.setdefault(f"{name} {percentile}", []).append(taken[int(len(taken) * share)])


@contextlib.contextmanager
def two_who_log_in(url: str) -> Iterator[None]:
    """In processes of their own, so that they take nothing from the client that is measured but what the server takes."""
    command = [sys.executable, str(Path(__file__).with_name("asking.py")), url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for process in processes:
            process.stdout.readline()  # logged in for the first time
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)
            process.stdout.close()
