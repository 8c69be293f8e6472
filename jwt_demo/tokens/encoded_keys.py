"""Keys as files hold them: PEM and DER in all their kinds, OpenSSH, PuTTY, .NET's XML. Each is read, or named with the command that converts it.

>>> from_pem("-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----")
Traceback (most recent call last):
jwt_demo.tokens.key_material.KeyUnreadable: this PEM (PUBLIC KEY) is cut off: it announces more bytes than it has. Copy the whole file again
"""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from .crypto_library import IS_HERE, WITHOUT, UnsupportedAlgorithm
from .key_material import Key, KeyUnreadable, from_object
from .lenient_base64 import octets_in

if IS_HERE:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import (
        load_der_private_key,
        load_der_public_key,
        load_ssh_private_key,
        load_ssh_public_key,
        pkcs7,
        pkcs12,
    )
    from cryptography.x509 import load_der_x509_certificate, load_der_x509_csr

PUBLIC_HALF = "openssl pkey -in {file} -pubout -out public.pem"
FROM_PKCS12 = "openssl pkcs12 -in {file} -clcerts -nokeys -out certificate.pem"
FROM_KEYSTORE = "keytool -list -rfc -keystore {file} > certificates.pem"
NAMED_CURVE = "openssl ec -in {file} -pubin -param_enc named_curve -out public.pem"

DASH = r"[-\u2010-\u2015\u2212]"
BEGIN = re.compile(
    rf"{DASH}{{2,6}}[ \t]{{0,9}}BEGIN[ \t]{{1,9}}([A-Z0-9 ]{{0,60}}[A-Z0-9])[ \t]{{0,9}}{DASH}{{2,6}}",
    re.IGNORECASE,
)
END = re.compile(
    rf"{DASH}{{2,6}}[ \t]{{0,9}}END[ \t]{{1,9}}([A-Z0-9 ]{{0,60}}[A-Z0-9])[ \t]{{0,9}}{DASH}{{0,6}}",
    re.IGNORECASE,
)

NO_KEY_IN_IT = {  # PEM labels of things that hold no key for a JWT
    "EC PARAMETERS": "names a curve and contains no key; the key is in a block of its own",
    "DH PARAMETERS": "contains parameters for key agreement and no key",
    "X509 CRL": "is a list of revoked certificates and contains no key",
    "DSA PRIVATE KEY": "is a DSA key; no JWT algorithm uses DSA. Ask for an RSA or EC key",
    "DSA PARAMETERS": "contains parameters of DSA, which no JWT algorithm uses",
    "PGP PUBLIC KEY BLOCK": "is a PGP key; JWTs do not use PGP. Ask the issuer for a PEM or a JWK Set",
    "PGP PRIVATE KEY BLOCK": "is a PGP key; JWTs do not use PGP. Ask for a PEM or a JWK",
    "PGP MESSAGE": "is a PGP message and no key",
    "PGP SIGNED MESSAGE": "is a PGP message and no key",
    "AGE ENCRYPTED FILE": "is a file encrypted with age; decrypt it first with `age -d`",
    "OPENVPN STATIC KEY V1": "is a key of OpenVPN and none for a JWT",
}


def from_pem(text: str) -> list[Key]:
    """The keys in a text that holds PEM blocks, whatever stands around or between their lines (RFC 7468)."""
    found: list[Key] = []
    reasons: list[KeyUnreadable] = []
    for label, body in blocks(text):
        try:
            found += [key for key in from_block(label, body) if not known(key, found)]
        except KeyUnreadable as error:
            reasons.append(error)
    if not found:
        raise next((one for one in reasons if one.command), reasons[-1])
    return found


def blocks(text: str) -> Iterator[tuple[str, str]]:
    begins = list(BEGIN.finditer(text))
    for place, begin in enumerate(begins):
        stop = begins[place + 1].start() if place + 1 < len(begins) else len(text)
        end = END.search(text, begin.end(), stop)
        yield begin[1].upper(), text[begin.end() : end.start() if end else stop]


def known(key: Key, found: list[Key]) -> bool:
    """A certificate and its private key in one file are one key; the half that signs counts."""
    for place, other in enumerate(found):
        if other.kind == key.kind and other.public == key.public:
            if key.signs and not other.signs:
                found[place] = key
            return True
    return False


