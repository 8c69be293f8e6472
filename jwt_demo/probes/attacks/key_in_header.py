"""A header that brings its own key, or says where to fetch one: the creator of the token wrote it (RFC 8725 §3.10)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from ...server import memory_transport
from ...server.runtime import HAS_THREADS
from ...tokens.crypto_library import IS_HERE
from .. import jwks
from ..answers import succeeded
from ..expectations import REFUSED, forged
from ..forge import HASHES, Good, Signer, assemble, changed, encode
from ..model import HOLE, HYGIENE, MUST, Broken, NotRun, Probe
from ..session import Session
from .algorithms import like, own_key

if IS_HERE:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization


def with_jwk(good: Good) -> dict[str, str]:
    tokens = {}
    for alg in like(good, "RS256", "PS256", "ES256", "EdDSA", "HS256"):
        signer = own_key(alg)
        tokens[alg] = good.signed_by(signer, jwk=jwk(signer))
        tokens[f"{alg}, with a kid"] = good.signed_by(
            signer, jwk={**jwk(signer), "kid": "mine"}, kid="mine"
        )
    return tokens


def with_x5c(good: Good) -> dict[str, str]:
    tokens = {}
    for alg in like(good, "RS256", "PS256", "ES256", "EdDSA"):
        if not alg.startswith("HS"):
            signer = own_key(alg)
            der = certificate(signer.key).public_bytes(serialization.Encoding.DER)
            tokens[alg] = good.signed_by(signer, x5c=[base64.b64encode(der).decode("ascii")])
    return tokens


def fetched(parameter: str, path: str) -> Callable[[Session], Awaitable[str]]:
    """A token that points to a server of the attacker's; that server counts who comes."""

    async def run(session: Session) -> str:
        good, seen = session.good, ""
        algorithms = like(good, "RS256", "ES256")
        if parameter == "x5u":
            algorithms = [alg for alg in algorithms if not alg.startswith("HS")]
        for alg in algorithms:
            signer = own_key(alg)
            async with bait(signer) as (address, visits):
                tokens = {
                    f"{alg}, {what}" if what else alg: (
                        parameter,
                        good.signed_by(signer, kid="bait", **{parameter: where}),
                    )
                    for what, where in addresses(good, f"{address}{path}").items()
                }
                if parameter == "jku":
                    tokens[f"{alg}, iss of the attacker"] = (
                        "iss",
                        from_issuer(good, signer, address),
                    )
                for label, (name, token) in tokens.items():
                    seen = await session.refuses(token, label)
                    if visits:
                        raise Broken(
                            f"{seen}, but the server fetched {name} from the attacker's address"
                        )
        return f"{seen}, and the server fetched nothing"

    return run


def from_issuer(good: Good, signer: Signer, address: str) -> str:
    """A token whose issuer is at the attacker's address: a server that asks the issuer for its keys goes there."""
    claims = changed(good.claims, {"iss": address})
    header = changed(good.header, {"alg": signer.alg, "kid": "bait"})
    return assemble(header, encode(claims), signer)


def addresses(good: Good, address: str) -> dict[str, str]:
    """An address of the attacker's in several spellings; two of them pass where it is compared with the beginning or the end of our own."""
    spellings = {"": address, "with localhost": address.replace("127.0.0.1", "localhost")}
    issuer = good.claims.get("iss")
    if isinstance(issuer, str) and issuer.startswith(("http://", "https://")):
        scheme, _, host = address.partition("://")
        host_of_issuer = issuer.partition("://")[2].partition("/")[0]
        spellings["our issuer before @"] = f"{scheme}://{host_of_issuer}@{host}"
        spellings["our issuer at its end"] = f"{address}?{issuer}/.well-known/jwks.json"
    return spellings


@contextlib.asynccontextmanager
async def bait(signer: Signer) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server on the loopback that hands out the attacker's key, as a JWK Set or as a certificate."""
    visits: list[bytes] = []
    keys = json.dumps(
        {"keys": [{**jwk(signer), "kid": "bait", "use": "sig", "alg": signer.alg}]}
    ).encode("ascii")
    pem = b""
    if not isinstance(signer.key, bytes):
        pem = certificate(signer.key).public_bytes(serialization.Encoding.PEM)

    def place() -> bytes:
        return b"127.0.0.1:%d" % server.sockets[0].getsockname()[1]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            visits.append(await reader.readuntil(b"\r\n"))
            body, kind = keys, b"application/json"
            if b".pem" in visits[-1]:
                body, kind = pem, b"application/pem-certificate-chain"
            elif b"configuration" in visits[-1] or b"authorization-server" in visits[-1]:
                body = b'{"jwks_uri": "http://%s/jwks.json"}' % place()
            writer.write(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                % (kind, len(body), body)
            )
            await writer.drain()
        writer.close()

    if not HAS_THREADS:
        port = memory_transport.listen_with_streams(answer)
        yield f"http://{memory_transport.HOST}:{port}", visits
        memory_transport.stop_listening(port)
        return
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://{place().decode('ascii')}", visits
    finally:
        server.close()


