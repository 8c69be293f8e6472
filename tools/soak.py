"""Minutes of good and hostile requests at once, while workers and the store are killed: what a server must keep up over time.

`python tools/soak.py [--minutes 30] [--rate 30]` starts the stage `logout` under gunicorn with two workers on 127.0.0.1, its state in Redis
where redis-server is installed and in a SQLite file elsewhere, and the stage `complete` with a SQLite file. Then, side by side:

- people log in, read, refresh, and log out; several refreshes with one token at once must give one pair at most, and none lives after that
- noise (`tools/raw_requests.py`), forged tokens, wrong passwords, half-sent bodies
- now and then the younger worker is killed (SIGKILL), and now and then the store is away for three seconds; the elder worker lives on

A good request may be lost only where a worker was just killed, and get 503 only while the store is away. People and strangers have
addresses of their own, which needs Linux: there all of 127.0.0.0/8 is this machine. So a right password must never get 429, and the
strangers must not have more attempts than the limit allows. After the first third of the time, memory and open files of the elder worker
must not grow, in a run of more than ten minutes. Exit 1 where something else happened.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import aiohttp
import psutil

from jwt_demo.stages.parts.login_limit import LoginLimit
from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.stages.parts.stores import MemoryStore
from tests.support.services import Gunicorn, free_port, gunicorn, redis
from tools.raw_requests import Findings, forged, noise, send
from tools.trend import Sample, by_minute, growth

RIGHT = {"email": "user@email.com", "password": "password"}
GRACE = 5.0  # seconds after a kill in which an answer may be lost
RECOVERY = 15.0  # seconds in which connections to a store that was away may turn out to be dead
KILL_EVERY, OUTAGE_EVERY, OUTAGE = 40.0, 60.0, 3.0
SAMPLE_EVERY = 5.0
PEOPLE, STRANGER = "127.0.0.2", "127.0.0.3"
CROWD = [
    f"127.0.1.{number}" for number in range(1, 255)
]  # more strangers, who try the same account
GROWTH = 0.05  # of memory and open files, at most, in the last two thirds of the time
WARM = 600.0  # seconds of a run before growth is judged


@dataclass
class Soak:
    """One server under load, and what was seen."""

    stage: str
    server: Gunicorn
    take_store_away: Callable[[], contextlib.AbstractContextManager[None]]
    ends: float
    rate: float
    statuses: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    noise: Findings = field(default_factory=Findings)
    samples: list[Sample] = field(default_factory=list)
    guesses: Counter[str] = field(default_factory=Counter)  # wrong passwords judged, by address
    clients: dict[str, aiohttp.ClientSession] = field(default_factory=dict)  # by their address
    started: float = 0.0
    last_kill: float = float("-inf")
    store_back: float = float("-inf")
    kills: int = 0
    outages: int = 0
    lost: int = 0
    families: int = 0
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # for load, not for keys

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    async def run(self) -> None:
        self.started = time.monotonic()
        try:
            await asyncio.gather(
                self.repeat(self.good, 1.0),
                self.repeat(self.hostile, 0.25),
                self.repeat(self.half_sent, 2.0),
                self.repeat(self.kill_worker, KILL_EVERY, first=KILL_EVERY / 2),
                self.repeat(self.outage, OUTAGE_EVERY, first=OUTAGE_EVERY / 2),
                self.repeat(self.sample, SAMPLE_EVERY),
            )
        finally:
            for client in self.clients.values():
                await client.close()

    def client(self, address: str) -> aiohttp.ClientSession:
        if address not in self.clients:
            connector = aiohttp.TCPConnector(  # a new connection each time: any worker may take it
                local_addr=(address, 0), force_close=True, limit=0
            )
            self.clients[address] = aiohttp.ClientSession(
                self.server.url, connector=connector, timeout=aiohttp.ClientTimeout(total=20)
            )
        return self.clients[address]

    async def repeat(
        self, work: Callable[[], Awaitable[None]], every: float, *, first: float = 0
    ) -> None:
        await asyncio.sleep(first)
        while time.monotonic() < self.ends:
            started = time.monotonic()
            await work()
            await asyncio.sleep(max(0, every - (time.monotonic() - started)))

    # People

    async def ask(
        self, method: str, path: str, *, address: str = PEOPLE, **options: object
    ) -> tuple[int, dict[str, str]]:
        """The status and the JSON of an answer; 0 for one that was lost, which is a fault unless a worker was killed around then."""
        client = self.client(address)
        try:
            async with client.request(method, path, **options) as answer:
                body = await answer.json(content_type=None) if answer.status != 204 else {}
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            await asyncio.sleep(0.5)  # a kill is noted after it happened
            self.lost += 1
            if time.monotonic() - self.last_kill > GRACE + 20:
                self.faults[f"lost: {type(error).__name__}"] += 1
            return 0, {}
        self.statuses[f"{method} {path} {answer.status}"] += 1
        if answer.status >= 500 and (
            answer.status != 503 or time.monotonic() - self.store_back > RECOVERY
        ):
            self.faults[f"{answer.status} from {method} {path}"] += 1
        return answer.status, body or {}

    async def good(self) -> None:
        status, pair = await self.ask("POST", "/login", data=RIGHT)
        if status != 200:
            if status not in (0, 503):
                self.faults[f"{status} for a right password"] += 1
            return
        for _ in range(3):
            await self.expect(pair["token"], (200,))
        if self.stage != "logout":
            return
        self.families += 1
        if self.families % 2:
            await self.race(pair)
        else:
            status, _ = await self.ask("POST", "/logout", headers=bearer(pair["token"]))
            await self.expect(pair["token"], (401,) if status == 204 else (200, 401))

    async def race(self, pair: dict[str, str]) -> None:
        """Eight refreshes with one token: at most one is granted, and when all have been answered, the family is dead."""
        form = {"refresh_token": pair["refresh_token"]}
        answers = await asyncio.gather(*(self.ask("POST", "/refresh", data=form) for _ in range(8)))
        granted = [new for status, new in answers if status == 200]
        if len(granted) > 1:
            self.faults["double grant"] += 1
        if sum(status in (200, 401) for status, _ in answers) > 1:  # a second use was seen
            for dead in (pair, *granted):
                await self.expect(dead["token"], (401,))

    async def expect(self, token: str, wanted: tuple[int, ...], *, address: str = PEOPLE) -> None:
        status, _ = await self.ask("GET", "/get-user", address=address, headers=bearer(token))
        if status not in (*wanted, 0, 503):
            self.faults[f"{status} instead of {wanted}"] += 1

    # Strangers

    async def hostile(self) -> None:
        for _ in range(max(1, round(self.rate / 4))):
            kind = self.dice.random()
            if kind < 0.6:
                (request,) = noise(self.dice.randrange(10**9), 1)
                with contextlib.suppress(OSError):
                    answer = await send(self.port, request, patience=25)
                    if answer or time.monotonic() - self.last_kill > GRACE + 20:
                        self.noise.judge(request, answer)
            elif kind < 0.9:
                await self.expect(forged(self.dice), (401,), address=STRANGER)
            else:
                await self.guess(STRANGER if kind < 0.95 else self.dice.choice(CROWD))

    async def guess(self, address: str) -> None:
        wrong = {"email": RIGHT["email"], "password": str(self.dice.random())}
        status, _ = await self.ask("POST", "/login", address=address, data=wrong)
        self.guesses[address] += status == 401
        if status not in (0, 401, 429, 503):
            self.faults[f"{status} for a wrong password"] += 1

    async def half_sent(self) -> None:
        """Connections that promise a body and do not send it."""
        request = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nemail="
        with contextlib.suppress(OSError):
            for answer in await asyncio.gather(
                *(send(self.port, request) for _ in range(5)), return_exceptions=True
            ):
                if isinstance(answer, bytes) and answer:
                    self.statuses[f"half a body {answer[9:12].decode()}"] += 1

    # Accidents

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.server.pid).children()

    async def kill_worker(self) -> None:
        async with self.one_at_a_time:
            workers = self.workers()
            if len(workers) == 2:
                self.last_kill = time.monotonic()
                max(workers, key=psutil.Process.create_time).kill()
                self.kills += 1
            await asyncio.sleep(GRACE)

    async def outage(self) -> None:
        async with (
            self.one_at_a_time
        ):  # a worker that starts while its file is away would create a new one
            self.store_back = float("inf")
            with self.take_store_away():
                await asyncio.sleep(OUTAGE)
            self.store_back = time.monotonic()
            self.outages += 1

    async def sample(self) -> None:
        with contextlib.suppress(psutil.Error):
            elder = min(self.workers(), key=psutil.Process.create_time)
            since = time.monotonic() - self.started
            self.samples.append(Sample(since, elder.memory_info().rss / (1 << 20), elder.num_fds()))

    def report(self) -> list[str]:
        """Figures; a fault where memory or open files grew, or where a stranger had too many attempts."""
        lines = [
            f"{self.stage}: {self.kills} workers killed, {self.outages} outages of the store, {self.lost} answers lost, {self.families} logins"
        ]
        for name in ("megabytes", "files"):
            minutes = " ".join(by_minute(self.samples, name))
            lines.append(f"  {name} of the elder worker, by the minute: {minutes}")
            if self.samples[-1].seconds < WARM:
                continue
            more = growth(self.samples, name)
            lines.append(f"  {name} in the last two thirds: {more:+.1%}")
            if more > GROWTH:
                self.faults[f"{name} grew"] += 1
        lines.append(
            f"  {self.guesses[STRANGER]} guesses of one stranger were judged, {self.guesses.total()} of all"
        )
        lasted = time.monotonic() - self.started
        limit = LoginLimit(MemoryStore())
        if self.stage == "complete" and (
            self.guesses[STRANGER] > limit.for_account + lasted / limit.account_seconds + 1
        ):
            self.faults["a stranger had more attempts than allowed"] += 1
        lines += [f"  {status}: {count}" for status, count in sorted(self.statuses.items())]
        lines.append(
            "  noise: "
            + ", ".join(
                f"{status}: {count}" for status, count in sorted(self.noise.statuses.items())
            )
        )
        lines += [
            f"  noise, {what}: {request[:200]!r} -> {answer[:200]!r}"
            for what, request, answer in self.noise.faults[:10]
        ]
        lines += [f"  FAULT {fault}: {count}" for fault, count in self.faults.items()]
        return lines


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def lines_of_interest(log: Path) -> Iterator[str]:
    """What a worker wrote to its error log, and the exceptions of tracebacks."""
    for line in log.read_text(errors="replace").splitlines():
        if not line.startswith(("worker <", " ", "Traceback")) and "[INFO]" not in line:
            yield re.sub(r"[0-9]+", "…", line)


@contextlib.contextmanager
def renamed(folder: Path) -> Iterator[None]:
    """The whole folder: SQLite does not allow that one of its three files is moved while it is open."""
    away = folder.with_suffix(".away")
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)


class RestartedRedis:
    """A redis-server that can be killed and started again with what it has on disk."""

    def __init__(self, directory: Path):
        self.directory, self.port = directory, free_port()
        self._running = contextlib.ExitStack()

    def start(self) -> str:
        program = shutil.which("redis-server") or "redis-server"
        return self._running.enter_context(redis(program, self.directory, port=self.port))

    def stop(self) -> None:
        self._running.close()

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()


async def soak(runs: list[Soak]) -> None:
    await asyncio.gather(*(run.run() for run in runs))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument(
        "--rate", type=float, default=30, help="hostile requests in a second, for each server"
    )
    options = parser.parse_args()
    if sys.platform != "linux":
        parser.error("this needs Linux, where all of 127.0.0.0/8 is this machine")

    with contextlib.ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        files = [folder / "state" / "store.sqlite" for folder in folders]
        for file in files:
            file.parent.mkdir()
        store, take_away = f"sqlite:///{files[0]}", lambda: renamed(files[0].parent)
        if shutil.which("redis-server"):
            state = RestartedRedis(folders[0])
            store, take_away = state.start(), state.away
            stack.callback(state.stop)
        places = [
            ("logout", store, take_away),
            ("complete", f"sqlite:///{files[1]}", lambda: renamed(files[1].parent)),
        ]
        runs = []
        for (stage, address, away), folder in zip(places, folders, strict=True):
            server = stack.enter_context(
                gunicorn(stage, folder, JWT_SECRET=new_key(), JWT_DEMO_STORE=address)
            )
            ends = time.monotonic() + options.minutes * 60
            runs.append(Soak(stage, server, away, ends, options.rate))
        with contextlib.suppress(subprocess.TimeoutExpired):
            asyncio.run(soak(runs))
        told = Counter(line for run in runs for line in lines_of_interest(run.server.log))

    for run in runs:
        print("\n".join(run.report()))
    print("Lines of the logs, numbers left out:")
    print("\n".join(f"  {count} x {line[:200]}" for line, count in told.most_common(20)))
    return 1 if any(run.faults or run.noise.faults for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