def from_block(label: str, body: str) -> list[Key]:
    if label in NO_KEY_IN_IT:
        raise KeyUnreadable(f"this PEM ({label}) {NO_KEY_IN_IT[label]}")
    if label == "SSH2 PUBLIC KEY":
        lines = [line for line in body.splitlines() if ":" not in line]
        return from_ssh_blob(octets_of(f"PEM ({label})", "".join(lines)))
    if "Proc-Type" in body or "DEK-Info" in body:
        raise encrypted(f"PEM ({label})")
    octets = octets_of(f"PEM ({label})", body)
    if not IS_HERE:
        raise KeyUnreadable(f"reading this PEM ({label}) {WITHOUT}")
    if octets.startswith(OPENSSH):
        return from_openssh(octets)
    if label in ("PKCS7", "CMS", "CERTIFICATE CHAIN") and (certificates := from_pkcs7(octets)):
        return certificates
    keys = from_der(octets)
    if keys is None:
        announced = der_length(octets)
        if announced is not None and announced > len(octets):
            raise KeyUnreadable(
                f"this PEM ({label}) is cut off: it announces more bytes than it has. Copy the whole file again"
            )
        raise KeyUnreadable(
            f"this PEM ({label}) contains neither a key nor a certificate that can be read: its content is damaged. Copy the file again"
        )
    return keys


def encrypted(label: str) -> KeyUnreadable:
    return KeyUnreadable(
        f"this {label} is encrypted with a password. Give the public key; to make it",
        PUBLIC_HALF,
    )


def octets_of(what: str, body: str) -> bytes:
    """The octets of a PEM's body or of another base64 text; what editors, shells and programs put around its lines is left away."""
    body = with_pluses(without_marks(unescape(body)))
    body = re.sub(r"\\+[nrt]|\\(?=\s|$)|\ufeff|[\u200b-\u200d\u00a0\u2028]", "\n", body)
    lines = (re.sub(r"^\s*(?:[>#*|]+|//(?=\s))\s?", "", line) for line in body.splitlines())
    if re.search(r"[\"'`]", body):  # strings of a program, joined by `+` or commas
        lines = (re.sub(r"[\"'`][\s,;+)]*$", "", line.strip()).lstrip("\"'`") for line in lines)
    bare = re.sub(r"""[\s"'`,;]""", "", "".join(lines)).rstrip("=")
    bare = bare.replace("-", "+").replace("_", "/")
    if not bare:
        raise KeyUnreadable(f"this {what} is empty: nothing stands after its first line")
    if stray := re.search(r"[^A-Za-z0-9+/]", bare):
        remark = ". The middle was left out of this copy" if stray[0] in "….*[<" else ""
        raise KeyUnreadable(
            f"this {what} is damaged: the character {stray[0]!a} is not base64{remark}"
        )
    if len(bare) % 4 == 1:
        raise KeyUnreadable(f"this {what} is damaged: a character is missing or too many")
    return octets_in(bare) or b""


def with_pluses(body: str) -> str:
    """With the `+` that a form or a URL made blanks of; in a PEM of several lines no blank stands inside one."""
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) < 2 or all(line[0].isspace() for line in lines):
        return body
    inside = any(re.search(r"[A-Za-z0-9+/] +[A-Za-z0-9+/]", line) for line in lines)
    return body.replace(" ", "+") if inside else body


def without_marks(body: str) -> str:
    """Without the `+` of a diff or the numbers of lines; only where each line of the body has one."""
    lines = [line for line in body.splitlines() if line.strip()]
    for mark in (r"\+", r"\s*\d{1,4}[:.)|]?(?:\s+|$)"):
        if len(lines) > 2 and all(re.match(mark, line) for line in lines):
            return "\n".join(re.sub(rf"^{mark}", "", line) for line in lines)
    return body


