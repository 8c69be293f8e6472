"""The options of `jwt-demo probe`: https, settings in a file, tokens instead of a key, words from a file, and what excludes what."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import json
import ssl
import stat
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from jwt_demo.cli.probe_command import probe
from tests.probes.holes.base import Lab, running
from tests.probes.holes.own_routes import application
from tests.probes.holes.own_service import AUDIENCE, ISSUER, Service, key_text
from tests.probes.holes.steps import nothing, verifying

OWN = (
    "--path", "/api/v2/me", "--login-path", "/auth/sign-in", "--token-field", "data.jwt", "--login-json",
    '{"account": {"login": "ann@shop.example", "pass": "correct horse"}}',
)  # fmt: skip


async def ran(*arguments: str) -> Result:
    """The command in a thread, so that the server of the test goes on serving."""
    return await asyncio.to_thread(CliRunner().invoke, probe, list(arguments))


def verdicts(result: Result) -> dict[str, str]:
    return {row["name"]: row["verdict"] for row in json.loads(result.stdout)["probes"]}


# --- https


def certificate(
    name: str, key: Any, issuer: str, issuer_key: Any, *, authority: bool
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(1)).not_valid_after(
        now + datetime.timedelta(1)
    )
    builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
    # Python 3.13 verifies strictly (RFC 5280 §4.2.1): who signed says so, and whose key it is.
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(own, critical=False)
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = builder.add_extension(signer, critical=False)
    if authority:
        builder = builder.add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False),
            critical=True,
        )
    if not authority:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])


def pem(one: x509.Certificate) -> bytes:
    return one.public_bytes(serialization.Encoding.PEM)


@contextlib.asynccontextmanager
async def running_https(app: web.Application, folder: Path) -> AsyncIterator[str]:
    """The application over TLS with a certificate of an authority of its own, which is in `ca.pem`."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = certificate("own CA", authority_key, "own CA", authority_key, authority=True)
    own = certificate("server", key, "own CA", authority_key, authority=False)
    (folder / "ca.pem").write_bytes(pem(authority))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.pem").write_bytes(pem(own) + private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "server.pem")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield f"https://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_https_with_an_authority_of_ones_own(lab: Lab, tmp_path: Path):
    """With --ca-file it is probed; without it one line says that the certificate is not trusted, and names the option."""
    async with running_https(lab.complete(), tmp_path) as url:
        good = await ran(url, "--ca-file", str(tmp_path / "ca.pem"), "--only", "alg-none", "--json")
        strange = await ran(url, "--only", "alg-none")
    assert (good.exit_code, verdicts(good)) == (0, {"alg-none": "held"}), good.output
    assert (strange.exit_code, strange.stdout) == (2, "")
    assert "is not trusted here" in strange.stderr
    assert "--ca-file" in strange.stderr


async def test_http_where_https_was_written(lab: Lab):
    """A server without TLS is said to have none."""
    async with running(lab.complete()) as url:
        result = await ran(url.replace("http", "https"), "--only", "alg-none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "does not speak TLS" in result.stderr


# --- settings in a file


async def test_saved_settings_run_again_alike(tmp_path: Path):
    """--save-config writes what was given, --config runs it elsewhere; an option on the command line wins."""
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "key").write_bytes(bytes(key_text("HS512")))
    saved = folder / "probe.toml"
    given = (*OWN, "--secret-file", str(folder / "key"), "--limit", "4", "--only", "expired", "--only", "alg-none")  # fmt: skip
    async with running(application(Service("HS512"))) as url:
        first = await ran(url, *given, "--json", "--save-config", str(saved))
        again = await ran(url, "--config", str(saved), "--json")
        fewer = await ran(url, "--config", str(saved), "--json", "--only", "nested")
    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    assert verdicts(first) == verdicts(again) == {"alg-none": "held", "expired": "held"}
    assert list(verdicts(fewer)) == ["nested"]
    assert 'secret-file = "key"' in saved.read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600


BAD_SETTINGS = {
    "an unknown name": ('pathh = "/me"', "there is no setting 'pathh'"),
    "no TOML": ("path = ", "is no TOML"),
    "a list": ('path = ["/me"]', "path is a text or a number"),
    "no list": ('only = "expired"', "only is a list of texts"),
    "a contradiction": ('token-field = "a"\ntoken-cookie = "b"', "exclude each other"),
}


