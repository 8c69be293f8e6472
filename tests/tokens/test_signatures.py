"""Keys in every form, signatures in every algorithm: what PyJWT and joserfc sign verifies, and a key is used for nothing it is not for."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from joserfc import jws
from joserfc.jwk import OctKey

from jwt_demo.tokens.anatomy import NotBase64url, Token, TokenError, encode_segment
from jwt_demo.tokens.signatures import SUPPORTED, KeyUnreadable, Verdict, read_keys, sign, verify

SECRET = b"s" * 64
PRIVATE = {
    "HS": SECRET,
    "RS": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "Ed448": ed448.Ed448PrivateKey.generate(),
}
PRIVATE["PS"] = PRIVATE["RS"]
PRIVATE["Ed25519"] = PRIVATE["EdDSA"]
BY_PYJWT = [
    alg for alg in SUPPORTED if alg not in ("Ed25519", "Ed448")
]  # it knows the old name alone


def private(alg):
    return PRIVATE.get(alg) or PRIVATE[alg[:2]]


def public(alg):
    key = private(alg)
    return key if isinstance(key, bytes) else key.public_key()


def pem(key):
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def jwk(alg, *, of=public, **members):
    algorithm = jwt.algorithms.get_default_algorithms()[alg]
    return {**json.loads(algorithm.to_jwk(of(alg))), **members}


def issued(alg="HS256", headers=None, key=None):
    return Token.parse(
        jwt.encode({"sub": "1"}, key or private(alg), algorithm=alg, headers=headers)
    )


def tampered(token):
    header, _, signature = token.text.split(".")
    return Token.parse(f"{header}.{encode_segment(json.dumps({'sub': '2'}).encode())}.{signature}")


@pytest.mark.parametrize("alg", BY_PYJWT)
def test_what_pyjwt_signs_verifies_and_one_changed_claim_does_not(alg):
    """For each algorithm, with the public key alone; PyJWT is the witness."""
    token, keys = issued(alg), read_keys(public(alg))

    assert verify(token, keys).verified is True
    assert verify(tampered(token), keys).verified is False


@pytest.mark.parametrize("alg", BY_PYJWT)
def test_what_is_signed_here_verifies_with_pyjwt(alg):
    """`sign` and PyJWT agree on every algorithm."""
    header, payload = (
        encode_segment(json.dumps({"alg": alg}).encode()),
        encode_segment(b'{"sub":"1"}'),
    )
    signature = sign(f"{header}.{payload}".encode(), alg, read_keys(private(alg))[0])

    assert jwt.decode(f"{header}.{payload}.{signature}", public(alg), algorithms=[alg]) == {
        "sub": "1"
    }


def test_joserfc_agrees():
    """A second library that knows nothing of PyJWT."""
    text = jws.serialize_compact({"alg": "HS256"}, b'{"sub":"1"}', OctKey.import_key(SECRET))
    assert verify(Token.parse(text), read_keys(SECRET)).verified is True


@pytest.mark.parametrize(
    ("key", "form"),
    [
        (SECRET, "auto"),
        (SECRET.decode(), "auto"),
        (SECRET.decode(), "text"),
        (base64.urlsafe_b64encode(SECRET).decode(), "base64url"),
        (encode_segment(SECRET), "base64url"),
        (SECRET.hex(), "hex"),
        (SECRET.hex(" ").upper(), "hex"),
        (json.dumps({"kty": "oct", "k": encode_segment(SECRET)}), "auto"),
        ({"kty": "oct", "k": encode_segment(SECRET)}, "auto"),
        ({"keys": [{"kty": "oct", "k": encode_segment(SECRET)}]}, "auto"),
    ],
)
def test_one_secret_in_every_form(key, form):
    """Text, bytes, base64url, hex, JWK, JWK Set: the same key."""
    assert [one.material for one in read_keys(key, form)] == [SECRET]


@pytest.mark.parametrize("alg", ["RS256", "ES256", "ES384", "ES512", "EdDSA"])
def test_one_public_key_in_every_form(alg):
    """PEM, PEM with its line breaks written out or lost, JWK, object, private key: all verify."""
    token = issued(alg)
    text = pem(public(alg)).decode().strip()
    forms = [
        text,
        text.encode(),
        *(text.replace("\n", between) for between in ("\\n", "", " ", "\r\n")),
        jwk(alg),
        json.dumps(jwk(alg)),
        jwk(alg, of=private),
        private(alg),
    ]
    assert [verify(token, read_keys(form)).verified for form in forms] == [True] * len(forms)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text,
        lambda text: "\n".join(text.splitlines()[1:-1]),
        lambda text: "".join(text.splitlines()[1:-1]),
        lambda text: base64.b64decode("".join(text.splitlines()[1:-1])),
        lambda text: text.encode(),
    ],
    ids=["PEM", "body", "body in one line", "DER", "bytes"],
)
def test_a_public_key_is_never_a_secret(disguise):
    """Algorithm confusion (RFC 8725 §2.1): signed with the text of the public key, refused in whatever dress that text comes."""
    key = disguise(pem(public("RS256")).decode())
    octets = key if isinstance(key, bytes) else key.encode()
    header, payload = encode_segment(b'{"alg":"HS256"}'), encode_segment(b'{"sub":"1"}')
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{header}.{payload}".encode(), octets
    )
    forged = Token.parse(f"{header}.{payload}.{encode_segment(mac)}")

    verdict = verify(forged, read_keys(key))
    assert verdict.verified is False
    assert "RSA" in verdict.reason


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"alg": "HS512"}, "the key is for HS512 only, the token says HS256"),
        ({"use": "enc"}, "the key's `use` is 'enc', not 'sig'"),
        ({"key_ops": ["sign"]}, "the key's `key_ops` do not name 'verify'"),
        ({"key_ops": []}, "the key's `key_ops` do not name 'verify'"),
    ],
)
def test_a_jwk_says_what_it_is_for(members, reason):
    """The signature would be good; `alg`, `use` and `key_ops` still refuse (RFC 7517 §4)."""
    verdict = verify(
        issued("HS256"), read_keys({"kty": "oct", "k": encode_segment(SECRET), **members})
    )
    assert (verdict.verified, verdict.reason) == (False, reason)


def test_a_jwk_that_says_the_right_things_verifies():
    """`alg`, `use` and `key_ops` that fit change nothing."""
    fitting = {
        "kty": "oct",
        "k": encode_segment(SECRET),
        "alg": "HS256",
        "use": "sig",
        "key_ops": ["verify"],
    }
    assert verify(issued("HS256"), read_keys(fitting)).verified is True


@pytest.mark.parametrize("crit", [["b64"], ["exp"], ["x"], [], "x", None, [1]])
def test_crit_is_refused_whatever_it_names(crit):
    """No extension is understood here, so a token that insists on one is rejected, good signature or not (RFC 7515 §4.1.11)."""
    header, payload = (
        encode_segment(json.dumps({"alg": "HS256", "crit": crit, "x": 1}).encode()),
        encode_segment(b"{}"),
    )
    signature = sign(f"{header}.{payload}".encode(), "HS256", read_keys(SECRET)[0])
    verdict = verify(Token.parse(f"{header}.{payload}.{signature}"), read_keys(SECRET))
    assert verdict.verified is False
    assert "`crit`" in verdict.reason


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "HS257", "", 5, None, "ES256K", "hs256"])
def test_an_algorithm_that_is_not_known_verifies_nothing(alg):
    """`none` in any spelling, an unknown name, or no name at all; also with an empty signature."""
    for signature in ("", encode_segment(b"x" * 32)):
        token = Token.parse(
            f"{encode_segment(json.dumps({'alg': alg}).encode())}.{encode_segment(b'{}')}.{signature}"
        )
        assert verify(token, read_keys(SECRET)).verified is False


def test_an_empty_signature_verifies_nothing():
    """A stripped signature is a wrong one, for each algorithm."""
    for alg in BY_PYJWT:
        header, payload, _ = issued(alg).text.split(".")
        assert verify(Token.parse(f"{header}.{payload}."), read_keys(public(alg))).verified is False


def test_a_curve_of_another_size_is_refused():
    """ES256 means P-256 and nothing else (RFC 7518 §3.4)."""
    verdict = verify(issued("ES256"), read_keys(public("ES384")))
    assert (verdict.verified, verdict.reason) == (
        False,
        "this key is a P-384 key, ES256 needs a P-256 key",
    )


def test_a_set_is_asked_by_kid():
    """The key with the token's `kid` counts, no other; an unknown `kid` and one that two keys share verify nothing."""
    good, other = jwk("ES256", kid="good"), jwk("RS256", kid="other")
    token = issued("ES256", headers={"kid": "good"})

    assert verify(token, read_keys({"keys": [other, good]})).verified is True
    assert verify(
        token, read_keys({"keys": [{**other, "kid": "a"}, {**good, "kid": "b"}]})
    ) == Verdict(
        False,
        "no key of the set has this `kid`. The signature fits the one with kid 'b': the token's `kid` is wrong, or the set's",
    )
    strangers = {"keys": [other, {**jwk("ES384"), "kid": "a"}, {**jwk("EdDSA"), "kid": "b"}]}
    assert "may be used for ES256" in verify(token, read_keys(strangers)).reason


