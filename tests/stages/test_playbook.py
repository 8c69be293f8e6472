"""What attack tools for JWTs try by default, against every stage that verifies: the good token works before and after, nothing else ever.

The kinds are those that jwt_tool tries (playbook, forced errors, common claims); each token is made by hand here, from a good one of
the stage itself. docs/probing.md has the same kinds, with the probes that send them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import time
from typing import Any, NamedTuple

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from jwt_demo.probes import PROBES
from jwt_demo.stages import cookies, decorator, keys, logout, middleware
from jwt_demo.stages.complete import make_app as complete
from jwt_demo.stages.parts.signing_keys import KeyRing
from rerun import ROOT
from tests.probes.holes.base import running

STAGES = {
    "middleware": middleware.make_app,
    "decorator": decorator.make_app,
    "logout": lambda **given: logout.make_app(store="memory:", **given),
    "cookies": cookies.make_app,
    "keys ES256": lambda *, key, users: keys.make_app(users=users, keys=KeyRing("ES256")),
    "keys RS256": lambda *, key, users: keys.make_app(users=users, keys=KeyRing("RS256")),
    "complete": complete,
}
COMMON_SECRETS = ["", " ", "secret", "password", "jwt", "key", "your-256-bit-secret", "changeme", "None", "null", "\0", "0" * 32]  # fmt: skip
COMMON_PARAMETERS = [
    "alg",
    "typ",
    "cty",
    "kid",
    "jku",
    "jwk",
    "x5u",
    "x5c",
    "x5t",
    "crit",
    "enc",
    "zip",
    "iss",
    "p2c",
]
COMMON_CLAIMS = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "name",
    "email",
    "role",
    "admin",
    "scope",
    "azp",
    "cnf",
]
CANARY = "jwt_inject_7c0ffee7"
HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def segment(value):
    octets = (
        value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    )
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def parts_of(token):
    header, payload, signature = token.split(".")
    return *(
        json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, payload)
    ), signature


def mac(header, claims, secret, algorithm="HS256"):
    signing_input = f"{segment(header)}.{segment(claims)}"
    digest = hmac.new(secret, signing_input.encode(), HASHES[algorithm]).digest()
    return f"{signing_input}.{segment(digest)}"


class Material(NamedTuple):
    """What the forged tokens are made from."""

    token: str
    header: dict[str, Any]
    claims: dict[str, Any]
    signature: str
    public: list[bytes]  # what a stranger can read of the server's keys
    listener: str  # an address that must never be asked

    @property
    def admin(self):
        return self.claims | {"sub": "2", "scope": "admin profile"}

    def under_old_signature(self, header=None, claims=None):
        return f"{segment(self.header | (header or {}))}.{segment(self.claims | (claims or {}))}.{self.signature}"

    def with_mac(self, secret, algorithm="HS256", **header):
        return mac(self.header | {"alg": algorithm} | header, self.admin, secret, algorithm)


def broken_signature(good):
    yield "cut", good.token[:-4]
    yield "of the old claims", good.under_old_signature(claims=good.admin)
    yield "a letter changed", good.token[:-9] + ("A" if good.token[-9] != "A" else "B") + good.token[-8:]  # fmt: skip


def reflected_claims(good):
    for name in good.claims:
        yield name, good.under_old_signature(claims={name: f"{CANARY}_{name}"})


def common_secrets(good):
    for secret, algorithm in itertools.product(COMMON_SECRETS, HASHES):
        yield f"{algorithm} {secret!r}", good.with_mac(secret.encode(), algorithm)


def null_signature(good):
    yield "the dot left", f"{segment(good.header)}.{segment(good.admin)}."
    yield "the dot gone", f"{segment(good.header)}.{segment(good.admin)}"


def alg_none(good):
    for none in ("none", "None", "NONE", "nOnE", "", None, "none\0", " none"):
        unsigned = f"{segment(good.header | {'alg': none})}.{segment(good.admin)}."
        yield repr(none), unsigned
        yield f"{none!r}, old signature", unsigned + good.signature


def key_confusion(good):
    for (place, text), algorithm in itertools.product(enumerate(good.public), HASHES):
        yield f"{algorithm} {place}", good.with_mac(text, algorithm)


def own_keys(good):
    """Signed by a key that the token itself brings along, or says where to find."""
    rsa_key, curve = rsa.generate_private_key(public_exponent=65537, key_size=2048), ec.SECP256R1()
    signers = {
        "RS256": (RSAAlgorithm(RSAAlgorithm.SHA256), rsa_key),
        "ES256": (ECAlgorithm(ECAlgorithm.SHA256, curve), ec.generate_private_key(curve)),
    }
    for alg, (algorithm, private) in signers.items():
        jwk = algorithm.to_jwk(private.public_key(), as_dict=True)
        for extra in (
            {"jwk": jwk},
            {"jwk": jwk, "kid": "attacker"},
            {"jku": f"{good.listener}/jwks.json"},
            {"x5u": f"{good.listener}/chain.pem"},
            {"x5c": ["AAAA"]},
        ):
            full = {**good.header, "alg": alg, **extra}
            signing_input = f"{segment(full)}.{segment(good.admin)}"
            signature = segment(algorithm.sign(signing_input.encode(), private))
            yield f"{alg} by {', '.join(extra)}", f"{signing_input}.{signature}"


def injected_kid(good):
    ours = ["", "/dev/null", "../../../../../../dev/null", "/invalid_path", "x' UNION SELECT '1';--"]  # fmt: skip
    shell = ["|sleep 10", "$(sleep 10)", f"| curl {good.listener}/kid"]
    for kid in (*ours, *shell, f"{good.listener}/kid", 1, None, True, [], {}):
        for secret in (b"", b"\0", b"1"):
            yield f"{kid!r}, secret {secret!r}", good.with_mac(secret, kid=kid)


def odd_values(good):
    """In every header parameter and claim there is, and in those that libraries know."""
    odd = (None, True, False, "jwt_tool", 0, [], {}, "' OR 1=1--", "<script>", f"{good.listener}/odd")  # fmt: skip
    for value in odd:
        for name in dict.fromkeys((*good.header, *COMMON_PARAMETERS)):
            if value != good.header.get(name, ""):
                yield f"header {name} {value!r}", good.under_old_signature({name: value})
        for name in dict.fromkeys((*good.claims, *COMMON_CLAIMS)):
            if value != good.claims.get(name, ""):
                yield f"claim {name} {value!r}", good.under_old_signature(None, {name: value})


def other_forms(good):
    """Not in jwt_tool's list: what other tools try, and what the specifications allow elsewhere."""
    later = {"exp": int(time.time()) + 99999}
    yield "expiry moved", good.under_old_signature(claims=later)
    yield "crit", good.under_old_signature({"crit": ["x"], "x": 1})
    yield "b64", good.under_old_signature({"b64": False})
    yield "padded", good.token + "="
    yield "other letters", good.token.replace("-", "+").replace("_", "/") + "=="
    names = ("protected", "payload", "signature")
    yield "JSON form", json.dumps(dict(zip(names, good.token.split("."), strict=True)))
    yield "five parts", good.token + ".a.b"
    yield "twice", f"{good.token}.{good.token}"
    yield "zero signature", f"{segment(good.header | {'alg': 'ES256'})}.{segment(good.admin)}.{segment(bytes(64))}"  # fmt: skip


