"""Texts that people give as a key and that are none: what each is, and the command or step that leads to the key.

>>> what_it_is("https://issuer.example/jwks.json").reason
'this is an address; nothing is fetched here. Save what it returns, and give that file'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .anatomy import decode_segment
from .key_material import KeyUnreadable


@dataclass(frozen=True)
class NoKey:
    """A form that is recognised by a pattern: what it is and what to do, and a command where one does it."""

    pattern: re.Pattern[str]
    reason: str
    command: str = ""


def no_key(pattern: str, reason: str, command: str = "", flags: int = 0) -> NoKey:
    return NoKey(re.compile(rf"(?:{pattern})\Z", flags), reason, command)


KEY_FILES = (
    r"pem|key|pub|crt|cer|cert|der|p12|pfx|ppk|p7b|p7c|jks|jceks|keystore|jwk|jwks|json|txt|asc"
)
AS_TEXT = "As a secret it is read with the form `text`"
NO_KEYS = (
    no_key(
        r"arn:aws[\w-]*:kms:\S+|projects/[^/\s]+/\S*cryptoKeys/\S+|https://\S+\.vault\.azure\.net/\S+",
        "this is the name of a key in a cloud's key store, not the key. Export its public half as PEM there, and give that file",
    ),
    no_key(
        r"https?://\S+",
        "this is an address; nothing is fetched here. Save what it returns, and give that file",
        "curl -fsS URL -o keys.json",
        re.IGNORECASE,
    ),
    no_key(
        r"(?:jdbc|redis|postgres(?:ql)?|mysql|mongodb|ldaps?|ssh|ftp|file|s3|gs|vault|arn|pkcs11|azurekeyvault|gcpkms|awskms)://?\S*",
        "this is an address of something, not the key itself",
        flags=re.IGNORECASE,
    ),
    no_key(
        rf"@?(?:~|\.{{1,2}}|[A-Za-z]:)?[/\\]?(?:[\w .@+-]+[/\\])*[\w .@+-]*\.(?:{KEY_FILES})",
        "this is the name of a file, not its content. Give the file: --key-file FILE on the command line, Path(FILE).read_bytes() in Python",
        flags=re.IGNORECASE,
    ),
    no_key(
        r"(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[\w.@+-]+[/\\])+[\w.@+-]+",
        f"this looks like the path of a file. Give the file: --key-file FILE on the command line, Path(FILE).read_bytes() in Python. {AS_TEXT}",
    ),
    no_key(r"@[\w./\\~-]+", "`@` before a file's name works in curl, not here. Give the file with --key-file FILE"),
    no_key(
        r"\$\{?\w+\}?|\$env:\w+|\$\([^()]*\)",
        f"this is the name of a variable; its value was not put in. In single quotes a shell does not do that. {AS_TEXT}",
    ),
    no_key(
        r"\$\{?\{?\s*\w+(?:\.\w+)*\s*\}?\}?|\$\(.*\)|%\w+%|\{\{.*\}\}|<%.*%>",
        f"this is the name of a variable; its value was not put in. {AS_TEXT}",
    ),
    no_key(
        r"""(?:[\w.]+\s*[=:]\s*)?(?:process\.env[.\[]\S+|os\.environ\S+|(?:os|System)\.[gG]etenv\(.*\)|Rails\.application\S+|@Value\(.*\)|getenv\(.*\)|config\[.*\]|ENV\[.*\]|app\.config\S+|settings\.\w+)""",
        "this is the code that reads the key, not the key",
    ),
    no_key(
        r"(?:null|undefined|none|nil|nan|\(null\)|\[object Object\]|<empty>)",
        f"this is what a program prints where there is no value: the key was not found there. {AS_TEXT}",
        flags=re.IGNORECASE,
    ),
    no_key(
        r"<[\w.]+(?:\[.*\])? object at 0x[0-9a-f]+>|<(?:bound method|function|built-in|class) .*>",
        "this is how Python prints an object, not the key in it: give the object itself, or its PEM",
    ),
    no_key(
        r"<(?!Buffer )[\w \-./]+>|\[[\w \-./]+\]|\.{3,}|x{4,}|\*{3,}|•{3,}",
        f"this is a placeholder (or a masked value), not the key. {AS_TEXT}",
        flags=re.IGNORECASE,
    ),
    no_key(
        r"(?:SHA256|SHA1|MD5):[\w+/=:-]+|(?:(?:[0-9A-Fa-f]{2}:){4}){3,15}(?:[0-9A-Fa-f]{2}:){3}[0-9A-Fa-f]{2}|(?:sha\d+ )?Fingerprint\s?=\s?\S+|\d{3,5} (?:SHA256|MD5):\S+ .*",
        f"this is the fingerprint of a key or certificate; the key cannot be made from it. {AS_TEXT}",
        flags=re.IGNORECASE,
    ),
    no_key(r"BEGIN [A-Z ]*(?:KEY|CERTIFICATE)\s.*", "this is a PEM that lost its dashes: its first and last line have `-----` at both ends. Copy the whole file", flags=re.DOTALL),
    no_key(r"AGE-SECRET-KEY-1\w+|age1[a-z0-9]{20,}", "this is a key of age (file encryption), not one for a JWT", flags=re.IGNORECASE),
    no_key(r"k[1-4]\.(?:local|public|secret|lid|pid|sid|[a-z-]+)\.\S+", "this is a PASERK, a key for PASETO. A JWT needs a secret, a PEM or a JWK"),
    no_key(r"did:[a-z]+:\S+", "this is a DID, the name of a key. Its DID document has the key as `publicKeyJwk`; give that"),
    no_key(r"AIza[\w-]{30,}|sk_(?:live|test)_\w+|gh[pousr]_\w{30,}|xox[abp]-\S+", f"this is an API key: it is sent with requests and signs no tokens. {AS_TEXT}"),
    no_key(r"\$(?:2[aby]|argon2\w*|5|6|scrypt|y)\$\S+|pbkdf2_sha\d+\$\S+", f"this is the hash of a password, not a key. {AS_TEXT}"),
)  # fmt: skip

PRINTED = (  # what programs print of a key, which may be long
    no_key(
        r"(?:(?:RSA )?(?:Public|Private)-Key: \(\d+ bit|Certificate:\s+Data:|Modulus=[0-9A-F]{8}|ED(?:25519|448) (?:Public|Private)-Key:|\s*0:d=0|subject=|issuer=).*",
        "this is what OpenSSL prints about a key, not the key. Run the same command without -noout and -text, -modulus or -subject: then it prints the PEM",
        flags=re.DOTALL,
    ),
    no_key(r"(?:Keystore type:|Alias name:|Owner:).*", "this is what keytool prints about a key store, not the key. With -rfc it prints the certificates as PEM", "keytool -list -rfc -keystore FILE > certificates.pem", re.DOTALL),
    no_key(r"Sun \w+ (?:public|private) key.*|(?:Public|Private|Secret)KeyObject \{.*\}|&\{+\d+ .*\}|RSAPublicKey\(.*|\[object \w*Key\]", "this is how a program prints a key, not the key: give its PEM", flags=re.DOTALL),
    no_key(r"(?:[\w./-]+: )+[^\n]{0,120}(?:[Nn]o such file|[Nn]ot found|denied|[Ff]ailed|[Ee]rror|[Uu]nable)\b.*|[Uu]nable to load .*|(?:Error|ERROR|error)\b[: ].*", "this is an error message, not a key: something went wrong where the key was read", flags=re.DOTALL),
    no_key(r"arn:aws[\w-]*:(?:secretsmanager|ssm):\S+|(?:op|vault|secretref|awssm|gcpsm|ref\+\w+|projects/[^/\s]+/secrets):?\S+|@Microsoft\.KeyVault\(.*", f"this is the name of a secret in a store, not its value: read it from the store. {AS_TEXT}"),
    no_key(r"(?:.*\n)?kind: SealedSecret\b.*|apiVersion: bitnami\.com/.*", "this is a sealed secret: only its cluster can open it. Read the secret that it became (kubectl get secret)", flags=re.DOTALL),
    no_key(r"\$ANSIBLE_VAULT;.*|(?:[\w.-]+\s*[:=]\s*)?ENC\[\w+,.*", "this value is encrypted (SOPS, Ansible Vault or the like): decrypt it first", flags=re.DOTALL),
)  # fmt: skip

BINARY = (
    (b"\xfe\xed\xfe\xed", "this is a Java keystore (JKS); to print its certificates", "keytool -list -rfc -keystore {file} > certificates.pem"),
    (b"\xce\xce\xce\xce", "this is a Java keystore (JCEKS); to print its certificates", "keytool -list -rfc -storetype jceks -keystore {file} > certificates.pem"),
    (b"\x1f\x8b", "this file is compressed (gzip); to unpack it", "gunzip -c {file} > key"),
    (b"PK\x03\x04", "this file is a zip archive; to unpack it", "python -m zipfile -e {file} keys"),
    (b"BZh", "this file is compressed (bzip2); to unpack it", "bunzip2 -c {file} > key"),
    (b"\xfd7zXZ\0", "this file is compressed (xz); to unpack it", "xz -dc {file} > key"),
    (b"\x7fELF", "this file is a program, not a key", ""),
    (b"%PDF", "this file is a PDF, not a key", ""),
    (b"\x89PNG", "this file is a picture, not a key", ""),
    (b"Salted__", "this file was encrypted with `openssl enc`; decrypt it first", "openssl enc -d -aes-256-cbc -pbkdf2 -in {file} -out key"),
)  # fmt: skip
PGP_PACKETS = (b"\x99\x01", b"\x98\x33", b"\x99\x02", b"\x95\x01", b"\x94\x58")


def what_it_is(text: str) -> KeyUnreadable | None:
    """The error that names a text which is no key; None for a text that may be a secret."""
    bare = text.strip().strip("\"'`").strip()
    if told := on_token(bare):
        return KeyUnreadable(told)
    for printed in PRINTED:
        if printed.pattern.match(bare):
            return KeyUnreadable(printed.reason, printed.command)
    if len(bare) > 2_000:
        return None
    for form in NO_KEYS:
        if form.pattern.match(bare):
            return KeyUnreadable(form.reason, form.command)
    if bare[:1] == "<" and re.search(
        r"<(?:!doctype html|html|\?xml|\w+:?EntityDescriptor)\b", bare, re.IGNORECASE
    ):
        return KeyUnreadable(
            "this is a page or an XML document, not a key. Was there an error message in place of the key?"
        )
    lines = [line for line in bare.splitlines() if line.strip()]
    if len(lines) > 1 and all(SETTING.match(line) for line in lines):
        return KeyUnreadable(
            f"these are lines of settings (a name and `=` or `:`): give the value of the key alone. {AS_TEXT}"
        )
    return None


SETTING = re.compile(r"\s*(?:#|//|-{3}|(?:export\s+)?[A-Za-z_][\w.-]{0,60}\s*[=:](?:\s|[^:\s]|$))")


def on_token(text: str) -> str:
    """The sentence for a token that was given in place of the key; '' for anything else."""
    text = re.sub(r"^bearer\s+", "", text, flags=re.IGNORECASE)
    segments = text.split(".")
    if len(segments) not in (3, 5) or not re.fullmatch(r"e[\w.-]{10,}=*", text):
        return ""
    try:
        header = json.loads(decode_segment("header", segments[0], []))
    except ValueError:
        return ""
    if not isinstance(header, dict):
        return ""
    if len(segments) == 3:
        return "this is a token, not a key. The key is what the issuer signs with: a secret, a PEM, a JWK or a JWK Set"
    return "this is an encrypted token (JWE), not a key"


def on_binary(octets: bytes) -> KeyUnreadable | None:
    """The error that names a file by its first bytes."""
    for start, reason, command in BINARY:
        if octets.startswith(start):
            return KeyUnreadable(reason, command)
    if octets.startswith(PGP_PACKETS) and len(octets) > 100:
        return KeyUnreadable("this is a PGP key; JWTs do not use PGP. Ask for a PEM or a JWK Set")
    return None


KEY_NAME = re.compile(
    r"secret|jwt_?key|signing_?key|private_?key$|public_?key|^key$", re.IGNORECASE
)


VALUE_NAME = re.compile(
    r"^(?:value|secret_?string|secret_?binary|computed|data|payload|token)$", re.IGNORECASE
)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths to the texts in a document, four names deep."""
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, member in list(members)[:100]:
        here = (*path, str(name))
        if isinstance(member, str):
            yield here
        elif len(here) < 4:
            yield from leaves(member, here)


def on_json(value: Any) -> KeyUnreadable:
    """The error that names a JSON text in which no key was found."""
    if isinstance(value, dict):
        if isinstance(value.get("jwks_uri"), str):
            return KeyUnreadable(
                "this is the issuer's configuration; its keys are at the address in `jwks_uri`. Save them, and give that file",
                "curl -fsS JWKS_URI -o keys.json",
            )
        if "ciphertext" in value:
            return KeyUnreadable(
                "this is an encrypted key (a JWE): decrypt it first",
                "step crypto jwe decrypt < FILE > key.json",
            )
        if value.get("type") == "Buffer" and isinstance(value.get("data"), list):
            return KeyUnreadable(
                "these are bytes as Node prints them: print `buffer.toString('hex')`, and give that with --key-form hex"
            )
        if "kty" in {name.lower() for name in value}:
            return KeyUnreadable(
                "this looks like a JWK in capital letters: its names are `kty`, `n`, `e` …; upper and lower case count"
            )
        if {"error", "message", "errors", "detail"} & value.keys():
            return KeyUnreadable("this JSON is an error message, not a key. Fetch the keys again")
        if {"alg", "typ"} <= value.keys() or {"iss", "exp"} <= value.keys():
            return KeyUnreadable("this JSON is a part of a token (header or claims), not a key")
        if {"access_token", "id_token", "refresh_token"} & value.keys():
            return KeyUnreadable("this JSON is a response with tokens in it, not a key")
        for name, member in value.items():
            if re.search(r"jwks?_?(?:ur[il]|endpoint)", name, re.IGNORECASE) and isinstance(
                member, str
            ):
                return KeyUnreadable(
                    f"these are settings; the keys are at the address in `{name[:40]}`. Save them, and give that file",
                    "curl -fsS ADDRESS -o keys.json",
                )
        texts = list(leaves(value))
        for pattern in (KEY_NAME, VALUE_NAME):
            for path in texts:
                if pattern.search(path[-1]):
                    return KeyUnreadable(
                        f"this JSON has settings in it: give the value of `{'.'.join(path)[:60]}` alone"
                    )
        found = ", ".join(f"`{name[:20]}`" for name in list(value)[:5]) or "nothing"
        return KeyUnreadable(
            f"this JSON is no key: a JWK has `kty`, a JWK Set has a list `keys` (found {found})"
        )
    return KeyUnreadable("this JSON is no key: a JWK is an object with `kty`")
