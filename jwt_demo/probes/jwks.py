"""The server's public keys: at an address we were given, where OpenID discovery says, or at one of the usual places."""

from __future__ import annotations

import contextlib
import json
from typing import Any
from urllib.parse import urlsplit

from ..tokens.crypto_library import IS_HERE
from ..tokens.signatures import KeyUnreadable, read_keys
from .http_client import NO_TARGET, Answer, get, is_target
from .issued import succeeded
from .loopback import CannotProbe

if IS_HERE:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
USUAL = ("/.well-known/jwks.json", "/.well-known/jwks", "/jwks.json", "/jwks", "/oauth/jwks", "/oauth2/jwks", "/oauth/discovery/keys",
         "/certs", "/keys", "/auth/jwks", "/api/jwks", "/api/.well-known/jwks.json", "/auth/.well-known/jwks.json")  # fmt: skip


class PublishedKeys:
    """What a server publishes: the text of its JWK Set, where it was found, and the keys in it."""

    def __init__(self, answer: Answer | None = None, where: str = ""):
        self.answer, self.where = answer or Answer(), where

    @property
    def entries(self) -> list[dict[str, Any]]:
        body = self.answer.json()
        keys = body.get("keys") if isinstance(body, dict) else None
        return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []

    @property
    def keys(self) -> list[Any]:
        """The public keys as objects of `cryptography`."""
        found = []
        for entry in self.entries:
            with contextlib.suppress(KeyUnreadable):
                found += [key.public for key in read_keys(entry) if key.kind != "secret"]
        return found


async def find(session: Any, url: str) -> PublishedKeys:
    """The JWK Set at `url` (an address on this machine, or a path), else by discovery, else at a usual place."""
    if url:
        try:
            answer = await fetch(session, url)
        except CannotProbe as error:
            raise CannotProbe(f"--jwks-url: {error}") from None
        found = PublishedKeys(answer, url)
        if not succeeded(answer) or not found.entries:
            raise CannotProbe(f"--jwks-url: no JWK Set at {url}")
        return found
    for place in DISCOVERY:
        document = (await session.ask(path=place)).json()
        target = document.get("jwks_uri") if isinstance(document, dict) else None
        if isinstance(target, str):
            with contextlib.suppress(CannotProbe):
                answer = await fetch(session, target)
                if succeeded(answer):
                    return PublishedKeys(answer, urlsplit(target).path)
    for place in USUAL:
        answer = await session.ask(path=place)
        if succeeded(answer) and isinstance(answer.json(), dict) and "keys" in answer.json():
            return PublishedKeys(answer, place)
    return PublishedKeys()


async def fetch(session: Any, url: str) -> Answer:
    """An address on this machine, perhaps of another server than the one under probe."""
    if url.startswith("/"):
        if not is_target(url):
            raise CannotProbe(f"{url} {NO_TARGET}")
        answer: Answer = await session.ask(path=url)
        return answer
    return await get(url, limit=session.limit, ca_file=session.ca_file)


def forms(key: Any, entry: dict[str, Any] | None = None) -> dict[str, bytes]:
    """The texts a server may keep a public key in, each of which a naive verifier takes for an HMAC secret."""
    encoding, form = serialization.Encoding, serialization.PublicFormat
    pem = key.public_bytes(encoding.PEM, form.SubjectPublicKeyInfo)
    body = pem.splitlines()[1:-1]
    texts = {
        "its PEM": pem,
        "its PEM without the last line break": pem.strip(),
        "its PEM with Windows line ends": pem.replace(b"\n", b"\r\n"),
        "its PEM without line breaks": b"".join(pem.splitlines()),
        "the body of its PEM": b"".join(body),
        "the body of its PEM in lines": b"\n".join(body),
        "its DER": key.public_bytes(encoding.DER, form.SubjectPublicKeyInfo),
    }
    if isinstance(key, rsa.RSAPublicKey):
        old = key.public_bytes(encoding.PEM, form.PKCS1)
        texts |= {
            "its PEM in PKCS 1": old,
            "its PEM in PKCS 1 without the last line break": old.strip(),
            "the body of its PEM in PKCS 1": b"".join(old.splitlines()[1:-1]),
            "its DER in PKCS 1": key.public_bytes(encoding.DER, form.PKCS1),
        }
    if entry is not None:
        texts |= {
            "its JWK": json.dumps(entry, separators=(",", ":")).encode("utf-8"),
            "its JWK with spaces": json.dumps(entry).encode("utf-8"),
            "its JWK in order": json.dumps(entry, separators=(",", ":"), sort_keys=True).encode(
                "utf-8"
            ),
        }
        chain = entry.get("x5c")
        if isinstance(chain, list) and chain and isinstance(chain[0], str):
            lines = [chain[0][start : start + 64] for start in range(0, len(chain[0]), 64)]
            certificate = "\n".join(
                ["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"]
            )
            texts |= {
                "its certificate": f"{certificate}\n".encode("ascii", "replace"),
                "the body of its certificate": chain[0].encode("ascii", "replace"),
            }
    return texts
