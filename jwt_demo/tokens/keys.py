"""Reading a key in whatever form it comes: one detector for `inspect`, `show`, the inspector, probes and stages.

It reads a form, or says what the text is and how to convert it; it never shows what a key is made of.

>>> read_keys({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"})
[Key(kind='secret', alg='HS256', use=None, key_ops=None, kid=None)]
>>> read_keys("public.pem")
Traceback (most recent call last):
jwt_demo.tokens.key_material.KeyUnreadable: this is the name of a file, not its content. Give the file: ...
"""

from __future__ import annotations

import ast
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import unquote

import jwt

from .encoded_keys import (
    BEGIN,
    OPENSSH,
    PUTTY,
    SSH_LINE,
    X509_IN_XML,
    der_length,
    from_der,
    from_dotnet_xml,
    from_openssh,
    from_pem,
    from_putty,
    from_ssh_line,
)
from .jwk import from_jwk
from .key_forms import on_binary, on_json, what_it_is
from .key_material import Key, Keys, KeyUnreadable, fits, fresh_key, from_object
from .lenient_base64 import octets_in

__all__ = ["FORMS", "Key", "KeyUnreadable", "Keys", "fits", "fresh_key", "is_plain", "read_keys"]

DEEPEST = 3  # forms within each other: base64 of a PEM in a JSON string


def read_keys(key: Any, form: str = "auto") -> Keys:
    """The keys in a text (PEM, JWK, JWK Set, OpenSSH …, else a secret), in bytes, a dict, or an object of `cryptography`.

    `form` is auto, or how a secret is written: text, bytes, base64, base64url or hex; or pem or jwk. Raises KeyUnreadable.
    """
    if key is None:
        return Keys()
    if isinstance(key, Key):
        return Keys([key])
    if isinstance(key, Keys):
        return key
    if isinstance(key, dict):
        return from_document(key)
    if isinstance(key, jwt.PyJWK):
        return from_jwk(key._jwk_data)
    if isinstance(key, bytes | bytearray | str):
        octets = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else bytes(key)
        if not octets.strip() and form in ("auto", "text"):
            raise KeyUnreadable("the key is empty")
        if form not in FORMS:
            raise KeyUnreadable(f"{form!r} is no form of a key; the forms are {', '.join(FORMS)}")
        return FORMS[form](octets)
    if hasattr(key, "read_bytes"):
        raise KeyUnreadable("this is a path, not the key in it: give path.read_bytes()")
    if isinstance(key, list | tuple):
        return from_document(list(key))
    return Keys([from_object(key)])


def detect(octets: bytes) -> Keys:
    """Read what is recognised; what is not is a secret, exactly as given."""
    found = structured(octets)
    if found is not None:
        return found
    if error := on_binary(octets):
        raise error
    text = as_text(octets)
    if text is not None and (error := what_it_is(text)):
        raise error
    if text is not None and re.match(r"\s*-{2,}\s*BEGIN\b", text):
        raise KeyUnreadable("this begins like a PEM and ends before its first line does")
    return secret(octets, "bytes" if text is None else "text", octets)


def structured(octets: bytes, depth: int = 0) -> Keys | None:
    """The keys in a form that can be told from a secret; None where there is no such form."""
    if octets.startswith(OPENSSH):
        return Keys(from_openssh(octets))
    if (keys := from_der(octets)) is not None:
        return Keys(keys)
    text = as_text(octets)
    if text is None:
        return None
    for candidate in (text, *peeled(text)):
        if (found := in_text(candidate)) is not None:
            return found
    if depth < DEEPEST:
        for inner in decoded(text):
            if (found := structured(inner, depth + 1)) is not None:
                return found
    return None