async def kid_as_path(session: Session) -> str:
    """A file whose content the attacker knows, here some made for the purpose, used as the key by its path."""
    good = session.good
    seen = []
    with known_files(good) as (folder, signers):
        climbing = "../" * 24 + os.path.splitdrive(folder)[1].lstrip("\\/").replace("\\", "/")
        for what, (name, signer) in signers.items():
            for label, kid in {
                "an absolute path": f"{folder}/{name}.key",
                "a relative path": f"{climbing}/{name}.key",
                "a path without its ending": f"{folder}/{name}",
                "a relative path without its ending": f"{climbing}/{name}",
            }.items():
                token = good.signed_by(signer, kid=kid)
                seen.append(await session.refuses(token, f"{label}, {what}"))
    for alg in like_hmac(good):
        for label, kid in {
            "the empty file /dev/null": "/dev/null",
            "a relative path to /dev/null": "../" * 24 + "dev/null",
            "a file that does not exist": "no/such/file",
            "an empty kid": "",
            "a NUL in the path": "key\0.pem",
            "a folder": ".",
        }.items():
            token = good.signed_by(Signer(alg, b""), kid=kid)
            seen.append(await session.refuses(token, f"{label}, {alg}"))
    return ", ".join(dict.fromkeys(seen))


def like_hmac(good: Good) -> list[str]:
    """The algorithm of a key that is a text: the server's own, or HS256 where it uses a private key."""
    return [good.alg] if good.alg in HASHES else ["HS256"]


def texts_of_keys(good: Good) -> dict[str, tuple[str, Signer]]:
    """Keys as texts that an attacker can place or select: a secret, and for a server with a key pair a public key."""
    known = secrets.token_urlsafe(48)
    texts = {alg: (known, Signer(alg, known.encode("ascii"))) for alg in like_hmac(good)}
    if good.alg not in HASHES:
        signer = own_key(good.alg)
        pem = signer.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        texts[good.alg] = (pem.decode("ascii"), signer)
    return texts


@contextlib.contextmanager
def known_files(good: Good) -> Iterator[tuple[str, dict[str, tuple[str, Signer]]]]:
    """A folder with the key of each algorithm in files that differ in their ending."""
    with tempfile.TemporaryDirectory() as folder:
        signers = {}
        for alg, (text, signer) in texts_of_keys(good).items():
            for ending in ("", ".key", ".pem", ".pub", ".txt"):
                path = os.path.join(folder, f"known-{alg}{ending}")
                with open(path, "w", encoding="ascii", newline="") as file:
                    file.write(text)
            signers[alg] = (f"known-{alg}", signer)
        yield folder.replace("\\", "/"), signers


def kid_as_query(good: Good) -> dict[str, str]:
    tokens = {}
    for alg, (text, signer) in texts_of_keys(good).items():
        for quote in ("'", '"', "", "')", "`"):
            after = f"after {quote or 'no quote'}, {alg}"
            tokens[f"UNION {after}"] = good.signed_by(
                signer, kid=f"no-key{quote} UNION SELECT '{text}' -- "
            )
            tokens[f"UNION of two columns {after}"] = good.signed_by(
                signer, kid=f"no-key{quote} UNION SELECT '{text}', '{text}' -- "
            )
        tokens[f"UNION, a comment of MySQL, {alg}"] = good.signed_by(
            signer, kid=f"no-key' UNION SELECT '{text}' # "
        )
        tokens[f"a quote alone, {alg}"] = good.signed_by(signer, kid="'")
        tokens[f"a comment, {alg}"] = good.signed_by(signer, kid="' -- ")
    return tokens


async def odd_kid(session: Session) -> str:
    """Where the server's own tokens have no kid, it need not read one (RFC 7515 §4.1.4); a crash is a fault all the same."""
    good, seen, unread = session.good, [], False
    for label, value in {"7": 7, "true": True, "[]": [], "{}": {}, "1.5": 1.5}.items():
        request = session.request(good.with_header(kid=value))
        answer = await session.send(request)
        if succeeded(answer) and "kid" not in good.header:
            session.sound(request, answer, label)
            unread = True
        else:
            seen.append(session.refused(request, answer, label))
    if unread:
        raise NotRun("the tokens here have no kid, and the server does not read kid")
    return ", ".join(dict.fromkeys(seen))


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


