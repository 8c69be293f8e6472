"""Sends thousands of requests that are odd or broken as HTTP, byte by byte, and says what a server did with them.

`python tools/raw_requests.py [--stage complete] [--count 10000] [--seed 1]` starts the stage under gunicorn with two workers on a free
port of 127.0.0.1. Each request carries a token that nobody signed, or a wrong password. A server must not accept one, repeat a part of
it (to the client or in its log), answer with a 5xx, or leave a connection without a response.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.tokens.anatomy import encode_segment
from tests.support.services import gunicorn

PATIENCE = 30.0  # seconds for an answer; a body that does not come is answered after 5
SILENCE = 0.2  # seconds after an answer, in case there is a second one
AT_ONCE = 60
CANARY = "Q4N4RYQ4N4RYQ4N4RY"  # stands in every token and password, and nowhere else

METHODS = [
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "get",
    "PROPFIND",
    "G(T",
    "\x16\x03\x01",
]
PATHS = [
    "/get-user", "/login", "/", "/admin", "/refresh", "/logout", "/nowhere", "/get-user/", "//get-user", "/get-user/../admin", "/%67et-user",
    "/get-user%00", "/get-user%0a", "*", "", "get-user", "http://127.0.0.1/get-user", "http://elsewhere.example", "elsewhere.example:443",
    "/get-user;x=1", "/login?email=a", "/\xff", "/%ff", "/" + "a" * 9000, "/get-user#x", "/get-user?access_token=TOKEN", "/get-user?jwt=TOKEN",
]  # fmt: skip
VERSIONS = ["HTTP/1.1"] * 60 + [
    "HTTP/1.0",
    "HTTP/0.9",
    "HTTP/2.0",
    "HTTP/1.9",
    "http/1.1",
    "HTTP/1",
    "",
    "HTTP/1.1\r",
]
AUTHORIZATION = [
    "Authorization: Bearer TOKEN", "authorization:Bearer TOKEN", "Authorization:  bearer  TOKEN ", "Authorization : Bearer TOKEN",
    "Authorization: Bearer TOKEN\x01", "Authorization: Bearer TOKEN\x00", "Authorization: Bearer\tTOKEN", "Authorization: Bearer TOKEN\r",
    "Authorization: Bearer\r\n TOKEN", "Authorization: Bearer TOKEN\n", "Authorization: Bearer \xe2\x80\x83TOKEN", "Authorization: Bearer TOKEN,",
    "Authorization: Bearer TOKEN, Bearer TOKEN", "Authorization: TOKEN", "Authorization: DPoP TOKEN", "Authorization: Basic TOKEN", "Authorization: Bearer",
    "Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN", "X-Authorization: Bearer TOKEN", "Proxy-Authorization: Bearer TOKEN",
    "Cookie: token=TOKEN", "Cookie: __Host-token=TOKEN", "Cookie: a=b __Host-token=TOKEN", "Cookie: __Host-token =TOKEN", "Cookie: __Host-token=\"TOKEN\"",
    "Cookie: a=b\xc2\xa0__Host-token=TOKEN", "Cookie: __Host-token=TOKEN; __Host-token=TOKEN", "Authorization: Bearer " + "TOKEN" * 400,
    "Authorization Bearer TOKEN", ": Bearer TOKEN", "Authorization: Bearer TOKEN\xff\xfe", "Expect: TOKEN", "Expect: \xffTOKEN", "Host: TOKEN",
]  # fmt: skip
OTHERS = [
    "Host: x", "Host: x\r\nHost: y", "Host:", "Expect: 100-continue", "Expect: \xff", "Expect: a-miracle", "Connection: close", "Connection: keep-alive",
    "Connection: Upgrade\r\nUpgrade: websocket", "Connection: Upgrade\r\nUpgrade: h2c", "Transfer-Encoding: chunked", "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding: chunked, chunked", "Content-Length: -1", "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: 99999999999999999999", "Content-Length: +5", "Content-Length: 5 ", "Content-Encoding: gzip", "Content-Encoding: br", "Content-Encoding: x",
    "Content-Type: application/json", "Content-Type: application/json; charset=nonsense", "Content-Type: multipart/form-data; boundary=x",
    "Content-Type: multipart/form-data", "Content-Type: application/x-www-form-urlencoded", "Content-Type: \xff", "Origin: null", "Origin: http://elsewhere.example",
    "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: elsewhere.example", "X-HTTP-Method-Override: GET", "Range: bytes=0-", "Accept: */*", "X: " + "y" * 70000,
]  # fmt: skip
BODIES = [
    "", "hello", "email=user@email.com&password=TOKEN", '{"email": "user@email.com", "password": "TOKEN"}', '{"email": 1, "password": []}', "[]", "null", "{",
    "[" * 3000, '{"email": "\\ud800", "password": "TOKEN"}', "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "zz\r\nhello\r\n",
    "ffffffffffffffff\r\n", "\x1f\x8b\x08\x00TOKEN",
    '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nTOKEN\r\n--x--\r\n', "--x\r\nTOKEN", "a=b&" * 3000, "refresh_token=TOKEN",
    "GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\n\r\n",
]  # fmt: skip


def noise(seed: int, count: int) -> Iterator[bytes]:
    """`count` requests, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311  # reproducible is what matters
    for _ in range(count):
        yield one(dice)