def from_der(octets: bytes) -> list[Key] | None:
    """The key in DER octets (SPKI, PKCS#1, PKCS#8, SEC1, X.509, a request, PKCS#7, PKCS#12); None where it is none of these."""
    length = der_length(octets)
    if length is None or length > len(octets):
        return None
    octets = octets[:length]  # OpenSSL's "trusted certificate" has more behind it
    if not IS_HERE:
        if any(oid in octets for oid in KINDS_OF_KEYS):
            raise KeyUnreadable(f"reading this key {WITHOUT}")
        return None
    unsupported = ""
    for form, load in DER_LOADERS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                loaded = load(octets)
            return [from_object(loaded, form)]
        except KeyUnreadable:
            raise
        except TypeError:
            raise encrypted("private key") from None
        except UnsupportedAlgorithm:
            unsupported = unsupported or form
        except ValueError as error:
            if re.search(
                r"key.?size|at least \d+.?bits?|too (small|short)", str(error), re.IGNORECASE
            ):
                raise KeyUnreadable(f"this {form} cannot be used: {error}"[:160]) from None
    if certificates := from_pkcs7(octets):
        return certificates
    if is_pkcs12(octets):
        return from_pkcs12(octets)
    if any(oid in octets for oid in ENCRYPTED_PKCS8):
        raise encrypted("private key")
    if PRIME_FIELD in octets[:80]:
        raise explicit()
    if ML_DSA in octets[:32]:
        raise KeyUnreadable("this is a key for ML-DSA (post-quantum), which is not verified here")
    if unsupported:
        raise KeyUnreadable(
            f"this {unsupported} is of a kind or on a curve that is not verified here; JWTs use RSA, P-256, P-384, P-521 and Ed25519"
        )
    return None


PRIME_FIELD = bytes.fromhex(
    "06072a8648ce3d0101"
)  # 1.2.840.10045.1.1: a curve spelled out in numbers
DER_LOADERS: tuple[tuple[str, Callable[[bytes], Any]], ...] = (
    ("public key", lambda octets: load_der_public_key(octets)),
    ("private key", lambda octets: load_der_private_key(octets, None)),
    ("X.509 certificate", lambda octets: load_der_x509_certificate(octets).public_key()),
    ("certificate request", lambda octets: load_der_x509_csr(octets).public_key()),
)
KINDS_OF_KEYS = tuple(  # RSA, EC, Ed25519 and Ed448 in an AlgorithmIdentifier
    bytes.fromhex(oid) for oid in ("06092a864886f70d0101", "06072a8648ce3d0201", "06032b6570", "06032b6571")
)  # fmt: skip
OPENSSH = b"openssh-key-v1\0"
PKCS7_DATA = bytes.fromhex("06092a864886f70d010702")  # 1.2.840.113549.1.7.2, signedData
PKCS12_START = bytes.fromhex("020103")  # version 3 of a PFX
PKCS7_START = bytes.fromhex("06092a864886f70d0107")
ENCRYPTED_PKCS8 = (
    bytes.fromhex("06092a864886f70d01050d"),  # PBES2
    bytes.fromhex("060a2a864886f70d010c01"),  # PKCS#12 PBE
    bytes.fromhex("06092a864886f70d010503"),  # PBES1
)
ML_DSA = bytes.fromhex("6086480165030403")  # 2.16.840.1.101.3.4.3, with 17 to 19 for ML-DSA


def explicit() -> KeyUnreadable:
    return KeyUnreadable(
        "this EC key spells out its curve in numbers instead of naming it; to name it", NAMED_CURVE
    )


def der_length(octets: bytes) -> int | None:
    """How long a DER SEQUENCE says that it is, its first bytes included; None where there is none."""
    if len(octets) < 2 or octets[0] != 0x30:
        return None
    if octets[1] < 0x80:
        return 2 + octets[1]
    count = octets[1] & 0x7F
    if not 1 <= count <= 4 or len(octets) < 2 + count:
        return None
    return 2 + count + int.from_bytes(octets[2 : 2 + count], "big")


def from_pkcs7(octets: bytes) -> list[Key]:
    if PKCS7_DATA not in octets[:24]:
        return []
    try:
        return [
            from_object(one.public_key(), "PKCS#7")
            for one in pkcs7.load_der_pkcs7_certificates(octets)
        ]
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnreadable("this is PKCS#7 data without a certificate that can be read") from None


def is_pkcs12(octets: bytes) -> bool:
    return PKCS12_START in octets[:8] and PKCS7_START in octets[:32]


def from_pkcs12(octets: bytes) -> list[Key]:
    """With an empty password it is read; with another one it is named."""
    for password in (None, b""):
        try:
            private, certificate, _ = pkcs12.load_key_and_certificates(octets, password)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
        key = private or (certificate and certificate.public_key())
        if key is not None:
            return [from_object(key, "PKCS#12")]
    raise KeyUnreadable(
        "this is a PKCS#12 file (.p12, .pfx), encrypted with a password; to take the certificate out of it",
        FROM_PKCS12,
    )


SSH_LINE = re.compile(
    r"(?:^|\s)(ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)\s+(AAAA[A-Za-z0-9+/=]+)"
)


