"""Fuzzing with coverage (atheris): no bytes may make a parser of this project raise anything but its own errors, or take long.

`python tools/fuzz.py [TARGET …] [--seconds 600]` fuzzes each target in a process of its own and keeps what reached new code in `.fuzz/`,
which is not committed. The seeds are a handful of good inputs. `pip install atheris` first; it is not a requirement of this project.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

CORPUS = ROOT / ".fuzz"
LONGEST_INPUT = 2048  # bytes
HANG = 10  # seconds for one input

TOKEN = b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNzAwMDAwMDAwfQ.c2lnbmF0dXJlLXRoYXQtZml0cy1ub2JvZHk"
SEEDS: dict[str, list[bytes]] = {
    "token": [TOKEN, b"a.b.c", b"eyJhbGciOiJub25lIn0.e30.", b"..", b"{}", TOKEN + b"="],
    "keys": [
        b'{"kty":"oct","k":"AAAA"}',
        b'{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}',
        b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n",
        b"secret",
        b"00ff",
    ],
    "jwks": [
        b'{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}',
        b'{"keys":[{"kty":"RSA","alg":"RS256","kid":"1","n":"AQAB","e":"AQAB"}]}',
    ],
    "challenge": [b'Bearer realm="x", error="invalid_token"', b'Basic realm="a", Bearer', b'Bearer a="\\""'],
    "cookie": [b"a=b; __Host-token=GOOD", b"__Host-token", b'a="b;c"; =x', b"a=b __Host-token=EVIL"],
    "address": [b"10.0.0.1", b"::ffff:1.2.3.4, 2001:db8::1", b"1.2.3.4:80, unknown"],
    "verify": [TOKEN, b"eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AAAA"],
}  # fmt: skip


def targets() -> dict[str, Callable[[bytes], None]]:
    """Each takes bytes, and raises where something is wrong."""
    import json

    import jwt

    from jwt_demo.probes.www_authenticate import parse_challenges
    from jwt_demo.stages.complete import verify
    from jwt_demo.stages.parts.client_address import address_of
    from jwt_demo.stages.parts.cookie_header import values_in
    from jwt_demo.stages.parts.jwks import KeySetError, read_key_set
    from jwt_demo.stages.parts.settings import Settings
    from jwt_demo.tokens.anatomy import Token, TokenError
    from jwt_demo.tokens.key_material import KeyUnreadable
    from jwt_demo.tokens.keys import read_keys

    settings = Settings(key="0123456789-abcdefghijklmnopqrstuvwxyz", issuer="i", audience="a")

    def token(octets: bytes) -> None:
        text = octets.decode("utf-8", "surrogateescape")
        try:
            found = Token.parse(text)
        except TokenError:
            return
        assert Token.parse(text) == found
        if text.count(".") == 2 and not text.isspace():
            assert text.strip().split(".")[0] in text

    def keys(octets: bytes) -> None:
        for form in ("auto", "text", "base64url", "hex"):
            with contextlib.suppress(KeyUnreadable):
                read_keys(octets, form)

    def jwks(octets: bytes) -> None:
        try:
            document = json.loads(octets)
        except (ValueError, RecursionError):
            return
        try:
            found = read_key_set(document)
        except KeySetError:
            return
        assert not set(found.keys) & set(found.left_out)

    def challenge(octets: bytes) -> None:
        for scheme, parameters in parse_challenges([octets.decode("latin-1")]):
            assert isinstance(scheme, str)
            assert all(isinstance(value, str) for value in parameters.values())

    def cookie(octets: bytes) -> None:
        header = octets.decode("utf-8", "surrogateescape")
        found = values_in(header, "__Host-token")
        strict = [part.strip(" \t") for part in header.split(";")]
        assert len(found) == sum(part.startswith("__Host-token=") for part in strict)

    def address(octets: bytes) -> None:
        found = address_of("10.0.0.1", octets.decode("latin-1").splitlines(), proxies=1)
        assert len(found) < 50
        assert found.isascii()

    def verified(octets: bytes) -> None:
        try:
            verify(octets.decode("utf-8", "surrogateescape"), settings)
        except jwt.InvalidTokenError:
            return
        raise AssertionError("a token that nobody signed was accepted")

    return {
        "token": token,
        "keys": keys,
        "jwks": jwks,
        "challenge": challenge,
        "cookie": cookie,
        "address": address,
        "verify": verified,
    }


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["jwt_demo", "jwt"]):
        target = targets()[name]
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (folder / f"seed-{number}").write_bytes(seed)
    options = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={HANG}",
        f"-artifact_prefix={CORPUS}/{name}-",
        "-print_final_stats=1",
        "-verbosity=1",
        str(folder),
    ]
    atheris.Setup(options, target)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", nargs="*", help=f"of {', '.join(SEEDS)}; all without one")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.target) - SEEDS.keys()
    if unknown:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(SEEDS)}")
    if importlib.util.find_spec("atheris") is None:
        print("The fuzzer is not installed: pip install atheris", file=sys.stderr)
        return 2
    if options.here:
        fuzz(options.target[0], options.seconds)
        return 0

    failed = []
    for name in options.target or SEEDS:
        started = time.monotonic()
        command = [sys.executable, __file__, name, "--here", "--seconds", str(options.seconds)]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        statistics = dict(
            line.removeprefix("stat::").split(":", 1)
            for line in run.stderr.splitlines()
            if line.startswith("stat::")
        )
        executed = statistics.get("number_of_executed_units", "?").strip()
        verdict = "nothing found" if run.returncode == 0 else "FOUND SOMETHING"
        print(
            f"{name}: {executed} inputs in {time.monotonic() - started:.0f} s, {verdict}",
            flush=True,
        )
        if run.returncode != 0:
            failed.append(name)
            print(run.stderr[-3000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