def one(dice: random.Random) -> bytes:
    body = dice.choice(BODIES) if dice.random() < 0.5 else ""
    method = dice.choice(METHODS) if dice.random() < 0.3 else "POST" if body else "GET"
    path = dice.choice(PATHS) if dice.random() < 0.5 else "/login" if body else "/get-user"
    lines = [f"{method} {path} {dice.choice(VERSIONS)}", "Host: x"]
    lines += dice.sample(AUTHORIZATION, dice.choice([0, 1, 1, 1, 1, 2]))
    lines += dice.sample(OTHERS, dice.choice([0, 0, 0, 1, 1, 2]))
    if body and dice.random() < 0.8:
        lines.append(
            f"Content-Length: {len(body.encode('latin-1')) + dice.choice([0, 0, 0, 0, 0, 0, 0, 7, -1])}"
        )
    text = "\r\n".join(lines) + "\r\n\r\n" + body
    octets = bytearray(text.replace("TOKEN", forged(dice)).encode("latin-1"))
    for _ in range(dice.choice([0] * 12 + [1, 2, 8])):  # and some bytes changed, wherever they are
        octets[dice.randrange(len(octets))] = dice.randrange(256)
    return bytes(octets)


def forged(dice: random.Random) -> str:
    """A token that looks good and that nobody signed."""
    header = dice.choice(
        [
            '{"alg":"none"}',
            '{"alg":"HS256","typ":"at+jwt"}',
            '{"alg":"nOnE"}',
            '{"alg":"HS256","kid":"../../dev/null"}',
        ]
    )
    claims = f'{{"{CANARY}":1,"sub":"1","iss":"http://localhost:8080","aud":"jwt-demo","exp":99999999999}}'
    signature = dice.choice(["", "AAAA", encode_segment(CANARY.encode())])
    return ".".join((encode_segment(header.encode()), encode_segment(claims.encode()), signature))


@dataclass
class Findings:
    """What happened: a count for each status, and the requests that something went wrong with."""

    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, bytes, bytes]] = field(default_factory=list)

    def judge(self, request: bytes, answer: bytes | None) -> None:
        if answer is None:
            return self.fault("hung", request, b"")
        found = re.findall(rb"HTTP/\d\.\d (\d{3}) ", answer)
        self.statuses[found[0].decode() if found else "none"] += 1
        if not found:
            if (
                b"\r\n\r\n" in request
            ):  # else it never ended, and the server closed an idle connection
                self.fault("no response", request, answer)
            return None
        if any(status.startswith(b"5") and status != b"503" for status in found):
            self.fault("5xx", request, answer)
        if b"is_admin" in answer or b'"token"' in answer:
            self.fault("accepted", request, answer)
        if repeats(answer):
            self.fault("repeated", request, answer)

    def fault(self, what: str, request: bytes, answer: bytes) -> None:
        self.faults.append((what, request, answer))


def repeats(text: bytes) -> bool:
    """Whether a canary stands in a text, as it is or inside a segment of a token."""
    shifts = (encode_segment(b"x" * shift + CANARY.encode())[4:20].encode() for shift in range(3))
    return CANARY.encode() in text or any(shift in text for shift in shifts)


async def send(port: int, request: bytes, *, patience: float = PATIENCE) -> bytes | None:
    """All that comes back, until the server is silent or closes the connection; None if that takes too long."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(request)
        while True:
            answered = b"\r\n\r\n" in answer and not answer.startswith(b"HTTP/1.1 100")
            more = await asyncio.wait_for(reader.read(65536), SILENCE if answered else patience)
            answer += more
            if not more:
                return answer
    except asyncio.TimeoutError:
        return answer or None
    except ConnectionError:
        return answer
    finally:
        writer.close()


async def attack(port: int, requests: Iterable[bytes]) -> Findings:
    """Send all of them, some at once."""
    findings, waiting = Findings(), iter(requests)

    async def work() -> None:
        for request in waiting:
            findings.judge(request, await send(port, request))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stage", default="complete")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        environment = {
            "JWT_SECRET": new_key(),
            "JWT_DEMO_STORE": f"sqlite:///{directory}/store.sqlite",
        }
        with gunicorn(options.stage, directory, **environment) as server:
            port = int(server.url.rpartition(":")[2])
            findings = asyncio.run(attack(port, noise(options.seed, options.count)))
            workers = server.served()
        lines = (
            server.log.read_bytes().splitlines()
        )  # the first line of a request is in every access log
        if any(repeats(line) for line in lines if not line.startswith(b"worker <")):
            findings.fault("repeated in the log", b"", b"")

    print(
        f"{options.stage}: {options.count} requests in {time.monotonic() - started:.0f} s to {len(workers)} workers"
    )
    print("  ".join(f"{status}: {count}" for status, count in sorted(findings.statuses.items())))
    for what, request, answer in findings.faults[:20]:
        print(f"{what}: {request[:300]!r} -> {answer[:300]!r}")
    print(f"{len(findings.faults)} faults")
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