def as_text(octets: bytes) -> str | None:
    """The text in the octets, UTF-16 too (an editor or `>` of PowerShell writes it); None where they are none."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in octets[:4]:
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            try:
                text = octets.decode(encoding)
            except UnicodeDecodeError:
                continue
            if re.fullmatch(r"[\ufeff\t\n\r -\u024f]+", text):
                return text.lstrip("\ufeff")
        return None
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def peeled(text: str) -> Iterator[str]:
    """The text without what a shell, an .env file, a program or a web page left around it."""
    bare = text.strip().strip("\u200b\u200c\u200d\ufeff\u00a0")
    if unescape(bare) != bare:
        bare = unescape(bare)
        yield bare
    assigned = re.match(
        r"(?:export\s+|set\s+|\$env:)?[A-Za-z_][\w.-]*\s*[=:]\s*(.*)\Z", bare, re.DOTALL
    )
    if assigned and not re.match(r"[\w.-]+://", bare):
        bare = assigned[1].strip()
        yield bare
    bare = re.sub(r"""^[brfu]?(["'`]{1,3})(.*)\1[;,]?$""", r"\2", bare, flags=re.DOTALL)
    yield bare
    if "\u00a0" in bare:
        yield bare.replace("\u00a0", " ")
    if re.search(r"\"(?:kty|keys)\"", bare) and "{" in bare and "}" in bare:  # words around a JWK
        yield bare[bare.index("{") : bare.rindex("}") + 1]
    if "\\" in bare:
        bare = (
            bare.replace('\\"', '"').replace("\\\\n", "\n").replace("\\r", "").replace("\\n", "\n")
        )
        yield bare
    if "%" in bare:
        yield unquote(bare.replace("+", " ") if "BEGIN+" in bare else bare)
    elif "BEGIN+" in bare:
        yield bare.replace("+", " ")


def in_text(text: str) -> Keys | None:
    bare = text.strip()
    if bare.startswith(("{", "[")) and (document := json_in(bare)) is not None:
        return from_document(document)
    if BEGIN.search(text):
        return Keys(from_pem(text))
    if PUTTY.search(text):
        return Keys(from_putty(text))
    if line := SSH_LINE.search(text):
        return Keys(from_ssh_line(line))
    if certificate := X509_IN_XML.search(text):  # SAML metadata, XML signatures
        return Keys(
            from_pem(f"-----BEGIN CERTIFICATE-----{certificate[1]}-----END CERTIFICATE-----")
        )
    if "RSAKeyValue>" in text:
        return Keys(from_dotnet_xml(text))
    return None


def decoded(text: str) -> Iterator[bytes]:
    """The octets that a text may spell: base64 or hexadecimal, each only where a whole key could come of it."""
    bare = re.sub(r"\s", "", text).strip("\"'")
    digits = bare.replace(":", "")
    if re.fullmatch(r"(?:30|2d2d2d2d2d)[0-9A-Fa-f]{40,}", digits) and len(digits) % 2 == 0:
        yield binascii.unhexlify(digits)
    words = (
        []
        if octets_in(bare) is not None
        else re.findall(r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/=]+", text)
    )
    for word in words:
        yield octets_in(word) or b""  # a PEM in base64, in a Kubernetes secret
    octets = octets_in(bare) if len(bare) >= 16 else None
    if octets is not None:
        announced = der_length(octets)
        if bare.startswith("MI") and announced and announced > len(octets) > 60:
            raise KeyUnreadable(
                "this begins like the base64 of a key, and its end is missing. Copy all of it again"
            )
        yield octets


def json_in(text: str) -> Any:
    """The JSON value, or None where the text only begins like one; KeyUnreadable where it was meant to be a JWK."""
    try:
        return json.loads(text)
    except RecursionError:
        raise KeyUnreadable("this JSON is nested too deeply to be a key") from None
    except ValueError as error:
        if not re.search(r"""["']?(?:kty|keys|jwks_uri|private_key)["']?\s*:""", text):
            return None
        if (keys := on_each_line(text)) is not None:
            return keys
        try:
            value = ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            where = f"at position {getattr(error, 'pos', 0)} of {len(text)}"
            what = f"something is wrong {where}"
            if getattr(error, "msg", "") == "Extra data":
                what = f"a second document begins {where}; give one"
            elif re.match(r"[{\[\s]*[A-Za-z_]\w*\s*:", text):
                what = "its names stand without double quotes (JavaScript)"
            raise KeyUnreadable(f"this begins like a JWK but is not JSON: {what}") from None
        if isinstance(value, dict | list):  # Python's own way of writing it, with single quotes
            return value
        raise KeyUnreadable("this is not JSON, so no JWK") from None


def on_each_line(text: str) -> list[dict[str, Any]] | None:
    """The JWKs in a text that has one on each line; None for any other text."""
    try:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None
    return found if all(isinstance(one, dict) and "kty" in one for one in found) else None


def from_document(document: Any) -> Keys:
    """The keys in a JSON value: a JWK, a JWK Set, a list of JWKs, a map of `kid` to certificate or JWK, or PEM in a member."""
    if isinstance(document, dict) and "kty" in document:
        return from_jwk(document)
    if isinstance(document, dict) and isinstance(document.get("keys"), list):
        return from_jwk(document)
    if isinstance(document, list) and document and all(isinstance(one, dict) for one in document):
        return from_jwk(document)
    found = Keys()
    for name, keys in within(document):
        found += [replace(key, kid=key.kid or name) for key in keys]
    if found:
        return found
    if isinstance(document, dict) and "keys" in document:
        return from_jwk(document)
    if isinstance(document, dict) and ({"n", "e"} <= document.keys() or "crv" in document):
        return from_jwk(document)
    raise on_json(document)


def within(
    document: Any, name: str | None = None, depth: int = 0
) -> Iterator[tuple[str | None, Keys]]:
    """Keys in the members of a document, each with the name it stands under: Google's certificates, a realm of Keycloak, a service account."""
    members = (
        document.items()
        if isinstance(document, dict)
        else [(name, one) for one in document]
        if isinstance(document, list)
        else []
    )
    for key, value in list(members)[:200]:
        label = key if isinstance(document, dict) and key not in KEY_MEMBERS else name
        if isinstance(value, dict) and "kty" in value:
            yield label, from_jwk(value)
        elif isinstance(value, dict | list) and depth < DEEPEST:
            yield from within(value, label, depth + 1)
        elif isinstance(value, str) and len(value) > 40 and not what_it_is(value):
            looks_so = BEGIN.search(value) or SSH_LINE.search(value) or value.startswith("MI")
            keys = structured(value.encode("utf-8", "replace"), DEEPEST - 1) if looks_so else None
            if keys is not None:
                yield label, keys


KEY_MEMBERS = (  # a member of such a name says what it is, not which one
    "keys", "key", "public_key", "publicKey", "private_key", "privateKey", "certificate", "cert", "pem", "x5c", "data",
)  # fmt: skip


def from_pem_octets(octets: bytes) -> Keys:
    found = structured(octets)
    if found is None:
        raise KeyUnreadable("this is no PEM: it has no line `-----BEGIN …-----`")
    return found


def from_json(octets: bytes) -> Keys:
    text = as_text(octets)
    try:
        document = json.loads(text or "")
    except (ValueError, RecursionError):
        document = json_in(text or "") if text else None
        if document is None:
            raise KeyUnreadable("this is not JSON, so no JWK") from None
    return from_document(document)


def secret(octets: bytes, form: str, source: bytes) -> Keys:
    if not octets:
        raise KeyUnreadable("the key is empty")
    return Keys([Key(octets, "secret", form=form, source=source)])


def from_text(octets: bytes) -> Keys:
    """A secret as its text stands; the text of a public key is never a secret (algorithm confusion, RFC 8725 §2.1)."""
    try:
        found = structured(octets)
    except KeyUnreadable:
        found = None
    if found is not None and all(key.kind != "secret" for key in found):
        return found
    return secret(octets, "text", octets)


def from_base64url(octets: bytes) -> Keys:
    return secret(from_alphabet(octets, b"-_", "base64url (A-Z a-z 0-9 - _)"), "base64url", octets)


def from_base64(octets: bytes) -> Keys:
    return secret(from_alphabet(octets, b"+/", "base64 (A-Z a-z 0-9 + /)"), "base64", octets)


def from_alphabet(octets: bytes, last: bytes, name: str) -> bytes:
    """Base64 of either alphabet; the message says so where the other one was used."""
    bare = re.sub(rb"[\r\n]", b"", octets.strip()).rstrip(b"=")
    if stray := re.search(rb"[^A-Za-z0-9" + re.escape(last) + rb"]", bare):
        other = {b"-": "base64url", b"_": "base64url", b"+": "base64", b"/": "base64"}.get(stray[0])
        remark = f"; `{stray[0].decode()}` belongs to {other}" if other else ""
        raise KeyUnreadable(f"the key is not {name}{remark}")
    if len(bare) % 4 == 1:
        raise KeyUnreadable(
            f"the key is not {name}: {len(bare)} characters is a length it never has, one is missing or too many"
        )
    return octets_in(bare.decode("ascii")) or b""


def from_hex(octets: bytes) -> Keys:
    bare = re.sub(rb"^0[xX]|\\x|[\s:-]", b"", octets.strip())
    try:
        return secret(binascii.unhexlify(bare), "hex", octets)
    except binascii.Error:
        raise KeyUnreadable(
            "the key is not hexadecimal: two digits 0-9 a-f for each byte"
        ) from None


def from_bytes(octets: bytes) -> Keys:
    return secret(octets, "bytes", octets)


FORMS: dict[str, Callable[[bytes], Keys]] = {
    "auto": detect,
    "text": from_text,
    "bytes": from_bytes,
    "base64": from_base64,
    "base64url": from_base64url,
    "hex": from_hex,
    "pem": from_pem_octets,
    "jwk": from_json,
}


def is_plain(keys: Keys) -> bool:
    """Whether nothing was recognised, and the octets as they stand were taken for a secret."""
    return len(keys) == 1 and keys[0].form in ("text", "bytes")
