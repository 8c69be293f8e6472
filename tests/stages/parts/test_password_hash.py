"""Passwords: Argon2id wherever it can be had; PBKDF2 under its own name in a browser tab, and nowhere else."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import argon2
import pytest

from jwt_demo.stages.parts.password_hash import (
    DamagedHash,
    Pbkdf2Hasher,
    WrongPassword,
    new_hasher,
    pbkdf2,
    quick_hasher,
)


def test_a_real_machine_has_argon2id() -> None:
    """With the cost that the course names; nothing weaker takes its place."""
    hasher = new_hasher()
    assert isinstance(hasher, argon2.PasswordHasher)
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (5, 7168, 1)
    assert hasher.type is argon2.Type.ID
    assert isinstance(quick_hasher(), argon2.PasswordHasher)


def test_a_real_machine_without_argon2_stops() -> None:
    """Importing the module fails; it does not go on with another hash."""
    program = "import sys; sys.modules['argon2'] = None; import jwt_demo.stages.parts.password_hash"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert "argon2" in done.stderr


@pytest.mark.parametrize("rounds", [1, 2, 1000])
def test_pbkdf2_is_that_of_the_standard_library(rounds: int) -> None:
    """RFC 8018 §5.2, compared with hashlib's, which a tab does not have; the second line is RFC 7914 §11."""
    made = pbkdf2(b"password", b"a salt", rounds)
    assert made == hashlib.pbkdf2_hmac("sha256", b"password", b"a salt", rounds)
    assert pbkdf2(b"passwd", b"salt", 1).hex().startswith("55ac046e56e3089fec1691c22544b605")


def test_it_accepts_its_own_password_alone() -> None:
    """Two hashes of one password differ; each is verified with its own salt and rounds."""
    hasher, other = Pbkdf2Hasher(rounds=2), Pbkdf2Hasher(rounds=3)
    kept = hasher.hash("password")
    assert kept != hasher.hash("password")
    assert other.verify(kept, "password")
    with pytest.raises(WrongPassword):
        hasher.verify(kept, "passwore")


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "no hash",
        "$argon2id$v=19$m=8,t=1,p=1$c29tZQ$AAAA",
        "$pbkdf2-sha256$i=2$AAAA$",
        "$pbkdf2-sha256$i=0$AAAA$AAAA",
        "$pbkdf2-sha256$i=many$AAAA$AAAA",
        "$pbkdf2-sha256$i=99999999999$AAAA$AAAA",
        "$pbkdf2-sha256$i=2$!$AAAA",
    ],
)
def test_a_text_that_is_no_hash_is_damaged(damaged: str) -> None:
    """And does not keep the tab busy for an hour."""
    with pytest.raises(DamagedHash):
        Pbkdf2Hasher().verify(damaged, "password")