PLAYBOOK = {  # the words of docs/probing.md
    "broken signature": broken_signature,
    "a marked value in each claim, looked for in the response": reflected_claims,
    "common secrets, the empty one too": common_secrets,
    "null signature": null_signature,
    "`alg: none`, spelled in several ways": alg_none,
    "the public key as an HMAC secret": key_confusion,
    "a key in the header, or an address of one": own_keys,
    "`kid` as a path, an SQL query, a command": injected_kid,
    "an odd value or a URL in each header parameter and claim": odd_values,
    "other forms of a token": other_forms,
}


@pytest.mark.parametrize("stage", STAGES)
async def test_nothing_of_the_playbook_gets_in(stage, key, users, fast_hashes, caplog):
    """401 or 400 for each, never a 5xx; nothing of the token in the response or the log, no pause, and nobody is asked.

    The good token works before, after each kind, and at the end.
    """
    caplog.set_level("DEBUG", logger="aiohttp.server")
    form = {"email": "user@email.com", "password": "password"}
    asked = []

    async def note(request):
        asked.append(request.path)
        return web.Response()

    listener = web.Application()
    listener.router.add_route("*", "/{path:.*}", note)
    async with (
        running(STAGES[stage](key=key, users=users)) as url,
        running(listener) as elsewhere,
        ClientSession(url, timeout=ClientTimeout(total=5)) as client,
    ):
        token = (await (await client.post("/login", data=form)).json())["token"]
        public = []
        if stage.startswith("keys"):
            text = await (await client.get("/.well-known/jwks.json")).text()
            public = [text.encode(), json.dumps(json.loads(text)["keys"][0]).encode()]
        good = Material(token, *parts_of(token), public, elsewhere)

        async def ask(text):
            headers = {"Authorization": f"Bearer {text}"}
            async with client.get("/get-user", headers=headers) as answer:
                return answer.status, await answer.text() + str(answer.headers)

        for kind, attacks in PLAYBOOK.items():
            for name, forged in attacks(good):
                status, shown = await ask(forged)
                assert status in (400, 401), (kind, name, status, shown)
                assert not any(part in shown for part in (forged[:24], CANARY)), (kind, name)
            status, shown = await ask(token)
            assert status == 200, kind
            assert "user@email.com" in shown, kind
    assert asked == []
    assert token[:24] not in caplog.text
    assert CANARY not in caplog.text


def test_the_table_of_attack_tools_is_true():
    """docs/probing.md names each kind above, and probes that there are."""
    text = (ROOT / "docs" / "probing.md").read_text(encoding="utf-8")
    table = text.partition("## What attack tools try")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)[2:]
    assert [row for row, _ in rows] == ["no token", *PLAYBOOK]
    named = {name for _, probes in rows for name in re.findall(r"`([a-z0-9-]+)`", probes)}
    assert named <= {probe.name for probe in PROBES}
