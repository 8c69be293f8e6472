"""A header that brings its own key, or says where to fetch one: whoever made the token wrote it (RFC 8725 §3.10)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from ..expectations import REFUSED, forged
from ..forge import Good, Signer
from ..model import Broken, NotRun, Probe
from ..session import Session, succeeded
from .algorithms import own_key


def with_jwk(good: Good) -> dict[str, str]:
    return {
        alg: good.signed_by(own_key(alg), jwk=jwk(own_key(alg)))
        for alg in dict.fromkeys((good.alg, "RS256", "ES256", "HS256"))
    }


def with_x5c(good: Good) -> dict[str, str]:
    signer = own_key("ES256")
    der = certificate(signer.key).public_bytes(serialization.Encoding.DER)
    return {"": good.signed_by(signer, x5c=[base64.b64encode(der).decode("ascii")])}


def fetched(parameter: str, path: str) -> Callable[[Session], Any]:
    """A header that points to a server of the attacker's; that server counts who comes."""

    async def run(session: Session) -> str:
        good, seen = session.good, ""
        signer = own_key(good.alg if good.alg[:2] in ("RS", "ES", "PS", "Ed") else "RS256")
        async with bait(signer) as (address, visits):
            for label, where in (
                ("http", f"{address}{path}"),
                ("the same, named localhost", f"{address}{path}".replace("127.0.0.1", "localhost")),
            ):
                seen = await session.refuses(
                    good.signed_by(signer, kid="bait", **{parameter: where}), label
                )
                if visits:
                    raise Broken(
                        f"{seen}, but the server fetched {parameter} from the attacker's address"
                    )
        return f"{seen}, nothing fetched"

    return run


@contextlib.asynccontextmanager
async def bait(signer: Signer) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server on the loopback that hands out the attacker's key, as a JWK Set or as a certificate."""
    visits: list[bytes] = []
    keys = json.dumps(
        {"keys": [{**jwk(signer), "kid": "bait", "use": "sig", "alg": signer.alg}]}
    ).encode("ascii")
    pem = certificate(signer.key).public_bytes(serialization.Encoding.PEM)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            visits.append(await reader.readuntil(b"\r\n"))
            body, kind = (
                (pem, b"application/pem-certificate-chain")
                if b".pem" in visits[-1]
                else (keys, b"application/json")
            )
            writer.write(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                % (kind, len(body), body)
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", visits
    finally:
        server.close()


async def kid_as_path(session: Session) -> str:
    """A file whose content the attacker knows, here one made for the purpose, used as the key by its path."""
    good, known = session.good, secrets.token_urlsafe(32)
    with known_file(known) as path:
        climbing = "../" * 24 + os.path.splitdrive(path)[1].lstrip("\\/").replace("\\", "/")
        tokens = {
            "an absolute path": good.signed_by(Signer("HS256", known.encode("ascii")), kid=path),
            "a path upwards": good.signed_by(Signer("HS256", known.encode("ascii")), kid=climbing),
            "the empty file /dev/null": good.signed_by(Signer("HS256", b""), kid="/dev/null"),
            "/dev/null from below": good.signed_by(
                Signer("HS256", b""), kid="../" * 24 + "dev/null"
            ),
            "a file that is not there": good.signed_by(Signer("HS256", b""), kid="no/such/file"),
            "a NUL in the path": good.signed_by(Signer("HS256", b""), kid="key\0.pem"),
            "a folder": good.signed_by(Signer("HS256", b""), kid="."),
        }
        seen = [await session.refuses(token, label) for label, token in tokens.items()]
    return ", ".join(dict.fromkeys(seen))


@contextlib.contextmanager
def known_file(content: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "known.key")
        with open(path, "w", encoding="ascii") as file:
            file.write(content)
        yield path


def kid_as_query(good: Good) -> dict[str, str]:
    known = secrets.token_urlsafe(32)
    signer = Signer("HS256", known.encode("ascii"))
    tokens = {
        f"UNION after {quote or 'no quote'}": good.signed_by(
            signer, kid=f"no-key{quote} UNION SELECT '{known}' -- "
        )
        for quote in ("'", '"', "", "')")
    }
    return tokens | {
        "a quote alone": good.signed_by(signer, kid="'"),
        "a comment": good.signed_by(signer, kid="' -- "),
    }


def odd_kid(good: Good) -> dict[str, str]:
    values = {"7": 7, "true": True, "[]": [], "{}": {}, "1.5": 1.5}
    return {label: good.with_header(kid=value) for label, value in values.items()}


def unsigned_odd_header(good: Good) -> dict[str, str]:
    values = {
        "kid": 7,
        "typ": [],
        "cty": {},
        "jwk": "no key",
        "jku": 7,
        "x5c": 7,
        "crit": "exp",
        "b64": "no",
        "zip": "DEF",
        "p2c": 10**9,
    }
    return {
        f"{name} = {value}": good.with_parts(header={**good.header, name: value})
        for name, value in values.items()
    }


def crit(good: Good) -> dict[str, str]:
    return {
        "an unknown name": good.with_header(crit=["x-unknown"], **{"x-unknown": True}),
        "an empty list": good.with_header(crit=[]),
    }


async def public_members(session: Session) -> str:
    """A JWK Set is for everybody, so it holds what everybody may know (RFC 7517 §9.2, RFC 7518 §6)."""
    answer = await session.ask(path="/.well-known/jwks.json")
    if not succeeded(answer) or not isinstance(answer.json(), dict):
        raise NotRun("no JWK Set at /.well-known/jwks.json")
    keys = answer.json().get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise Broken("200, and it is no JWK Set")
    secret = sorted(
        {
            name
            for key in keys
            for name in ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
            if name in key
        }
    )
    if secret:
        raise Broken(f"200, with the secret members {', '.join(secret)}")
    if "no-store" in "".join(answer.header("Cache-Control")).lower():
        raise Broken("200, and nobody may keep it: every verifier would fetch it for every token")
    return f"200, public members only, {len(keys)} key{'s' * (len(keys) != 1)}"


def jwk(signer: Signer) -> dict[str, Any]:
    """The key an attacker would publish: the public half, or of a secret all of it."""
    algorithm = jwt.get_algorithm_by_name(signer.alg)
    key = signer.key if isinstance(signer.key, bytes) else signer.key.public_key()
    return algorithm.to_jwk(key, as_dict=True)


def certificate(key: Any) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "attacker")])
    now = datetime.now(timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
    )
    signs_by_itself = key.__class__.__name__.startswith("Ed")
    return (
        builder.not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .sign(key, None if signs_by_itself else hashes.SHA256())
    )