@pytest.mark.parametrize(("text", "named"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
async def test_bad_settings_are_one_line(text: str, named: str, tmp_path: Path):
    """Status 2, nothing on standard output."""
    path = tmp_path / "probe.toml"
    path.write_text(text)
    result = await ran("http://127.0.0.1:1", "--config", str(path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert named in result.stderr
    assert result.stderr.count("\n") == 1


CONTRADICTIONS = (
    "--token-file f --login-path /x", "--token-file f --login-json {}", "--login-json {} --email a", "--login-json {} --password a",
    "--token-field a --token-header b", "--token-field a --token-cookie b", "--token-header a --token-cookie b", "--token-cookie a --header b",
    "--token-cookie a --scheme b", "--wait 3 --expired-token-file f", "--wait 3 --secret-file f", "--wait 3 --token-file f", "--only nested --skip nested",
)  # fmt: skip


@pytest.mark.parametrize("options", CONTRADICTIONS)
async def test_a_contradiction_is_one_line_and_2(options: str):
    """The line names both options."""
    result = await ran("http://127.0.0.1:1", *options.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(word in result.stderr for word in options.split() if word.startswith("--"))
    assert result.stderr.count("\n") == 1


# --- without the key

SAMPLES = {
    "expired": ("--expired-token-file", {"exp": int(time.time()) - 3600}, "no expiry"),
    "other-audience": ("--other-audience-token-file", {"aud": "another-api"}, "any audience"),
    "other-issuer": ("--other-issuer-token-file", {"iss": "https://other.example"}, "any issuer"),
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("alg", ["HS256", "ES256"])
async def test_a_token_of_the_servers_own_stands_in_for_the_key(
    name: str, alg: str, tmp_path: Path
):
    """The right server rejects it, the one with the hole does not; nobody needs the key."""
    option, changes, hole = SAMPLES[name]
    now, path = int(time.time()), tmp_path / "token"
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "iat": now, "exp": now + 600, "jti": "a", "use": "access", "fam": "b"}  # fmt: skip
    path.write_text(Service(alg).sign({"alg": alg, "typ": "JWT"}, {**claims, **changes}) + "\n")
    found = []
    for each in ("", hole):
        async with running(application(Service(alg, each))) as url:
            result = await ran(url, *OWN, option, str(path), "--only", name, "--json")
        found.append((result.exit_code, verdicts(result)[name]))
    assert found[0] == (0, "held")
    assert found[1][1] == "broken"


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_token_that_is_not_what_its_option_says_is_one_line(name: str, tmp_path: Path):
    """A token that would prove nothing is rejected before anything is sent."""
    option, path = SAMPLES[name][0], tmp_path / "token"
    exp = int(time.time()) + (600 if name == "expired" else -600)
    path.write_text(jwt.encode({"exp": exp}, "k" * 32, algorithm="HS256"))
    result = await ran("http://127.0.0.1:1", option, str(path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert option in result.stderr


@pytest.mark.parametrize("hole", ["", "no expiry"])
async def test_a_short_lifetime_is_waited_out(hole: str, monkeypatch: pytest.MonkeyPatch):
    """A rejection after the end is `held`; what a leeway could explain is not judged."""
    service = Service("HS256", hole)
    sign = service.sign

    def short(header: dict[str, Any], claims: dict[str, Any]) -> str:
        return sign(header, {**claims, "exp": claims["iat"] + 2})

    monkeypatch.setattr(service, "sign", short)
    async with running(application(service)) as url:
        result = await ran(url, *OWN, "--wait", "4", "--only", "expired", "--json")
    row = json.loads(result.stdout)["probes"][0]
    assert row["verdict"] == ("not run" if hole else "held"), row
    assert ("a leeway may explain" if hole else "waited for") in row["got"]


# --- words


async def test_a_word_of_the_list_opens_the_signed_probes(lab: Lab, tmp_path: Path):
    """The word is named, the finding fails the run, and the hole that only a key shows is found too."""
    words = tmp_path / "words"
    words.write_text(f"one\ntwo\n{lab.key}\n")
    async with running(verifying(expiry=nothing)(lab)) as url:
        result = await ran(
            url, "--wordlist", str(words), "--only", "guessed-secret", "--only", "expired"
        )
    assert result.exit_code == 1
    assert lab.key in result.stdout
    assert "expired a day ago: 200, accepted" in result.stdout


async def test_a_word_list_without_the_word_leaves_the_secret_alone(lab: Lab, tmp_path: Path):
    """And a list that is not there is one line."""
    words = tmp_path / "words"
    words.write_text("one\ntwo\n")
    async with running(lab.complete()) as url:
        held = await ran(url, "--wordlist", str(words), "--only", "guessed-secret", "--json")
        missing = await ran(url, "--wordlist", str(tmp_path / "none"))
    assert (held.exit_code, verdicts(held)) == (0, {"guessed-secret": "held"})
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "--wordlist" in missing.stderr
