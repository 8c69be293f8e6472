"""Words that are secrets in documentation, and the search for one that signed a token."""

from __future__ import annotations

import time
from pathlib import Path

import jwt
import pytest

from jwt_demo.probes import probe
from jwt_demo.probes.model import BROKEN, HELD, HOLE
from jwt_demo.probes.weak_secrets import chunks, common, search
from jwt_demo.tokens.anatomy import Token
from tests.probes.holes import verifying as v
from tests.probes.holes.base import running

DOCUMENTED = (
    "secret", "your-256-bit-secret", "super-secret", "your-secret-key", "shhhhh", "shhhhhhared-secret", "keyboard cat", "supersecret", "changeme",
    "my-secret", "jwt-secret", "it-is-very-secret", "a-string-secret-at-least-256-bits-long", "django-insecure", "top secret", "secretkey",
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "your-512-bit-secret", "secret\n",
)  # fmt: skip


def signed(secret: bytes, alg: str) -> Token:
    return Token.parse(jwt.encode({"sub": "1"}, secret, algorithm=alg))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("word", DOCUMENTED)
def test_documented_secrets_are_on_the_list(word: str, alg: str):
    """Found in each algorithm."""
    token = signed(word.encode(), alg)
    assert search(alg, token.signing_input, token.signature, common(alg)) == word.encode()


def test_no_other_secret_is_found():
    """A random one is not."""
    token = signed(b"x7" * 32, "HS256")
    assert search("HS256", token.signing_input, token.signature, common("HS256")) is None


def test_a_word_list_is_read_in_parts_whatever_its_bytes(tmp_path: Path):
    """Bytes that are no text stay the bytes they are."""
    path = tmp_path / "words"
    path.write_bytes(b"one\r\n\xff\xfe\nlast")
    (some,) = chunks(path)
    assert [word.encode("utf-8", "surrogateescape") for word in some] == [
        b"one",
        b"\xff\xfe",
        b"last",
    ]


def test_the_search_is_quick():
    """More than ten thousand words a second on one core, however busy the machine is."""
    token = signed(b"x7" * 32, "HS256")
    words = [f"word-{number}" for number in range(20_000)]
    started = time.process_time()
    search("HS256", token.signing_input, token.signature, words)
    assert len(words) / (time.process_time() - started) > 10_000


async def test_a_hit_is_named_and_signs_the_rest(lab):
    """Without a key given, the probes that sign are run with the one that was found."""
    async with running(v.weak_secret(lab)) as url:
        report = await probe(url, only=["guessed-secret", "expired", "other-audience"])
    assert (report["guessed-secret"].verdict, report["guessed-secret"].severity) == (BROKEN, HOLE)
    assert "'your-256-bit-secret'" in report["guessed-secret"].got
    assert [report[name].verdict for name in ("expired", "other-audience")] == [HELD, HELD]


async def test_a_word_list_finds_what_the_built_in_one_does_not(lab, tmp_path: Path):
    """And progress is told while it is read."""
    path, told = tmp_path / "words", []
    path.write_text("\n".join(["wrong"] * 30_000 + [lab.key]))
    async with running(lab.complete()) as url:
        report = await probe(
            url, only=["guessed-secret", "expired"], wordlist=path, tell_words=told.append
        )
    assert report["guessed-secret"].verdict == BROKEN
    assert report["expired"].verdict == HELD
    assert len(told) == 2