PROBES = (
    Probe(
        "header-jwk", "claims signed with a key of the attacker's that stands in the header (jwk)", REFUSED, "RFC 8725 §3.10",
        "A token that brings its own key is signed by anybody (CVE-2018-0114).", forged(with_jwk),
    ),
    Probe(
        "header-x5c", "the same with a certificate (x5c)", REFUSED, "RFC 8725 §3.10",
        "A certificate that nobody we trust has signed is a key like any other.", forged(with_x5c),
    ),
    Probe(
        "header-jku", "a header that says where the key is (jku), on a server of the attacker's", "401 invalid_token, and nothing fetched",
        "RFC 8725 §2.9, §3.10",
        "Whoever follows it trusts a stranger's key, and fetches what a stranger wants fetched.", fetched("jku", "/jwks.json"),
    ),
    Probe(
        "header-x5u", "the same with a certificate's address (x5u)", "401 invalid_token, and nothing fetched", "RFC 8725 §2.9, §3.10",
        "Whoever follows it trusts a stranger's key, and fetches what a stranger wants fetched.", fetched("x5u", "/chain.pem"),
    ),
    Probe(
        "kid-path", "a kid that is the path of a file whose content is known", REFUSED, "RFC 8725 §2.9, §3.10",
        "A key id is looked up in a list; opened as a file it lets the attacker choose the key.", kid_as_path,
    ),
    Probe(
        "kid-sql", "a kid that ends the query and selects a key of its own", REFUSED, "RFC 8725 §2.9, §3.10",
        "A key id put into a query as text is part of the query.", forged(kid_as_query),
    ),
    Probe(
        "kid-odd", "the good token signed rightly, with a kid that is no text", REFUSED, "RFC 7515 §4.1.4",
        "A kid is a string; what is asked to look up a list crashes.", forged(odd_kid), secret=True,
    ),
    Probe(
        "header-odd", "the good token with header parameters of the wrong type", REFUSED, "RFC 7515 §5.2",
        "The header is read before anything is verified: no type in it can be relied on.", forged(unsigned_odd_header),
    ),
    Probe(
        "crit", "the good token signed rightly, with a crit that nobody understands", REFUSED, "RFC 7515 §4.1.11",
        "crit says: refuse me unless you understand this.", forged(crit), secret=True,
    ),
    Probe(
        "jwks-public", "the server's own JWK Set", "200, public members only, cacheable", "RFC 7517 §9.2",
        "A private key that is published is no longer one.", public_members, control="",
    ),
)  # fmt: skip