def test_what_a_set_holds_besides_is_passed_over():
    """An unknown `kty` in a set does no harm (RFC 7517 §5)."""
    odd = [{"kty": "new"}, "text", {"kty": "RSA"}, None]
    assert verify(issued("ES256"), read_keys({"keys": [*odd, jwk("ES256")]})).verified is True


@pytest.mark.parametrize("loose", [lambda text: text + "=", lambda text: text + "==="])
def test_a_loose_spelling_of_base64url_is_not_verified(loose):
    """PyJWT lets padding pass; here one token has one text, else a denylist of texts can be walked around."""
    with pytest.raises(TokenError) as caught:
        Token.parse(loose(issued().text))
    assert isinstance(caught.value, NotBase64url)
    assert verify(caught.value.token, read_keys(SECRET), caught.value).verified is False


def test_no_key_is_no_verdict():
    """Neither good nor bad: not checked."""
    assert verify(issued(), read_keys(None)).verified is None


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("", "auto"), ("", "text"), ("", "hex"), ("", "base64url"), ("xyz", "hex"), ("abc", "hex"), ("a b", "base64url"), ("a+b/", "base64url"),
        ("abcde", "base64url"), ("{", "jwk"), ("[]", "jwk"), ('{"kty":"new"}', "auto"), ('{"kty":"oct","k":""}', "auto"), ('{"kty":"oct","k":5}', "auto"),
        ('{"kty":"RSA","n":"AQAB"}', "auto"), ('{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}', "auto"), ('{"keys":[]}', "auto"), ('{"keys":5}', "auto"),
        ('{"kty":"oct","k":"c2VjcmV0","alg":5}', "auto"), ('{"kty":"oct","k":"c2VjcmV0","key_ops":"verify"}', "auto"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "auto"), ("-----BEGIN", "auto"), ("hello", "pem"), ("[" * 100_000, "jwk"),
        (5, "auto"), (ec.generate_private_key(ec.SECP256K1()), "auto"),
    ],
)  # fmt: skip
def test_what_is_no_key_is_told_in_a_sentence_without_it(key, form):
    """KeyUnreadable and nothing else leaves `read_keys`, and its message repeats nothing of a secret."""
    with pytest.raises(KeyUnreadable) as caught:
        read_keys(key, form)
    assert "c2VjcmV0" not in str(caught.value)


def test_a_key_shows_nothing_of_itself():
    """Neither repr nor description holds the secret or a private number."""
    for key in (SECRET, private("RS256"), jwk("EdDSA", of=private)):
        for one in read_keys(key):
            assert "s" * 8 not in repr(one)
            assert one.describe() in ("a secret of 64 bytes", "an RSA key", "an Ed25519 key")


def test_a_public_key_signs_nothing():
    """The message says which half is missing."""
    with pytest.raises(ValueError, match="private half"):
        sign(b"a.b", "RS256", read_keys(public("RS256"))[0])