def from_ssh_line(match: re.Match[str]) -> list[Key]:
    """A line of `id_rsa.pub` or `authorized_keys` (RFC 4253 §6.6), as SSH_LINE finds it."""
    octets = octets_in(match[2])
    if octets is None:
        raise KeyUnreadable(f"this OpenSSH public key ({match[1]}) is damaged or cut off")
    return from_ssh_blob(octets)


def from_ssh_blob(octets: bytes) -> list[Key]:
    name = octets[4 : 4 + int.from_bytes(octets[:4], "big")].decode("ascii", "replace")[:40]
    if name.startswith("sk-"):
        raise KeyUnreadable(
            f"this is an OpenSSH key of a security key ({name}); its signatures are not those of a JWT"
        )
    if name == "ssh-dss":
        raise KeyUnreadable("this is an OpenSSH DSA key; no JWT algorithm uses DSA")
    if not IS_HERE:
        raise KeyUnreadable(f"reading this OpenSSH public key {WITHOUT}")
    line = name.encode("ascii", "replace") + b" " + base64.b64encode(octets)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [from_object(load_ssh_public_key(line), "OpenSSH public key")]
    except (ValueError, UnsupportedAlgorithm):
        known = f" ({name})" if re.fullmatch(r"[a-z0-9@.-]+", name) else ""
        raise KeyUnreadable(f"this OpenSSH public key{known} is damaged or cut off") from None


def from_openssh(octets: bytes) -> list[Key]:
    """An OpenSSH private key; of an encrypted one the public half, which stands in it unencrypted."""
    if not IS_HERE:
        raise KeyUnreadable(f"reading this OpenSSH private key {WITHOUT}")
    armoured = b"-----BEGIN OPENSSH PRIVATE KEY-----\n%s-----END OPENSSH PRIVATE KEY-----\n"
    try:
        private = load_ssh_private_key(armoured % base64.encodebytes(octets), None)
        return [from_object(private, "OpenSSH private key")]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass
    fields = octets[len(OPENSSH) :]
    try:
        for _ in range(3):  # cipher, key derivation and its options
            _, fields = ssh_string(fields)
        blob, _ = ssh_string(fields[4:])  # behind the number of keys
    except ValueError:
        raise KeyUnreadable("this OpenSSH private key is damaged or cut off") from None
    return from_ssh_blob(blob)


def ssh_string(octets: bytes) -> tuple[bytes, bytes]:
    """One field and the rest (RFC 4251 §5)."""
    length = int.from_bytes(octets[:4], "big")
    if len(octets) < 4 + length:
        raise ValueError("too short")
    return octets[4 : 4 + length], octets[4 + length :]


PUTTY = re.compile(r"PuTTY-User-Key-File-\d:")


def from_putty(text: str) -> list[Key]:
    """A .ppk file: its public half, which stands in it unencrypted; enough to verify."""
    match = re.search(r"Public-Lines:\s*\d+\s+((?:[A-Za-z0-9+/=]+\s+)+?)(?=[A-Z][\w-]+:)", text)
    if match is None:
        raise KeyUnreadable(
            "this PuTTY key is damaged; to convert a whole one",
            "puttygen {file} -O public-openssh -o public.pub",
        )
    return from_ssh_blob(octets_of("PuTTY key", match[1]))


X509_IN_XML = re.compile(r"<(?:\w+:)?X509Certificate>([A-Za-z0-9+/=\s]+)</")


def from_dotnet_xml(text: str) -> list[Key]:
    """`<RSAKeyValue>` as .NET and XML signatures write it: modulus and exponent in base64."""
    numbers = []
    for name in ("Modulus", "Exponent"):
        match = re.search(rf"<(?:\w+:)?{name}>\s*([A-Za-z0-9+/=\s]+?)\s*</", text)
        if match is None:
            raise KeyUnreadable(f"this <RSAKeyValue> has no <{name}> that can be read")
        numbers.append(int.from_bytes(octets_of(f"<{name}>", match[1]), "big"))
    if not IS_HERE:
        raise KeyUnreadable(f"reading this <RSAKeyValue> {WITHOUT}")
    try:
        public = rsa.RSAPublicNumbers(numbers[1], numbers[0]).public_key()
    except ValueError:
        raise KeyUnreadable("the numbers of this <RSAKeyValue> are no RSA key") from None
    return [from_object(public, "<RSAKeyValue>")]