async def crit(session: Session) -> str:
    """To reject an unknown name is a MUST; of an empty list only its producer is told not to use it."""
    good = session.good
    unknown = good.with_header(None, crit=["x-unknown"], **{"x-unknown": True})
    seen = [
        await session.rejects(unknown, "an unknown name", MUST),
        await session.rejects(good.with_header(crit=[]), "an empty list", HYGIENE),
    ]
    return ", ".join(dict.fromkeys(seen))


async def public_members(session: Session) -> str:
    """A JWK Set is for everybody, so it contains what everybody may know (RFC 7517 §9.2, RFC 7518 §6)."""
    published = session.published
    if not published.where:
        published = await jwks.find(session, session.jwks_url)
    answer = published.answer
    if not published.where or not isinstance(answer.json(), dict):
        raise NotRun(
            "there is no JWK Set at /.well-known/jwks.json or another usual path; give its URL with --jwks-url"
        )
    keys = answer.json().get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise Broken("200, but the response is not a JWK Set", HYGIENE)
    private = sorted({name for key in keys for name in PRIVATE_MEMBERS if name in key})
    if private:
        raise Broken(f"200, with the secret members {', '.join(private)}", HOLE)
    if "no-store" in "".join(answer.header("Cache-Control")).lower():
        raise Broken(
            "200 with no-store: every verifier must fetch the keys again for each token", HYGIENE
        )
    return f"200, public members only, {len(keys)} key{'' if len(keys) == 1 else 's'}"


PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")


def jwk(signer: Signer) -> dict[str, Any]:
    """The key an attacker would publish: the public half, or of a secret all of it."""
    algorithm = jwt.get_algorithm_by_name(signer.alg)
    key = signer.key if isinstance(signer.key, bytes) else signer.key.public_key()
    public: dict[str, Any] = algorithm.to_jwk(key, as_dict=True)
    return public


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
        "header-jwk", "a token signed with a key of the attacker; its header contains this key (jwk)", REFUSED, "RFC 8725 §3.10",
        "If the server takes the key from the token, anybody can sign a token (CVE-2018-0114).", forged(with_jwk),
    ),
    Probe(
        "header-x5c", "a token signed with a key of the attacker; its header contains a certificate of this key (x5c)", REFUSED, "RFC 8725 §3.10",
        "Anybody can make a certificate. It proves nothing unless somebody whom the server trusts has signed it.", forged(with_x5c),
    ),
    Probe(
        "header-jku",
        "a token signed with a key of the attacker; its header (jku), then its issuer (iss), is an address where the attacker publishes this key",
        "401 invalid_token, and the server fetches nothing",
        "RFC 8725 §2.9, §3.10",
        "A server that fetches the key from there trusts the attacker's key, and sends requests to addresses that the attacker chose.",
        fetched("jku", "/jwks.json"),
    ),
    Probe(
        "header-x5u",
        "a token signed with a key of the attacker; x5u in its header is an address where the attacker publishes a certificate",
        "401 invalid_token, and the server fetches nothing", "RFC 8725 §2.9, §3.10",
        "A server that fetches the key from there trusts the attacker's key, and sends requests to addresses that the attacker chose.",
        fetched("x5u", "/chain.pem"),
    ),
    Probe(
        "kid-path", "tokens whose kid is the path of a file, signed with the content of this file, which the attacker knows", REFUSED,
        "RFC 8725 §2.9, §3.10",
        "The server must look up kid in a list of its own. If it opens kid as a file, the attacker chooses the key.", kid_as_path,
    ),
    Probe(
        "kid-sql", "tokens whose kid contains SQL that selects a key of the attacker", REFUSED, "RFC 8725 §2.9, §3.10",
        "If the server puts kid into the text of an SQL query, the attacker can change the query.", forged(kid_as_query),
    ),
    Probe(
        "kid-odd", "the good token with a kid that is not a string; its signature is valid", REFUSED, "RFC 7515 §4.1.4",
        "A kid is a string. A server that looks up a list or an object as a key id can crash.", odd_kid, secret=True, severity=MUST,
    ),
    Probe(
        "header-odd", "the good token with header parameters of the wrong type and the old signature", REFUSED, "RFC 7515 §5.2",
        "The server reads the header before it verifies the signature, so it must check the type of each parameter.", forged(unsigned_odd_header),
    ),
    Probe(
        "crit", "the good token with an unknown name in crit, then with an empty crit; its signature is valid", REFUSED, "RFC 7515 §4.1.11",
        "The server must understand every extension that crit lists. If it does not, it must reject the token.", crit, secret=True, severity=MUST,
    ),
    Probe(
        "jwks-public", "a request for the server's own JWK Set", "200 with public members only, and caches may store it", "RFC 7517 §9.2",
        "If the server publishes a private key, anybody can sign tokens with it.", public_members, control="",
    ),
)  # fmt: skip
