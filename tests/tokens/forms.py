"""What people paste for a token or a key, and what they must be told: the table behind test_forms.py.

`python -m tests.tokens.forms` prints it with the sentences that the program says today.
"""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import hmac
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from urllib.parse import quote

import itsdangerous
import jwt
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
    pkcs12,
)

from jwt_demo.tokens.anatomy import Token, TokenError, encode_segment
from jwt_demo.tokens.key_material import KeyUnreadable
from jwt_demo.tokens.keys import is_plain, read_keys
from jwt_demo.tokens.repair import repair
from jwt_demo.tokens.signatures import all_findings, verify

NOW = int(time.time())
SECRET = "a secret for this table, of forty letters"
CLAIMS = {"sub": "1", "iat": NOW, "exp": NOW + 300}
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
GOOD = jwt.encode(CLAIMS, SECRET)
RS256 = jwt.encode(CLAIMS, RSA, algorithm="RS256", headers={"kid": "one"})
HEADER, PAYLOAD, SIGNATURE = GOOD.split(".")


@dataclass(frozen=True)
class Form:
    """One input: its kind, its name, the words that the sentence must have; `read` where it must simply work."""

    kind: str
    name: str
    given: object
    words: tuple[str, ...] = ()
    read: bool = False
    repaired: bool | None = None  # whether `repair` finds the token in it
    token: str = RS256  # for keys: what they must verify
    key_form: str = "auto"

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def said_of_text(form: Form) -> tuple[bool, str]:
    """Whether the token is read without a flaw, and what is said of it."""
    try:
        token = Token.parse(form.given)
    except TokenError as error:
        return False, str(error)
    found = all_findings(token, None, read_keys(SECRET), NOW)
    return not found, "; ".join(f"{one.code}: {one.message}" for one in found)


def said_of_key(form: Form) -> tuple[bool, str]:
    """Whether the key verifies its token, and what is said of it."""
    try:
        keys = read_keys(form.given, form.key_form)
    except KeyUnreadable as error:
        return False, str(error)
    verdict = verify(Token.parse(form.token), keys)
    plain = " (taken for a secret as it stands)" if is_plain(keys) else ""
    return verdict.verified is True, verdict.reason + plain


def compact(header: object, claims: object = None, signature: bytes = b"s" * 32) -> str:
    def segment(value: object) -> str:
        return encode_segment(value if isinstance(value, bytes) else json.dumps(value).encode())

    return f"{segment(header)}.{segment(CLAIMS if claims is None else claims)}.{encode_segment(signature)}"


def changed(claims: dict[str, object] | None = None, **header: object) -> str:
    return compact({"alg": "HS256", **header}, {**CLAIMS, **(claims or {})})


def around(kind: str, name: str, given: str, *words: str) -> Form:
    return Form(kind, name, given, words, repaired=True)


def no_jwt(name: str, given: object, *words: str) -> Form:
    return Form("no JWT", name, given, words, repaired=False)


# texts with the token inside

AROUND = [
    around("around it", "Bearer", f"Bearer {GOOD}", "`Bearer `"),
    around("around it", "bearer twice", f"Bearer bearer {GOOD}", "`Bearer `"),
    around("around it", "Bearer and a colon", f"Bearer: {GOOD}", "`Bearer `"),
    around("around it", "BEARER with a tab", f"BEARER\t{GOOD}", "`Bearer `"),
    around("around it", "JWT scheme", f"JWT {GOOD}", "`JWT `"),
    around("around it", "DPoP scheme", f"DPoP {GOOD}", "`DPoP `"),
    around("around it", "Token scheme", f"Token {GOOD}", "`Token `"),
    around("around it", "Authorization line", f"Authorization: Bearer {GOOD}", "`Authorization:`"),
    around("around it", "lower-case header line", f"authorization:{GOOD}", "`Authorization:`"),
    around("around it", "header as JSON member", f'"Authorization": "Bearer {GOOD}",', "`Authorization:`"),
    around("around it", "Python dict of headers", f"{{'Authorization': 'Bearer {GOOD}'}}", "`Authorization:`"),
    around("around it", "X- header", f"X-Access-Token: {GOOD}", "header line"),
    around("around it", "double quotes", f'"{GOOD}"', "quotes"),
    around("around it", "single quotes", f"'{GOOD}'", "quotes"),
    around("around it", "one quote left", f"'{GOOD}", "quotes"),
    around("around it", "backticks", f"`{GOOD}`", "quotes"),
    around("around it", "typographic quotes", f"\u201c{GOOD}\u201d", "quotes"),
    around("around it", "bytes of Python", f"b'{GOOD}'", "quotes"),
    around("around it", "angle brackets", f"<{GOOD}>", "quotes"),
    around("around it", "parentheses", f"({GOOD})", "quotes"),
    around("around it", "bold in Markdown", f"**{GOOD}**", "quotes"),
    around("around it", "a comma after it", f"{GOOD},", "quotes"),
    around("around it", "a semicolon after it", f"{GOOD};", "quotes"),
    around("around it", "a full stop after it", f"{GOOD}.", "dot at the end"),
    around("around it", "a sentence around it", f"here is my token: {GOOD} please help", "inside"),
    around("around it", "blanks at both ends", f"  {GOOD}  ", "white space"),
    around("around it", "a line break at the end", f"{GOOD}\n", "white space"),
    around("around it", "CR LF at the end", f"{GOOD}\r\n", "white space"),
    around("around it", "wrapped at 40 columns", "\n".join(GOOD[at : at + 40] for at in range(0, len(GOOD), 40)), "line break"),
    around("around it", "wrapped, with CR LF", "\r\n".join(GOOD[at : at + 64] for at in range(0, len(GOOD), 64)), "line break"),
    around("around it", "wrapped in an e-mail", "\n".join(f"> {GOOD[at : at + 60]}" for at in range(0, len(GOOD), 60)), "line break"),
    around("around it", "wrapped with shell backslashes", " \\\n".join(GOOD[at : at + 60] for at in range(0, len(GOOD), 60)), "line break"),
    around("around it", "Bearer and wrapped", f"Bearer {GOOD[:60]}\n{GOOD[60:]}", "`Bearer `"),
    around("around it", "a blank in the middle", f"{GOOD[:70]} {GOOD[70:]}", "white space in the middle"),
    around("around it", "three lines, dots at line starts", f"{HEADER}\n.{PAYLOAD}\n.{SIGNATURE}", "line break"),
    around("around it", "three lines without dots", f"{HEADER}\n{PAYLOAD}\n{SIGNATURE}", "put a `.`"),
    around("around it", "commas for dots", f"{HEADER},{PAYLOAD},{SIGNATURE}", "put a `.`"),
    around("around it", "zero-width space inside", f"{GOOD[:30]}\u200b{GOOD[30:]}", "cannot be seen"),
    around("around it", "byte order mark", f"\ufeff{GOOD}", "cannot be seen"),
    around("around it", "no-break space at the end", f"{GOOD}\u00a0", "cannot be seen"),
    around("around it", "soft hyphens", f"{GOOD[:40]}\u00ad{GOOD[40:]}", "cannot be seen"),
    around("around it", "right-to-left mark", f"\u200f{GOOD}", "cannot be seen"),
    around("around it", "ideographic full stops", GOOD.replace(".", "\u3002"), "look like dots"),
    around("around it", "URL with ?token=", f"https://app.example/login?token={GOOD}", "a URL"),
    around("around it", "URL with a fragment", f"https://app.example/cb#id_token={GOOD}&state=x", "a URL"),
    around("around it", "path with a query", f"/callback?state=7&access_token={GOOD}", "a URL"),
    around("around it", "link of jwt.io", f"https://jwt.io/#debugger-io?token={GOOD}", "a URL"),
    around("around it", "percent-encoded dots", GOOD.replace(".", "%2E"), "percent-encoded"),
    around("around it", "Bearer%20", f"Bearer%20{GOOD}", "`Bearer `"),
    around("around it", "percent-encoded URL", quote(f"https://app.example/?jwt={GOOD}", safe=""), "percent-encoded"),
    around("around it", "curl command", f"curl -H 'Authorization: Bearer {GOOD}' https://api.example/me", "a command"),
    around("around it", "curl with a prompt", f'$ curl https://api.example/me -H "authorization: Bearer {GOOD}"', "a command"),
    around("around it", "httpie command", f"http localhost:8080/get-user authorization:'Bearer {GOOD}'", "a command"),
    around("around it", "Cookie line", f"Cookie: theme=dark; session={GOOD}; lang=en", "a cookie"),
    around("around it", "Set-Cookie line", f"Set-Cookie: token={GOOD}; HttpOnly; Path=/; SameSite=Lax", "a cookie"),
    around("around it", "cookie without its name line", f"session={GOOD}; Path=/", "a cookie"),
    around("around it", "assignment", f"TOKEN={GOOD}", "an assignment"),
    around("around it", "export", f'export TOKEN="{GOOD}"', "an assignment"),
    around("around it", "JavaScript", f"const token = '{GOOD}';", "an assignment"),
    around("around it", "YAML", f"token: {GOOD}", "an assignment"),
    around("around it", "answer of a login", json.dumps({"token": GOOD}), "JSON"),
    around("around it", "OAuth answer", json.dumps({"access_token": GOOD, "token_type": "Bearer", "expires_in": 300}), "JSON"),
    around("around it", "JSON array", json.dumps([GOOD]), "JSON"),
    around("around it", "JSON member alone", f'"access_token": "{GOOD}"', "JSON"),
    around("around it", "base64 of the token", base64.b64encode(GOOD.encode()).decode(), "base64 of a whole token"),
    around("around it", "base64 of it with a line break", base64.b64encode(f"{GOOD}\n".encode()).decode(), "base64 of a whole token"),
    around("around it", "hexadecimal of the token", GOOD.encode().hex(), "hexadecimal"),
    around("around it", "the e is missing", GOOD[1:], "first letter"),
    around("around it", "HTTP request", f"GET /me HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer {GOOD}\r\n", "inside"),
    around("around it", "log line", f"2026-01-01 12:00:00 INFO got token={GOOD} from 127.0.0.1", "inside"),
    around("around it", "call of fetch", f"fetch('/me', {{headers: {{Authorization: `Bearer {GOOD}`}}}})", "inside"),
    around("around it", "wget command", f"wget --header='Authorization: Bearer {GOOD}' http://127.0.0.1/", "command"),
    around("around it", "element of XML", f"<token>{GOOD}</token>", "inside"),
    around("around it", "field of CSV", f"ada,{GOOD},2026", "inside other text"),
    around("around it", "JSON in a JSON string", json.dumps(json.dumps({"token": GOOD})), "inside"),
    around("around it", "Bearer without a blank", f"Bearer{GOOD}", "`Bearer `"),
    around("around it", "Bearer with an underscore", f"Bearer_{GOOD}", "`Bearer `"),
    around("around it", "literal \\n at the end", GOOD + "\\n", "behind it"),
    around("around it", "slash at the end", GOOD + "/", "behind it"),
    around("around it", "percent sign of zsh at the end", GOOD + "%", "behind it"),
    around("around it", "hash at the end", GOOD + "#", "behind it"),
    around("around it", "colours of a terminal", f"\x1b[32m{GOOD}\x1b[0m", "copied with it"),
    around("around it", "link in Markdown", f"[token]({GOOD})", "inside"),
    around("around it", "percent-encoded twice", GOOD.replace(".", "%252E"), "percent-encoded"),
    around("around it", "key symbol in front", f"\U0001f511 {GOOD}", "inside other text"),
    around("around it", "line of a WebSocket", f"Sec-WebSocket-Protocol: bearer, {GOOD}", "inside other text"),
    around("around it", "line of kubectl", f"token:      {GOOD}", "an assignment"),
    around("around it", "line of an access log", f'127.0.0.1 - - [29/Nov/2026:02:20:11 +0000] "GET /me?access_token={GOOD} HTTP/1.1" 401 12 "-" "curl/8.5"', "inside other text"),
    around("around it", "logfmt", f'level=debug msg="token rejected" token="{GOOD}" err="signature has expired"', "inside other text"),
    around("around it", "dots elsewhere in a log", f"Checking the token... {GOOD} failed", "inside other text"),
    around("around it", "output of curl -v", f'> GET /me HTTP/1.1\n> Authorization: Bearer {GOOD}\n>\n< HTTP/1.1 401\n< WWW-Authenticate: Bearer error="invalid_token"', "inside other text"),
    around("around it", "output of kubectl describe", f"Name:         api-token\nData\n====\nca.crt:     1066 bytes\ntoken:      {GOOD}", "inside other text"),
    around("around it", "Kubernetes secret in YAML", f"apiVersion: v1\ndata:\n  namespace: ZGVmYXVsdA==\n  token: {base64.b64encode(GOOD.encode()).decode()}\nkind: Secret", "as base64"),
    around("around it", "one line of a Kubernetes secret", f"token: {base64.b64encode(GOOD.encode()).decode()}", "an assignment"),
    around("around it", "quoted-printable", "=\n".join(GOOD[at : at + 70] for at in range(0, len(GOOD), 70)), "line break"),
    around("around it", "output of Terraform", f'token = "{GOOD}"', "an assignment"),
    around("around it", "Markdown's backslashes", GOOD.replace(".", "\\.").replace("_", "\\_").replace("-", "\\-"), "backslashes"),
    around("around it", "a struct of Go", f'&oauth2.Token{{AccessToken:"{GOOD}", TokenType:"Bearer"}}', "inside other text"),
    around("around it", "HTML escapes", GOOD.replace(".", "&#46;"), "HTML escapes"),
    Form("around it", "padding on each segment", ".".join(part + "=" * (-len(part) % 4) for part in GOOD.split(".")), ("padding",), repaired=True),
    Form("around it", "standard base64 alphabet", compact({"alg": "HS256"}, signature=b"\xfb\xff" * 16).replace("-", "+").replace("_", "/"), ("standard base64",), repaired=True),
    around("around it", "lines with numbers", "\n".join(f"{place} {part}" for place, part in enumerate(wrap(GOOD, 50), 1)), "numbers of lines"),
    around("around it", "lines with numbers and colons", "\n".join(f"{place:>3}: {part}" for place, part in enumerate(wrap(GOOD, 50), 7)), "numbers of lines"),
    around("around it", "line of grep -n", f"12:{GOOD}", "give the token alone"),
    around("around it", "password of Basic authentication", "Basic " + base64.b64encode(f"oauth2:{GOOD}".encode()).decode(), "Basic authentication", "decoded"),
    around("around it", "header of Basic authentication", "Authorization: Basic " + base64.b64encode(f"x:{GOOD}".encode()).decode(), "the token"),
    around("around it", "configuration of Docker", json.dumps({"auths": {"registry.example": {"auth": base64.b64encode(f"x:{GOOD}".encode()).decode()}}}), "base64"),
    around("around it", "Python's print of a response before it", f"<Response [401]> Bearer {GOOD}", "give the token alone"),
    around("around it", "error message of Python", f"jwt.exceptions.DecodeError: Invalid header: {GOOD}", "give the token alone"),
    around("around it", "page of HTML", f"<html><body><code>{GOOD}</code></body></html>", "give the token alone"),
    around("around it", "a tag around each part", f'<span style="color:red">{HEADER}</span>.<span>{PAYLOAD}</span>.<span>{SIGNATURE}</span>', "HTML tags"),
    around("around it", "a list of bytes", str(list(GOOD.encode())), "numbers of its bytes"),
    around("around it", "numbers with blanks", " ".join(map(str, GOOD.encode())), "numbers of its bytes"),
    around("around it", "escapes of JavaScript", GOOD.replace(".", "\\x2e"), "escapes"),
    around("around it", "escapes of JSON", GOOD.replace(".", "\\u002e"), "escapes"),
    around("around it", "two letters lost", GOOD[2:], "first letters are missing"),
    around("around it", "three letters lost", GOOD[3:], "first letters are missing"),
    around("around it", "a letter too many in front", f"O{GOOD}", "right before its first letters"),
    around("around it", "words joined to its front", f"token_{GOOD}", "right before its first letters"),
    around("around it", "a dot in front", f".{GOOD}", "a dot stands in front"),
    around("around it", "two dots side by side", GOOD.replace(".", "..", 1), "two side by side"),
    around("around it", "first dot missing", GOOD.replace(".", "", 1), "a dot between its parts is missing"),
    around("around it", "second dot missing", "".join(GOOD.rsplit(".", 1)), "a dot between its parts is missing"),
    around("around it", "both dots missing", GOOD.replace(".", ""), "a dot between its parts is missing"),
    around("around it", "underscores for dots", GOOD.replace(".", "_"), "a dot between its parts is missing"),
    around("around it", "cookie of Supabase", "sb-x-auth-token=base64-" + encode_segment(json.dumps({"access_token": GOOD}).encode()), "a prefix and base64"),
    around("around it", "data URL", "data:text/plain;base64," + base64.b64encode(GOOD.encode()).decode(), "a prefix and base64"),
    around("around it", "link of a chat", f"<http://{GOOD}|{GOOD}>", "URL"),
    around("around it", "base64 twice", base64.b64encode(base64.b64encode(GOOD.encode())).decode(), "base64"),
    around("around it", "lines of a PDF with hyphens", "-\n".join(wrap(GOOD, 60)), "line break"),
    around("around it", "JSON with a line break inside", '{"token": "' + GOOD[:80] + "\n" + GOOD[80:] + '"}', "JSON"),
    around("around it", "JSON with base64 of it", json.dumps({"token": base64.b64encode(GOOD.encode()).decode()}), "base64"),
    around("around it", "prompt of bash behind it", f"{GOOD}bash-3.2$ ", "white space"),
    around("around it", "prompt of a container behind it", f"{GOOD}root@web-7c9d:/#", "prompt"),
    around("around it", "quoted-printable with its name", "token=3D" + "=\n".join(wrap(GOOD, 70)), "quoted-printable"),
    Form("around it", "blanks for pluses", compact({"alg": "HS256"}, signature=b"\xfb\xff" * 16).replace("-", "+").replace("_", "/").replace("+", " "), ("blanks stand where",)),
    around("around it", "folded in YAML", f"token: >-\n  {GOOD[:80]}\n  {GOOD[80:]}", "assignment"),
    around("around it", "signed cookie of Express", f"s%3A{GOOD}.{'x' * 43}", "Express"),
    around("around it", "a sentence that begins with Token", f"Token is {GOOD}", "give the token alone"),
]  # fmt: skip

# damaged copies

DIRECT = encode_segment(b'{"alg":"dir","enc":"A128CBC-HS256"}')
DASHED = compact({"alg": "HS256"}, signature=b"\xfb\xef" * 16)
DAMAGED = [
    Form("damaged", "empty", "", ("empty",)),
    Form("damaged", "white space alone", " \n\t", ("empty",)),
    Form("damaged", "None", None, ("NoneType", "no token")),
    Form("damaged", "bytes", GOOD.encode(), ("bytes", "decode")),
    Form("damaged", "a dict", {"alg": "HS256"}, ("dict",)),
    Form("damaged", "header alone", HEADER, ("header alone",)),
    Form("damaged", "payload alone", PAYLOAD, ("payload alone",)),
    Form("damaged", "signature lost with its dot", f"{HEADER}.{PAYLOAD}", ("signature is missing",)),
    Form("damaged", "signature lost, dot left", f"{HEADER}.{PAYLOAD}.", ()),
    Form("damaged", "header lost", f"{PAYLOAD}.{SIGNATURE}", ("2 segments",)),
    Form("damaged", "cut in the signature", GOOD[:-9], ("signature", "cut off")),
    Form("damaged", "cut in the signature of RS256", RS256[:-40], ("signature", "cut off")),
    Form("damaged", "cut in the payload", f"{HEADER}.{PAYLOAD[:-5]}.{SIGNATURE}", ("payload",)),
    Form("damaged", "cut in the header", f"{HEADER[:-3]}.{PAYLOAD}.{SIGNATURE}", ("header",)),
    Form("damaged", "shortened with dots", f"{GOOD[:20]}...{GOOD[-8:]}", ("left out",)),
    Form("damaged", "shortened with four dots", f"{GOOD[:20]}....{GOOD[-8:]}", ("left out",)),
    Form("damaged", "shortened with an ellipsis", f"{GOOD[:20]}\u2026{GOOD[-8:]}", ("left out",)),
    Form("damaged", "masked with stars", f"{GOOD[:20]}*****", ("masked",)),
    Form("damaged", "signature masked in square brackets", f"{HEADER}.{PAYLOAD}.[REDACTED]", ("replaced",)),
    Form("damaged", "signature as a placeholder", f"{HEADER}.{PAYLOAD}.<signature>", ("replaced",)),
    Form("damaged", "eyJ…...end", "eyJ......end", ("left out",)),
    Form("damaged", "everything in lower case", GOOD.lower(), ("case of its letters",)),
    Form("damaged", "everything in upper case", GOOD.upper(), ("case of its letters",)),
    Form("damaged", "two tokens, a line break between", f"{GOOD}\n{RS256}", ("2 tokens",)),
    Form("damaged", "two tokens, a blank between", f"{GOOD} {RS256}", ("2 tokens",)),
    Form("damaged", "two tokens right after each other", f"{GOOD}{GOOD}", ("two tokens",)),
    Form("damaged", "two tokens with a dot between", f"{GOOD}.{RS256}", ("two tokens",)),
    Form("damaged", "access and ID token in one answer", json.dumps({"access_token": GOOD, "id_token": RS256}), ("2 tokens", "access_token", "id_token")),
    Form("damaged", "access and ID token in a fragment", f"https://a.example/#access_token={GOOD}&id_token={RS256}", ("2 tokens",)),
    Form("damaged", "a letter that looks like another", GOOD.replace("e", "\u0435", 1), ("header", "\\u0435", "CYRILLIC")),
    Form("damaged", "a NUL at the end", f"{GOOD}\0", ("\\x00",)),
    Form("damaged", "payload is plain JSON", f"{HEADER}.{json.dumps(CLAIMS)}.{SIGNATURE}", ("payload", "not encoded")),
    Form("damaged", "header and payload swapped", f"{PAYLOAD}.{HEADER}.{SIGNATURE}", ("swapped",)),
    Form("damaged", "hexadecimal signature", compact({"alg": "HS256"}, signature=b"0f" * 32), ("hexadecimal",)),
    Form("damaged", "ES256 signature in DER", jwt.encode(CLAIMS, EC, "ES256").rpartition(".")[0] + "." + encode_segment(EC.sign(b"x", ec.ECDSA(hashes.SHA256()))), ("DER", "64 bytes")),
    Form("damaged", "Bearer and too few segments", f"Bearer {HEADER}.{PAYLOAD}", ("`Bearer `", "2 segments")),
    Form("damaged", "four segments", f"{GOOD}.x", ("4 segments",)),
    Form("damaged", "five segments, no JWE", f"{HEADER}.a.b.c.d", ("5 segments", "`enc`")),
    Form("damaged", "seven segments", "a.b.c.d.e.f.g", ("7 segments", "around")),
    Form("damaged", "payload not UTF-8", compact({"alg": "HS256"}, b'{"a":"\xff"}'), ("UTF-8",)),
    Form("damaged", "payload in UTF-16", compact({"alg": "HS256"}, '{"a":1}'.encode("utf-16")), ("UTF-16",)),
    Form("damaged", "payload is compressed", compact({"alg": "HS256", "zip": "DEF"}, zlib.compress(b"{}")), ("compressed",)),
    Form("damaged", "payload an array", compact({"alg": "HS256"}, [1]), ("an array",)),
    Form("damaged", "payload a string", compact({"alg": "HS256"}, "hello"), ("a string",)),
    Form("damaged", "payload with single quotes", compact({"alg": "HS256"}, b"{'sub': '1'}"), ("not JSON", "double quotes")),
    Form("damaged", "a name twice", compact({"alg": "HS256"}, b'{"sub":"1","sub":"2"}'), ("is there twice",)),
    Form("damaged", "a dot in front, no signature", f".{HEADER}.{PAYLOAD}.", ("a segment",)),
    Form("damaged", "payload encoded twice", compact({"alg": "HS256"}, encode_segment(b'{"sub":"1"}').encode()), ("encoded twice",)),
    Form("damaged", "payload is a token", compact({"alg": "HS256"}, GOOD.encode()), ("a token itself", "nested")),
    Form("damaged", "payload is JSON in JSON", compact({"alg": "HS256"}, json.dumps('{"sub":"1"}').encode()), ("json.dumps() called twice",)),
    Form("damaged", "payload has Python's True", compact({"alg": "HS256"}, b'{"admin":True}'), ("`True` is Python",)),
    Form("damaged", "payload has a comma at its end", compact({"alg": "HS256"}, b'{"sub":"1",}'), ("comma",)),
    Form("damaged", "payload has a comment", compact({"alg": "HS256"}, b'{"sub":"1" /* me */}'), ("comment",)),
    Form("damaged", "payload has names without quotes", compact({"alg": "HS256"}, b"{sub: 1}"), ("`sub` stands without quotes",)),
    Form("damaged", "payload is data of a form", compact({"alg": "HS256"}, b"sub=1&exp=2"), ("data of a form",)),
    Form("damaged", "payload in Latin-1", compact({"alg": "HS256"}, '{"name":"Zo\u00eb"}'.encode("latin-1")), ("Latin-1",)),
    Form("damaged", "words in place of a signature", f"{HEADER}.{PAYLOAD}.your-256-bit-secret", ("words stand in its place",)),
    Form("damaged", "the word signature", f"{HEADER}.{PAYLOAD}.SIGNATURE", ("words stand in its place",)),
    Form("damaged", "a tuple", (GOOD,), ("tuple", "take one token out")),
    Form("damaged", "a bytearray", bytearray(GOOD.encode()), ("decode",)),
    Form("damaged", "a token that was read", Token.parse(GOOD), (".text",)),
    Form("damaged", "signature masked with stars", f"{HEADER}.{PAYLOAD}.***", ("masked",), repaired=False),
    Form("damaged", "two tokens in one cookie line", f"access_token={GOOD}; refresh_token={RS256}", ("2 tokens (access_token, refresh_token)",), repaired=False),
    Form("damaged", "three tokens of a login", json.dumps({"access_token": GOOD, "refresh_token": RS256, "token_type": "Bearer", "id_token": changed()}), ("3 tokens (access_token, refresh_token, id_token)",), repaired=False),
    Form("damaged", "cut off, in JSON", json.dumps({"token": GOOD[:-20]}), ("too short",), repaired=False),
    Form("damaged", "case of letters swapped", GOOD.swapcase(), ("case of its letters",)),
    Form("damaged", "payload truly compressed", compact({"alg": "HS256"}, zlib.compress(b'{"sub":"1"}')[2:-4]), ("compressed",)),
    Form("damaged", "a symbol in front", f"\U0001f511{GOOD}", ("give the token alone",), repaired=True),
    Form("damaged", "blanks for dashes", DASHED.replace("-", " "), ("blanks stand inside it",)),
    Form("damaged", "payload is hexadecimal", compact({"alg": "HS256"}, json.dumps(CLAIMS).encode().hex().encode()), ("hexadecimal",)),
    Form("damaged", "two signed tokens and an encrypted one", json.dumps({"a_token": GOOD, "b_token": RS256, "c_token": f"{DIRECT}..aXY.dGV4dA.dGFn"}), ("3 tokens",)),
]  # fmt: skip

# other things than a JWT

COMPRESSED = (
    base64.urlsafe_b64encode(zlib.compress(b'{"user": 1, "name": "somebody of some length"}'))
    .rstrip(b"=")
    .decode()
)
B64_FALSE = encode_segment(b'{"alg":"HS256","b64":false,"crit":["b64"]}')
NO_JWT = [
    no_jwt("SD-JWT", f"{GOOD}~WyJzYWx0IiwgIm5hbWUiLCAiQWRhIl0~", "SD-JWT", "~"),
    no_jwt("header and claims, decoded", '{\n "alg": "HS256"\n}\n{\n "sub": "1"\n}', "decoded already"),
    no_jwt("header and claims, joined by a dot", '{"alg":"HS256"}.{"sub":"1"}', "decoded already"),
    no_jwt("claims as Python prints them", "{'sub': '1', 'exp': 1795000000, 'admin': True}", "decoded already"),
    no_jwt("claims with a datetime", "{'sub': '1', 'exp': datetime.datetime(2026, 1, 1, 0, 0)}", "decoded already"),
    no_jwt("claims as JavaScript prints them", "{ sub: '1', exp: 1795000000 }", "decoded already"),
    no_jwt("both, below headings", 'HEADER:\n{\n "alg": "HS256"\n}\nPAYLOAD:\n{"sub":"1"}', "decoded already"),
    no_jwt("address that is cut off", f"https://app.example/#access_token={GOOD[:60]}", "cut off"),
    no_jwt("text of a program, not filled in", 'f"Bearer {token}"', "variable"),
    no_jwt("%s not filled in", "Authorization: Bearer %s", "variable"),
    no_jwt("command with a variable", "curl -H 'Authorization: Bearer $TOKEN' http://127.0.0.1:8080/me", "command without a token"),
    no_jwt("JSON with null for the token", '{"token": null}', "`token` is empty"),
    no_jwt("JSON with an opaque token", '{"access_token":"abc123opaque","token_type":"bearer"}', "`access_token`", "opaque"),
    no_jwt("JSON with a token cut off", json.dumps({"access_token": GOOD[:60]}), "`access_token`", "cut off"),
    no_jwt("refresh token of Entra", "0.AXoAbcDEF-abc_def.AgABAAEAAAD--DLA3VO7QrddgJg7WevrAgDs_wQA9P-abc", "Entra", "opaque"),
    no_jwt("a coroutine", "<coroutine object get_token at 0x7f1b2c3d>", "await"),
    no_jwt("a promise", "Bearer [object Promise]", "await"),
    no_jwt("a function", "<function get_token at 0x7f1b2c3d>", "call the function"),
    no_jwt("an empty assignment", "ACCESS_TOKEN=", "empty"),
    no_jwt("an empty export in quotes", 'export ACCESS_TOKEN=""', "empty"),
    no_jwt("expression of GitHub Actions", "${{ secrets.TOKEN }}", "variable"),
    no_jwt("variable with a default", "${TOKEN:-none}", "variable"),
    no_jwt("code that reads it", 'os.environ["TOKEN"]', "code that reads the token"),
    no_jwt("sensitive value of Terraform", "(sensitive value)", "placeholder"),
    no_jwt("reference to a secret store", "vault:secret/data/api#token", "a secret in a store"),
    no_jwt("value encrypted by SOPS", "ENC[AES256_GCM,data:Tr7o1A==,iv:1vSa=,tag:xjQ=,type:str]", "encrypted", "decrypt"),
    no_jwt("WWW-Authenticate", 'WWW-Authenticate: Bearer realm="api", error="invalid_token", error_description="The token expired"', "WWW-Authenticate", "request"),
    no_jwt("address with a code", "https://app.example/callback?code=4/0AX4XfWh&state=abc", "code", "token endpoint"),
    no_jwt("address with a query", "https://api.example/me?page=2", "address without a token"),
    no_jwt("SD-JWT with key binding", f"{GOOD}~WyJzYWx0IiwgIm5hbWUiLCAiQWRhIl0~{RS256}", "SD-JWT"),
    no_jwt("JWS in JSON, flattened", json.dumps({"payload": PAYLOAD, "protected": HEADER, "signature": SIGNATURE}), "JSON form", "protected.payload.signature"),
    no_jwt("JWS in JSON, general", json.dumps({"payload": PAYLOAD, "signatures": [{"protected": HEADER, "signature": SIGNATURE}]}), "JSON form", "list of signatures"),
    no_jwt("JWE in JSON", json.dumps({"protected": HEADER, "iv": "a", "ciphertext": "b", "tag": "c"}), "encrypted"),
    no_jwt("detached payload", f"{HEADER}..{SIGNATURE}", "detached"),
    no_jwt("unencoded payload (b64: false)", f"{B64_FALSE}.hello.{SIGNATURE}", "RFC 7797"),
    no_jwt("JWE", compact({"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "k1"}) + ".a.b", "JWE", "RSA-OAEP-256", "A256GCM", "k1"),
    no_jwt("JWE with a direct key", f"{DIRECT}..aXY.Y2lwaGVy.dGFn", "JWE", "A128CBC-HS256"),
    no_jwt("Flask session", itsdangerous.URLSafeTimedSerializer("k", "cookie-session").dumps({"user": 1}), "Flask", "itsdangerous"),
    no_jwt("Flask session, compressed", itsdangerous.URLSafeTimedSerializer("k", "cookie-session").dumps({"user": "somebody " * 40}), "Flask"),
    no_jwt("itsdangerous without a time", itsdangerous.URLSafeSerializer("k").dumps({"user": 1}), "itsdangerous"),
    no_jwt("Django signed value", "eyJ1c2VyIjoxfQ:1tLkqA:9pNCsV5vPyx4yqJ0XhSrd0QvLrU3aKZ0sB0M4pT0Q1c", "Django"),
    no_jwt("Django session, compressed", f".{COMPRESSED}:1tLkqA:9pNCsV5vPyx4yqJ0XhSrd0QvLrU3aKZ0sB0M4pT0Q1c", "Django"),
    no_jwt("Express cookie", "s:3xKk3n0rJv4aZ7tq9Lw2Yd8Pq1.Zr5JpQvYx2m8yX0oTqS1lNn7uC0bA9dWkEhVgFfRtI4", "Express"),
    no_jwt("Rails cookie", "BAh7B0kiD3Nlc3Npb25faWQGOgZFVA==--f1d2d2f924e986ac86fdf7b36c94bcdf32beec15", "Rails"),
    no_jwt("Laravel cookie", base64.b64encode(json.dumps({"iv": "a" * 16, "value": "b" * 32, "mac": "c" * 64}).encode()).decode(), "Laravel"),
    no_jwt("ASP.NET Core cookie", "CfDJ8" + "NrAkS2yq" * 8, "ASP.NET"),
    no_jwt("PASETO public", "v4.public." + "eyJzdWIiOiIxIn0" * 4, "PASETO"),
    no_jwt("PASETO local", "v2.local." + "abcDEF123" * 6, "PASETO"),
    no_jwt("PASERK", "k4.local." + "abcDEF123" * 4, "PASERK"),
    no_jwt("Fernet token", Fernet(Fernet.generate_key()).encrypt(b"hello").decode(), "Fernet"),
    no_jwt("Macaroon", base64.urlsafe_b64encode(b"0021location http://example.org/\n0010identifier x\n").rstrip(b"=").decode(), "Macaroon"),
    no_jwt("GitHub token", "ghp_" + "a1B2c3D4" * 5, "GitHub"),
    no_jwt("GitLab token", "glpat-" + "a1B2c3D4e5F6", "GitLab"),
    no_jwt("Google access token", "ya29." + "a0AfB_byC" * 8, "Google", "opaque"),
    no_jwt("API key", "sk-" + "a1B2c3D4" * 5, "API key"),
    no_jwt("Slack token", "xoxb-" + "1234567890-" * 2 + "abcDEF", "API key"),
    no_jwt("JWE in JSON answer", json.dumps({"token": compact({"alg": "dir", "enc": "A256GCM"}) + ".a.b"}), "JWE", "give it alone"),
    no_jwt("opaque token nobody knows", "00" + "aBcDeF" * 7, "opaque token"),
    no_jwt("AWS signature", "AWS4-HMAC-SHA256 Credential=AKIA/2026", "another scheme"),
    no_jwt("COSE in hexadecimal", "d28443a10126a104", "CWT"),
    no_jwt("UUID", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "UUID"),
    no_jwt("session id in hexadecimal", "9e107d9d372bb6826bd81d3542a419d6", "hexadecimal"),
    no_jwt("Basic", "Basic dXNlcjpwYXNzd29yZA==", "Basic", "password"),
    no_jwt("Authorization: Basic", "Authorization: Basic dXNlcjpwYXNzd29yZA==", "Basic"),
    no_jwt("Digest", 'Digest username="u", realm="r"', "another scheme"),
    no_jwt("SAML", base64.b64encode(b"<samlp:Response xmlns:samlp='urn:x'></samlp:Response>").decode(), "SAML"),
    no_jwt("SAML as XML", "<saml:Assertion ID='x'></saml:Assertion>", "SAML"),
    no_jwt("CWT", "2D3ShEOhASagWCBtZXNzYWdl".replace("2D3S", "0oRD") + "abcd" * 10, "CWT"),
    no_jwt("Bearer null", "Bearer null", "null", "no value"),
    no_jwt("undefined", "undefined", "undefined", "no value"),
    no_jwt("None as text", "None", "no value"),
    no_jwt("[object Object]", "Bearer [object Object]", "take the field"),
    no_jwt("Bearer alone", "Bearer", "nothing after it"),
    no_jwt("Authorization: Bearer alone", "Authorization: Bearer ", "nothing after it"),
    no_jwt("shell variable", "$TOKEN", "variable"),
    no_jwt("Postman variable", "Bearer {{access_token}}", "variable"),
    no_jwt("Windows variable", "%TOKEN%", "variable"),
    no_jwt("placeholder", "<your-token>", "placeholder"),
    no_jwt("placeholder in words", "YOUR_ACCESS_TOKEN", "placeholder"),
    no_jwt("dots", "...", "placeholder"),
    no_jwt("file name", "token.txt", "name of a file"),
    no_jwt("path", "/home/me/token.jwt", "name of a file"),
    no_jwt("@file", "@token", "curl"),
    no_jwt("URL without a token", "https://app.example/login", "address"),
    no_jwt("host name", "api.shop.example", "host"),
    no_jwt("IP address", "127.0.0.1:8080", "IP address"),
    no_jwt("version number", "2.15.1", "version"),
    no_jwt("e-mail address", "user@email.com", "e-mail"),
    no_jwt("a word", "hello", "does not look like a token"),
    no_jwt("a sentence", "this is not a token", "1 segment"),
    no_jwt("header as JSON", '{"alg":"HS256","typ":"JWT"}', "decoded already"),
    no_jwt("claims as JSON", '{"sub":"1","exp":1700000000}', "decoded already"),
    no_jwt("error message as JSON", '{"error":"invalid_grant"}', "error message"),
    no_jwt("JSON without a token", '{"user":"ada"}', "without a token"),
    no_jwt("a JWK", '{"kty":"oct","k":"c2VjcmV0"}', "key", "--key-file"),
    no_jwt("a PEM", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "--key-file"),
    no_jwt("an SSH key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@host", "SSH key"),
    no_jwt("base64 of a key", base64.b64encode(RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode(), "key or a certificate"),
    no_jwt("web page", "<!DOCTYPE html><html><body>502</body></html>", "web page"),
    no_jwt("hash of a password", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA", "hash of a password"),
    no_jwt("traceback", "Traceback (most recent call last):\n  File x", "error message"),
    no_jwt("compressed bytes in base64", base64.b64encode(gzip.compress(b"x" * 100)).decode(), "gzip"),
    no_jwt("Basic authentication", "Basic bWVpOnNlY3JldA==", "Basic authentication", "password"),
    no_jwt("signature of a webhook", f"t=1492774577,v1={'5f' * 32}", "webhook", "HMAC"),
    no_jwt("signature of GitHub's webhook", f"sha256={'5f' * 32}", "webhook"),
    no_jwt("HTTP signature", 'keyId="one",algorithm="rsa-sha256",signature="c2lnbmF0dXJl"', "HTTP signature"),
    no_jwt("cookies without a token", "PHPSESSID=298zf09hf012fh2; csrftoken=u32t4o3tb3gg43", "cookies without a token"),
    no_jwt("line of an .npmrc", f"//registry.example/:_authToken=npm_{'a' * 36}", "npm"),
    no_jwt("shared access signature", "SharedAccessSignature sr=x&sig=y&se=1&skn=k", "another scheme"),
    no_jwt("connection string", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9v", "connection string"),
    no_jwt("token of Mapbox", "pk." + encode_segment(b'{"u":"ada","a":"cl1"}') + "." + "x" * 22, "Mapbox"),
    no_jwt("token of Grafana", "glc_" + base64.b64encode(b'{"o":"1","n":"name","k":"key"}').decode(), "API key"),
    no_jwt("code of Keycloak", ".".join(["123e4567-e89b-12d3-a456-426614174000"] * 3), "authorization code"),
    no_jwt("hex dump", "00000000: 6579 4a68 6247 6369  eyJhbGci\n00000008: 4f69 4a49 557a 4931  OiJIUzI1\n", "hex dump"),
    no_jwt("value left out by a browser", "authorization: Bearer \u2026", "placeholder"),
    no_jwt("path of a mounted token", "/var/run/secrets/kubernetes.io/serviceaccount/token", "path of a file"),
    no_jwt("an object as text", "Bearer [object Object]", "take the field"),
    no_jwt("cookies with parts of a token", f"session.0={GOOD[:60]}; session.1={GOOD[60:]}", "split over cookies"),
    no_jwt("JSON in base64 without a claim", base64.b64encode(b'{"a":"b","t":"c"}').decode().rstrip("="), "without a claim"),
]  # fmt: skip

# tokens that are read, with something to say

CONTENT = [
    Form("content", "nothing odd", GOOD, read=True),
    Form("content", "exp in milliseconds", changed({"exp": (NOW + 300) * 1000}), ("exp-in-milliseconds",)),
    Form("content", "exp in microseconds", changed({"exp": (NOW + 300) * 10**6}), ("microseconds",)),
    Form("content", "exp in nanoseconds", changed({"exp": (NOW + 300) * 10**9}), ("nanoseconds",)),
    Form("content", "iat in milliseconds", changed({"iat": NOW * 1000}), ("`iat`", "milliseconds")),
    Form("content", "nbf in milliseconds", changed({"nbf": NOW * 1000}), ("`nbf`", "milliseconds")),
    Form("content", "auth_time in milliseconds", changed({"auth_time": NOW * 1000}), ("`auth_time`", "milliseconds")),
    Form("content", "exp: 3600", changed({"exp": 3600}), ("duration (1 h)",)),
    Form("content", "exp: 0", changed({"exp": 0}), ("leave `exp` out",)),
    Form("content", "exp as text", changed({"exp": str(NOW + 300)}), ("not a number",)),
    Form("content", "exp as a date", changed({"exp": "2026-01-01T00:00:00Z"}), ("not a number",)),
    Form("content", "aud: [null]", changed({"aud": [None]}), ("`aud`", "null")),
    Form("content", "aud: number", changed({"aud": 7}), ("`aud`", "a number")),
    Form("content", "iss: number", changed({"iss": 7}), ("`iss`", "a string")),
    Form("content", "kid: number", changed(kid=7), ("`kid`", "a string")),
    Form("content", "typ: array", changed(typ=["JWT"]), ("`typ`", "a string")),
    Form("content", "x5c: string", changed(x5c="MII"), ("`x5c`", "array of strings")),
    Form("content", "scope: array", changed({"scope": ["a", "b"]}), ("`scope`", "a string")),
    Form("content", "amr: string", changed({"amr": "pwd"}), ("`amr`", "array of strings")),
    Form("content", "email_verified: text", changed({"email_verified": "true"}), ("`email_verified`", "true or false")),
    Form("content", "email_verified: true", changed({"email_verified": True}), read=True),
    Form("content", "secretary", changed({"secretary": "Ada"}), read=True),
    Form("content", "password", changed({"password": "x"}), ("secret-in-claims",)),
    Form("content", "roles, acr, amr, name", changed({"roles": ["a"], "acr": "1", "amr": ["pwd"], "name": "Ada"}), read=True),
    Form("content", "DPoP proof", compact({"alg": "ES256", "typ": "dpop+jwt", "jwk": {"kty": "EC"}}, {"htm": "GET", "htu": "https://a.example/", "iat": NOW, "jti": "x"}, b"s" * 64), ("DPoP proof",)),
    Form("content", "logout token", compact({"alg": "HS256", "typ": "logout+jwt"}, {**CLAIMS, "events": {}}), ("logout token",)),
    Form("content", "ID token", changed({"nonce": "n", "aud": "client"}), ("ID token", "API must not")),
    Form("content", "security event token", changed({"events": {"x": {}}}, typ="secevent+jwt"), ("security event",)),
    Form("content", "refresh token", changed(typ="rt+jwt"), ("refresh token",)),
    Form("content", "entity statement", changed(typ="entity-statement+jwt"), ("entity statement",)),
    Form("content", "alg: none", compact({"alg": "none"}, signature=b""), ("nobody signed",)),
    Form("content", "alg: hs256", changed(alg="hs256"), ("upper and lower case", "HS256")),
    Form("content", "alg: SHA256", changed(alg="SHA256"), ("no single algorithm", "HS256")),
    Form("content", "alg: RSA256", changed(alg="RSA256"), ("the name is RS256",)),
    Form("content", "alg: ES256K", changed(alg="ES256K"), ("secp256k1", "not verified here")),
    Form("content", "alg: ML-DSA-65", changed(alg="ML-DSA-65"), ("post-quantum",)),
    Form("content", "alg: RSA-OAEP", changed(alg="RSA-OAEP"), ("encrypts",)),
    Form("content", "alg: RS1", changed(alg="RS1"), ("prohibited in tokens",)),
    Form("content", "alg a number", changed(alg=5), ("`alg` must be a string",)),
    Form("content", "alg a list", changed(alg=["HS256"]), ("`alg` must be a string",)),
    Form("content", "alg with a blank", changed(alg=" HS256"), ("white space around",)),
    Form("content", "alg empty", changed(alg=""), ("is empty",)),
    Form("content", "alg: ES521", changed(alg="ES521"), ("ES512",)),
    Form("content", "exp below zero", changed({"exp": -1}), ("expired",)),
    Form("content", "exp with a fraction", changed({"exp": NOW + 300.5}), read=True),
    Form("content", "nbf: 60", changed({"nbf": 60}), ("duration (1 min)",)),
    Form("content", "hash of a password in the claims", changed({"password_hash": "x"}), ("secret-in-claims",)),
    Form("content", "alg missing", compact({"typ": "JWT"}), ("no-alg",)),
    Form("content", "crit", changed(crit=["x"], x=1), ("crit",)),
    Form("content", "crit empty", changed(crit=[]), ("`crit`", "is empty")),
    Form("content", "a key in the header", changed(jwk={"kty": "oct", "k": "AAAA"}), ("brings its own key",)),
    Form("content", "exp in ticks of .NET", changed({"exp": 621355968000000000 + (NOW + 300) * 10**7}), ("ticks",)),
    Form("content", "iat in seconds since 2001", changed({"iat": NOW - 978307200}), ("since 2001",)),
    Form("content", "exp as digits of a date", changed({"exp": 20301231}), ("digits of a date",)),
    Form("content", "exp as digits of a date and a time", changed({"exp": 20301231101112}), ("digits of a date",)),
    Form("content", "exp at the end of time", changed({"exp": 253402300799}), ("9999",)),
    Form("content", "iat in a local time", changed({"iat": NOW + 7200}), ("local time",)),
    Form("content", "exp as digits in quotes", changed({"exp": str(NOW + 300)}), ("without quotes",)),
    Form("content", "exp null", changed({"exp": None}), ("null",)),
    Form("content", "expires_in for exp", compact({"alg": "HS256"}, {"sub": "1", "expires_in": 3600}), ("`expires_in` is another name",)),
    Form("content", "exp in the header", compact({"alg": "HS256", "exp": NOW + 300}, {"sub": "1"}), ("`exp` stands in the header",)),
    Form("content", "alg as XML signatures name it", changed(alg="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), ("the name is HS256",)),
    Form("content", "crit names", changed(crit=["exp"]), ("(exp)",)),
    Form("content", "exp as FILETIME", changed({"exp": 116444736000000000 + (NOW + 300) * 10**7}), ("FILETIME",)),
    Form("content", "exp in minutes", changed({"exp": NOW // 60 + 5}), ("minutes since 1970",)),
    Form("content", "alg: ECDSA", changed(alg="ECDSA"), ("no single algorithm",)),
]  # fmt: skip


def pem(key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private(key, form: PrivateFormat = PrivateFormat.PKCS8, encryption: object = None, encoding: Encoding = Encoding.PEM) -> bytes:  # fmt: skip
    return key.private_bytes(encoding, form, encryption or NoEncryption())


def certificate(key: object = RSA) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "table")])
    start = datetime.datetime(2026, 1, 1)
    signing = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2036)).sign(key, signing)
    )  # fmt: skip


def jwk_of(key: object, **members: object) -> dict[str, object]:
    algorithm = (
        "RS256" if isinstance(key, rsa.RSAPrivateKey)
        else "EdDSA" if isinstance(key, ed25519.Ed25519PrivateKey)
        else "ES256"
    )  # fmt: skip
    made = jwt.algorithms.get_default_algorithms()[algorithm].to_jwk(key.public_key())
    return {**json.loads(made), **members}


PEM = pem(RSA)
BODY = "".join(PEM.splitlines()[1:-1])
DER = base64.b64decode(BODY)
CERTIFICATE = certificate().public_bytes(Encoding.PEM).decode()
SM2 = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEJDynSu366a2HR1k/lnkLzkbh/jkg
42PeOWEMuYS+sMuMse0OG/VqkN/L326cTbxJKrs7L1utKlMeHaBEkpkWqA==
-----END PUBLIC KEY-----"""
PASSWORD = BestAvailableEncryption(b"password")
NUMBERS = RSA.public_key().public_numbers()
JWK = {"kty": "RSA", "n": encode_segment(NUMBERS.n.to_bytes(256, "big")), "e": "AQAB"}
SSH = RSA.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
EC_TOKEN = jwt.encode(CLAIMS, EC, "ES256")
ED_TOKEN = jwt.encode(CLAIMS, ED, "EdDSA")
EC_JWK = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC.public_key()))
ED_JWK = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(ED.public_key()))
GOOGLE = json.dumps(
    {"one": CERTIFICATE, "two": certificate(EC).public_bytes(Encoding.PEM).decode()}
)
XML = f"<RSAKeyValue><Modulus>{base64.b64encode(NUMBERS.n.to_bytes(256, 'big')).decode()}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"
PPK = "\n".join([
    "PuTTY-User-Key-File-3: ssh-rsa", "Encryption: none", "Comment: table",
    f"Public-Lines: {-(-len(SSH.split()[1]) // 64)}", *(SSH.split()[1][at : at + 64] for at in range(0, len(SSH.split()[1]), 64)),
    "Private-Lines: 1", "AAAA", "Private-MAC: 00", "",
])  # fmt: skip
RFC4716 = "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"table\"\n" + "\n".join(SSH.split()[1][at : at + 70] for at in range(0, len(SSH.split()[1]), 70)) + "\n---- END SSH2 PUBLIC KEY ----\n"  # fmt: skip


HS = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)


def with_signature(sign: Callable[[bytes], bytes], alg: str = "HS256") -> str:
    """A token whose signature is made otherwise than its `alg` says."""
    signing_input = compact({"alg": alg}).rpartition(".")[0]
    return f"{signing_input}.{encode_segment(sign(signing_input.encode()))}"


def for_graph(key: rsa.RSAPrivateKey = RSA) -> str:
    """A token whose header has a nonce that was signed as its hash."""
    nonce = encode_segment(hashlib.sha256(b"a nonce").digest())
    signed = jwt.encode(CLAIMS, key, algorithm="RS256", headers={"nonce": nonce})
    header = {**jwt.get_unverified_header(signed), "nonce": "a nonce"}
    return compact(header).partition(".")[0] + "." + signed.partition(".")[2]


def side_by_side(der: bytes) -> bytes:
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(der))


def exchanged(signature: bytes) -> bytes:
    return signature[32:] + signature[:32]


def works(name: str, given: object, token: str = RS256, key_form: str = "auto") -> Form:
    return Form("key that is read", name, given, read=True, token=token, key_form=key_form)


def named(name: str, given: object, *words: str, token: str = RS256, key_form: str = "auto") -> Form:  # fmt: skip
    return Form("key that is named", name, given, words, token=token, key_form=key_form)


KEYS = [
    works("PEM, public", PEM),
    works("PEM, PKCS#1 public", RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)),
    works("PEM, PKCS#8 private", private(RSA)),
    works("PEM, PKCS#1 private", private(RSA, PrivateFormat.TraditionalOpenSSL)),
    works("PEM, SEC1 private", private(EC, PrivateFormat.TraditionalOpenSSL), EC_TOKEN),
    works("PEM, certificate", CERTIFICATE),
    works("PEM, certificate and private key in one file", CERTIFICATE.encode() + private(RSA)),
    works("PEM, chain of certificates", CERTIFICATE + certificate(EC).public_bytes(Encoding.PEM).decode()),
    works("PEM, certificate request", x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(RSA, hashes.SHA256()).public_bytes(Encoding.PEM)),
    works("PEM, EC PARAMETERS in front of the key", b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + private(EC, PrivateFormat.TraditionalOpenSSL), EC_TOKEN),
    works("PEM, PKCS#7", pkcs7.serialize_certificates([certificate()], Encoding.PEM)),
    works("PEM, Ed25519", pem(ED), ED_TOKEN),
    works("PEM with CR LF", PEM.replace("\n", "\r\n")),
    works("PEM with a byte order mark", "\ufeff" + PEM),
    works("PEM in UTF-16", PEM.encode("utf-16")),
    works("PEM in UTF-16 without a mark", PEM.encode("utf-16-le")),
    works("PEM with text before and after", f"Bag Attributes\n    friendlyName: x\n{PEM}\nthat was it\n"),
    works("PEM as openssl x509 -text prints it", f"Certificate:\n    Data:\n        Version: 3\n{CERTIFICATE}"),
    works("PEM with literal \\n", PEM.replace("\n", "\\n")),
    works("PEM with literal \\\\n", PEM.replace("\n", "\\\\n")),
    works("PEM in double quotes with \\n", f'"{PEM}"'.replace("\n", "\\n")),
    works("PEM in single quotes", f"'{PEM}'"),
    works("PEM in an .env line", 'JWT_PUBLIC_KEY="' + PEM.replace("\n", "\\n") + '"'),
    works("PEM with export", f"export KEY='{PEM}'"),
    works("PEM in one line without breaks", PEM.replace("\n", "")),
    works("PEM in one line with blanks", PEM.replace("\n", " ")),
    works("PEM indented (YAML)", "key: |\n" + "".join(f"  {line}\n" for line in PEM.splitlines())),
    works("PEM quoted in an e-mail", "".join(f"> {line}\n" for line in PEM.splitlines())),
    works("PEM as JavaScript strings", "".join(f'"{line}\\n" +\n' for line in PEM.splitlines())),
    works("PEM, percent-encoded", quote(PEM)),
    works("PEM, form-encoded", quote(PEM, safe=" \n").replace(" ", "+")),
    works("PEM as a JSON string", json.dumps(PEM)),
    works("PEM in a JSON object", json.dumps({"public_key": PEM})),
    works("PEM with blank lines between", PEM.replace("\n", "\n\n")),
    works("PEM with dashes of a word processor", PEM.replace("-----", "\u2014\u2014-")),
    works("PEM without its last line", PEM.rpartition("-----END")[0]),
    works("PEM under a wrong label", PEM.replace("PUBLIC KEY", "RSA PUBLIC KEY")),
    works("PEM of a certificate labelled PUBLIC KEY", CERTIFICATE.replace("CERTIFICATE", "PUBLIC KEY")),
    works("PEM as bytes", PEM.encode()),
    works("base64 of a PEM (Kubernetes)", base64.b64encode(PEM.encode()).decode()),
    works("base64 of a PEM, wrapped", base64.encodebytes(PEM.encode()).decode()),
    works("base64 of base64 of a PEM", base64.b64encode(base64.b64encode(PEM.encode())).decode()),
    works("body of a PEM alone", BODY),
    works("body of a PEM, wrapped", "\n".join(PEM.splitlines()[1:-1])),
    works("body in base64url", BODY.replace("+", "-").replace("/", "_").rstrip("=")),
    works("body of a certificate (x5c)", "".join(CERTIFICATE.splitlines()[1:-1])),
    works("DER, public", DER),
    works("DER, private", private(RSA, encoding=Encoding.DER)),
    works("DER, certificate", certificate().public_bytes(Encoding.DER)),
    works("DER in hexadecimal", DER.hex()),
    works("PKCS#12 without a password", pkcs12.serialize_key_and_certificates(b"x", RSA, certificate(), None, NoEncryption())),
    works("OpenSSH public", SSH),
    works("OpenSSH public with a comment", f"{SSH} me@host\n"),
    works("line of authorized_keys", f'command="ls" {SSH} me@host'),
    works("OpenSSH private", private(RSA, PrivateFormat.OpenSSH)),
    works("OpenSSH private Ed25519", private(ED, PrivateFormat.OpenSSH), ED_TOKEN),
    works("OpenSSH public ECDSA", EC.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH), EC_TOKEN),
    works("SSH2 (RFC 4716)", RFC4716),
    works("PuTTY", PPK),
    works(".NET XML", XML),
    works("JWK", json.dumps(JWK)),
    works("JWK as a dict", JWK),
    works("JWK with a byte order mark", "\ufeff" + json.dumps(JWK)),
    works("JWK in UTF-16", json.dumps(JWK).encode("utf-16")),
    works("JWK as Python prints it", str(JWK)),
    works("JWK in quotes", f"'{json.dumps(JWK)}'"),
    works("JWK with use, alg, kid", json.dumps({**JWK, "use": "sig", "alg": "RS256", "kid": "one"})),
    works("JWK with x5c", json.dumps({**JWK, "x5c": ["".join(CERTIFICATE.splitlines()[1:-1])]})),
    works("base64 of a JWK", base64.b64encode(json.dumps(JWK).encode()).decode()),
    works("JWK Set", json.dumps({"keys": [{**JWK, "kid": "one"}]})),
    works("JWK Set with a byte order mark", "\ufeff" + json.dumps({"keys": [{**JWK, "kid": "one"}]})),
    works("JWK Set without alg (Entra)", json.dumps({"keys": [{**JWK, "kid": "one", "use": "sig", "x5t": "x"}, {**EC_JWK, "kid": "two"}]})),
    works("JWK Set, one kid for sig and enc", json.dumps({"keys": [{**JWK, "kid": "one", "use": "enc"}, {**JWK, "kid": "one", "use": "sig"}]})),
    works("JWK Set, one kid for two kinds", json.dumps({"keys": [{**EC_JWK, "kid": "one"}, {**JWK, "kid": "one"}]})),
    works("JWK Set with a broken key", json.dumps({"keys": [{**EC_JWK, "x": "AAAA", "kid": "bad"}, {**JWK, "kid": "one"}]})),
    works("JWK Set with an unknown kty", json.dumps({"keys": [{"kty": "AKP", "kid": "new"}, {**JWK, "kid": "one"}]})),
    works("list of JWKs", json.dumps([{**JWK, "kid": "one"}])),
    works("map of kid to certificate (Google)", GOOGLE),
    works("map of kid to JWK", json.dumps({"one": JWK, "two": EC_JWK})),
    works("map of kid to public key", json.dumps({"one": PEM})),
    works("realm of Keycloak", json.dumps({"realm": "x", "public_key": BODY, "token-service": "https://a.example/"})),
    works("service account of Google", json.dumps({"type": "service_account", "private_key_id": "one", "private_key": private(RSA).decode()})),
    works("line of known_hosts", f"github.com {SSH}"),
    works("PEM in TOML", f'key = """\n{PEM}"""'),
    works("PEM in an element of a YAML list", "- |\n  " + PEM.replace("\n", "\n  ")),
    works("PEM in a here-document", f"<<EOF\n{PEM}EOF"),
    works("PEM with no-break spaces", PEM.replace("PUBLIC KEY", "PUBLIC\u00a0KEY")),
    works("PEM with begin in lower case", PEM.replace("BEGIN", "begin").replace("END", "end")),
    works("PEM twice in JSON strings", json.dumps(json.dumps(PEM))),
    works("key of Vault", json.dumps({"data": {"keys": {"1": {"public_key": PEM}}}})),
    works("DID document", json.dumps({"verificationMethod": [{"id": "#1", "publicKeyJwk": JWK}]})),
    works("JWK Set in an HTTP response", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + json.dumps({"keys": [{**JWK, "kid": "one"}]})),
    works("JWK with a comment in front", f"// my key\n{json.dumps(JWK)}"),
    works("JWK with a comma too many", json.dumps(JWK)[:-1] + ",}"),
    works("certificate in XML", f"<ds:X509Certificate>{''.join(CERTIFICATE.splitlines()[1:-1])}</ds:X509Certificate>"),
    works("list of PEMs", [PEM]),
    works("secret as text", SECRET, GOOD),
    works("secret as bytes", SECRET.encode(), GOOD),
    works("oct JWK", json.dumps({"kty": "oct", "k": encode_segment(SECRET.encode())}), GOOD),
    works("secret in base64", base64.b64encode(SECRET.encode()).decode(), GOOD, "base64"),
    works("secret in base64 without padding", base64.b64encode(SECRET.encode()).decode().rstrip("="), GOOD, "base64"),
    works("secret in base64url", encode_segment(SECRET.encode()), GOOD, "base64url"),
    works("secret in hexadecimal", SECRET.encode().hex(), GOOD, "hex"),
    works("secret in hexadecimal with colons", SECRET.encode().hex(":"), GOOD, "hex"),
    works("secret in hexadecimal with 0x", "0x" + SECRET.encode().hex(), GOOD, "hex"),
    works("Ed25519 JWK with alg Ed25519", json.dumps({**ED_JWK, "alg": "Ed25519"}), ED_TOKEN),
    named("encrypted PEM, PKCS#8", private(RSA, encryption=PASSWORD), "encrypted with a password", "openssl pkey"),
    named("encrypted PEM, PKCS#1", private(RSA, PrivateFormat.TraditionalOpenSSL, PASSWORD), "encrypted with a password", "openssl pkey"),
    named("encrypted DER", private(RSA, encryption=PASSWORD, encoding=Encoding.DER), "encrypted with a password"),
    named("PKCS#12 with a password", pkcs12.serialize_key_and_certificates(b"x", RSA, certificate(), None, PASSWORD), "PKCS#12", "openssl pkcs12"),
    named("Java keystore", b"\xfe\xed\xfe\xed\0\0\0\2" + b"x" * 50, "Java keystore", "keytool"),
    named("gzip", gzip.compress(PEM.encode()), "gzip", "gunzip"),
    works("PKCS#7 in DER", pkcs7.serialize_certificates([certificate()], Encoding.DER)),
    named("PKCS#7 without a certificate", bytes.fromhex("300f06092a864886f70d010702a0023000"), "PKCS#7 data without a certificate"),
    named("PEM with a letter missing", PEM[:100] + PEM[103:], "this PEM (PUBLIC KEY) is damaged: a character is missing"),
    named("SM2", SM2, "this public key is of a kind or on a curve that is not verified here"),
    named("private key in a cipher of old", bytes.fromhex("301906092a864886f70d0105030500040a") + b"x" * 10, "encrypted with a password", "openssl pkey"),
    named("ML-DSA", bytes.fromhex("3032300b0609608648016503040312032300") + b"x" * 34, "ML-DSA"),
    named("SSH with DSA", "ssh-dss AAAAB3NzaC1kc3MAAACBAP me", "no JWT algorithm uses DSA"),
    named("SSH key of no whole base64", "ssh-rsa AAAAB me", "OpenSSH public key (ssh-rsa) is damaged or cut off"),
    named("OpenSSH private cut off", private(RSA, PrivateFormat.OpenSSH)[:120], "OpenSSH private key is damaged or cut off"),
    named("PuTTY cut off", PPK.partition("Public-Lines")[0], "this PuTTY key is damaged", "puttygen"),
    named("PuTTY with a letter missing", PPK.replace("AAAAB3", "AB3", 1), "this PuTTY key is damaged: a character is missing"),
    named("PuTTY without a letter and its padding", PPK.replace("AAAAB3", "AAAB3", 1), "this OpenSSH public key is damaged or cut off"),
    named(".NET XML without exponent", XML.replace("Exponent", "P"), "has no <Exponent>"),
    named(".NET XML with a letter missing", XML.replace("AQAB", "AQABA"), "this <Exponent> is damaged: a character is missing"),
    named(".NET XML, exponent 0", XML.replace("AQAB", "AA=="), "are no RSA key"),
    named("base64 of a PEM as bytes of a secret", base64.b64encode(PEM.encode()), "another signature", token=GOOD, key_form="bytes"),
    named("token for Microsoft Graph", PEM, "base64url of its SHA-256", "Microsoft Graph", token=for_graph()),
    named("another key for Microsoft Graph's token", PEM, "does not confirm", token=for_graph(rsa.generate_private_key(public_exponent=65537, key_size=2048))),
    named("PEM cut off", PEM[:200], "cut off"),
    named("PEM with the middle left out", PEM[:60] + "\n...\n" + PEM[-60:], "left out"),
    named("PEM with a wrong letter", PEM[:100] + "!" + PEM[101:], "damaged"),
    named("PEM empty", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", "empty"),
    named("PEM, first line alone", "-----BEGIN PUBLIC KEY-----", "empty"),
    named("body of a PEM cut off", BODY[:120], "its end is missing"),
    named("EC PARAMETERS alone", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----", "contains no key"),
    named("PGP key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----", "PGP"),
    named("X25519", pem(x25519.X25519PrivateKey.generate()), "X25519", "cannot sign"),
    named("secp256k1", pem(ec.generate_private_key(ec.SECP256K1())), "secp256k1", "ES256K"),
    named("DSA", pem(dsa.generate_private_key(2048)), "DSA"),
    named("brainpool", pem(ec.generate_private_key(ec.BrainpoolP256R1())), "brainpool", "P-256"),
    named("SSH security key", "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIB8e me", "security key"),
    named("SSH key cut off", SSH[:80], "damaged or cut off"),
    named("age key", "AGE-SECRET-KEY-1" + "Q" * 58, "age"),
    named("PASERK as key", "k4.public." + "abc" * 15, "PASERK"),
    named("token as key", GOOD, "token, not a key"),
    named("Bearer token as key", f"Bearer {GOOD}", "token, not a key"),
    named("JWE as key", compact({"alg": "dir", "enc": "A256GCM"}) + ".a.b", "JWE"),
    named("address of a key set", "https://issuer.example/.well-known/jwks.json", "address", "curl"),
    named("discovery document", json.dumps({"issuer": "https://i.example", "jwks_uri": "https://i.example/jwks"}), "jwks_uri", "curl"),
    named("file name", "public.pem", "name of a file", "--key-file"),
    named("file in a folder", "keys/jwks.json", "name of a file"),
    named("file on Windows", "C:\\keys\\public.key", "name of a file"),
    named("path without an ending", "/etc/ssl/private/jwt", "path of a file"),
    named("path in the home directory", "~/.ssh/id_rsa", "path of a file"),
    named("@file", "@secret", "curl"),
    named("shell variable", "$JWT_SECRET", "variable"),
    named("variable in braces", "${JWT_SECRET}", "variable"),
    named("variable on Windows", "%JWT_SECRET%", "variable"),
    named("template", "{{ jwt_secret }}", "variable"),
    named("code that reads it", 'os.environ["JWT_SECRET"]', "code that reads the key"),
    named("process.env", "process.env.JWT_SECRET", "code that reads the key"),
    named("undefined", "undefined", "no value"),
    named("null", "null", "no value"),
    named("placeholder", "<your-secret>", "placeholder"),
    named("masked", "********", "masked"),
    named("fingerprint", "SHA256:uNiVztksCsDhcc0u9e8BrrPSnHB5CrNs", "fingerprint"),
    named("fingerprint in hexadecimal", ":".join(["ab"] * 20), "fingerprint"),
    named("ARN of AWS KMS", "arn:aws:kms:eu-west-1:123456789012:key/abc", "key store"),
    named("key of Google KMS", "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1", "key store"),
    named("DID", "did:web:issuer.example#key-1", "DID"),
    named("hash of a password", "$2b$12$abcdefghijklmnopqrstuv", "hash of a password"),
    named("web page", "<!DOCTYPE html><html>404</html>", "page"),
    named("error message as JSON", '{"error":"not found"}', "error message"),
    named("claims as JSON", json.dumps({"iss": "x", "exp": 1, "sub": "1"}), "part of a token"),
    named("response with tokens", json.dumps({"access_token": GOOD, "token_type": "Bearer"}), "response with tokens"),
    named("empty", "", "empty"),
    named("empty file", b"", "empty"),
    named("line break alone", "\n", "empty"),
    named("a number", 5, "no key for a JWT"),
    named("a path of Python", Path("public.pem"), "read_bytes"),
    named("JWK in capital letters", json.dumps({"KTY": "RSA", "N": JWK["n"], "E": "AQAB"}), "capital letters"),
    named("JWK, e is a number", json.dumps({**JWK, "e": 65537}), "`e` is a number"),
    named("JWK for encryption alone", json.dumps({**JWK, "use": "enc"}), "`use` is 'enc'"),
    named("a line of .env", f"JWT_SECRET={SECRET}", "without the name", token=GOOD),
    named("an .env file", f"DEBUG=1\nJWT_SECRET={SECRET}\nJWT_ALG=HS256\n", "lines of settings", token=GOOD),
    named("a YAML file", f"jwt:\n  secret: {SECRET}\n  alg: HS256\n", "lines of settings", token=GOOD),
    named("settings in JSON, one level down", json.dumps({"Jwt": {"Key": SECRET, "Issuer": "x"}}), "the value of `Jwt.Key` alone", token=GOOD),
    named("PEM without its dashes", PEM.replace("-----", ""), "lost its dashes"),
    named("settings in JSON", json.dumps({"JWT_SECRET": SECRET, "DEBUG": True}), "the value of `JWT_SECRET` alone", token=GOOD),
    named("percent-encoded secret", quote(SECRET), "percent-decoded", token=GOOD),
    named("JWK without kty", json.dumps({"n": JWK["n"], "e": "AQAB"}), "`kty` is missing"),
    named("JWK, kty in lower case", json.dumps({**JWK, "kty": "rsa"}), "'RSA'"),
    named("JWK, kty a number", json.dumps({"kty": 3, "crv": 1}), "`kty`"),
    named("JWK, n missing", json.dumps({"kty": "RSA", "e": "AQAB"}), "`n` is missing"),
    named("JWK, n is a number", json.dumps({"kty": "RSA", "n": 5, "e": "AQAB"}), "`n` is a number"),
    named("JWK, standard base64", json.dumps({**JWK, "n": "ab+/" * 86}), "standard base64"),
    named("JWK, n cut off", json.dumps({**JWK, "n": JWK["n"][:-1]}), "`n`"),
    named("JWK, x of 31 bytes", json.dumps({**EC_JWK, "x": encode_segment(b"x" * 31)}), "`x` has 31 bytes", "32", token=EC_TOKEN),
    named("JWK, point not on its curve", json.dumps({**EC_JWK, "x": encode_segment(b"x" * 32)}), "no point", token=EC_TOKEN),
    named("JWK, y missing", json.dumps({name: EC_JWK[name] for name in ("kty", "crv", "x")}), "`y` is missing", token=EC_TOKEN),
    named("JWK, crv secp256k1", json.dumps({**EC_JWK, "crv": "secp256k1"}), "ES256K", token=EC_TOKEN),
    named("JWK, crv P256", json.dumps({**EC_JWK, "crv": "P256"}), "P-256", token=EC_TOKEN),
    named("JWK, OKP of 31 bytes", json.dumps({**ED_JWK, "x": encode_segment(b"x" * 31)}), "`x` has 31 bytes", token=ED_TOKEN),
    named("JWK, X25519", json.dumps({"kty": "OKP", "crv": "X25519", "x": encode_segment(b"x" * 32)}), "cannot sign"),
    named("JWK, AKP", json.dumps({"kty": "AKP", "alg": "ML-DSA-65", "pub": "x"}), "ML-DSA"),
    named("JWK, k in standard base64", json.dumps({"kty": "oct", "k": "ab+/ab+/"}), "`k`", "standard base64", token=GOOD),
    named("JWK, p without q", json.dumps({**JWK, "d": "AQAB", "p": "AQAB"}), "`q`"),
    named("JWK that is no JSON", '{"kty": "RSA", "n": "abc" "e": "AQAB"}', "not JSON", "position"),
    named("JWK Set without keys", '{"keys": []}', "contains no key"),
    named("JWK Set, keys an object", '{"keys": {}}', "array"),
    named("JWK Set of broken keys", json.dumps({"keys": [{**EC_JWK, "x": "AAAA", "kid": "bad"}]}), "'bad'", "`x`"),
    named("JWK Set without the kid", json.dumps({"keys": [{**EC_JWK, "kid": "a"}, {**jwk_of(ED), "kid": "b"}, {**jwk_of(rsa.generate_private_key(public_exponent=65537, key_size=2048)), "kid": "c"}]}), "no key of the set has this `kid`"),
    named("JWK Set, the kid's key is broken", json.dumps({"keys": [{**JWK, "n": "abc", "kid": "one"}, {**jwk_of(rsa.generate_private_key(public_exponent=65537, key_size=2048)), "kid": "c"}, {**EC_JWK, "kid": "d"}]}), "'one'", "`n`"),
    named("JWK Set, another kid fits", json.dumps({"keys": [{**JWK, "kid": "other"}, {**EC_JWK, "kid": "d"}]}), "fits the one with kid 'other'"),
    named("another RSA key", pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)), "does not confirm"),
    named("public key for HS256", PEM, "an RSA key, HS256 needs a secret", token=GOOD),
    named("EC key for RS256", pem(EC), "needs an RSA key"),
    named("secret for RS256", SECRET, "needs an RSA key", "public key"),
    named("base64 of the secret", base64.b64encode(SECRET.encode()).decode(), "base64", "--key-form base64", token=GOOD),
    named("base64url of the secret", encode_segment(SECRET.encode()), "--key-form base64", token=GOOD),
    named("hexadecimal of the secret", SECRET.encode().hex(), "--key-form hex", token=GOOD),
    named("secret with a line break", SECRET + "\n", "without the white space", token=GOOD),
    named("secret in quotes", f'"{SECRET}"', "quotes", token=GOOD),
    named("secret whose server kept the line break", SECRET, "line break at its end", token=jwt.encode(CLAIMS, SECRET + "\n")),
    named("secret decoded, server used its text", base64.b64encode(SECRET.encode()).decode(), "--key-form text", token=jwt.encode(CLAIMS, base64.b64encode(SECRET.encode())), key_form="base64"),
    named("oct JWK, server used k as text", json.dumps({"kty": "oct", "k": encode_segment(SECRET.encode())}), "must be base64url of it", token=jwt.encode(CLAIMS, encode_segment(SECRET.encode()))),
    named("a wrong secret", "another secret, which is wrong for it", "another signature", token=GOOD),
    named("hex with a wrong digit", "0g" * 16, "hexadecimal", token=GOOD, key_form="hex"),
    named("base64url given as base64", encode_segment(b"\xfb\xff" * 20), "belongs to base64url", token=GOOD, key_form="base64"),
    named("PS256 token, RS256 in its header", PEM, "PS256", token=".".join([*RS256.split(".")[:2], encode_segment(jwt.algorithms.RSAPSSAlgorithm(hashes.SHA256).sign(RS256.rpartition(".")[0].encode(), RSA))])),
    named("ES256 in DER", pem(EC), "DER", "fits this key", token=EC_TOKEN.rpartition(".")[0] + "." + encode_segment(EC.sign(EC_TOKEN.rpartition(".")[0].encode(), ec.ECDSA(hashes.SHA256())))),
    named("signature cut off", SECRET, "20 bytes", "cut off", token=compact({"alg": "HS256"}, signature=b"s" * 20)),
    works("PEM with HTML's line breaks", PEM.replace("\n", "&#10;")),
    works("PEM out of a diff", "\n".join(f"+{line}" for line in PEM.splitlines())),
    works("PEM with numbered lines", "\n".join(f"{place} {line}" for place, line in enumerate(PEM.splitlines(), 1))),
    works("DER as pairs of digits with colons", RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex(":")),
    works("a certificate's object", certificate()),
    works("a JWK on each line", "\n".join(json.dumps(one) for one in ({**JWK, "kid": "one"}, {**EC_JWK, "kid": "two"}))),
    named("openssl -text", "Public-Key: (2048 bit)\nModulus:\n    00:ab:cd\nExponent: 65537 (0x10001)\n", "Run the same command without -noout"),
    named("openssl -modulus", "Modulus=ABCDEF0123456789", "Run the same command without -noout"),
    named("an object as Python prints it", "<cryptography.hazmat.bindings._rust.openssl.rsa.RSAPublicKey object at 0x7f6a>", "how Python prints an object"),
    named("JWK, n in hexadecimal", json.dumps({**JWK, "n": format(RSA.public_key().public_numbers().n, "x")}), "`n`", "hexadecimal"),
    named("JWK, n in decimal", json.dumps({**JWK, "n": str(RSA.public_key().public_numbers().n)}), "`n`", "decimal"),
    named("JWK, e in decimal", json.dumps({**JWK, "e": "65537"}), "`e`", "AQAB"),
    named("JWK, e in hexadecimal", json.dumps({**JWK, "e": "010001"}), "`e`", "AQAB"),
    named("JWK, x in hexadecimal", json.dumps({**EC_JWK, "x": format(EC.public_key().public_numbers().x, "064x")}), "`x`", "hexadecimal", token=EC_TOKEN),
    named("JWK, a line break in n", json.dumps({**JWK, "n": JWK["n"][:40] + "\n" + JWK["n"][40:]}), "`n`", "line break"),
    named("JWK with a certificate alone", json.dumps({"kty": "RSA", "x5c": ["MIIB"]}), "`x5c`"),
    named("a line of Python", f"SECRET_KEY = '{SECRET}'", "without the name `SECRET_KEY`", token=GOOD),
    named("a line of Python that reads it", "SECRET_KEY = os.environ['SECRET_KEY']", "the code that reads the key", token=GOOD),
    named("an INI file", f"[jwt]\nsecret = {SECRET}\n", "without the name `secret`", token=GOOD),
    named("a TOML file", f'[jwt]\nsecret = "{SECRET}"\n', "without the name `secret`", token=GOOD),
    named("a line of YAML in quotes", f"secret: '{SECRET}'", "without the name `secret`", token=GOOD),
    named("a line of a list in YAML", f"- JWT_SECRET={SECRET}", "without the name `JWT_SECRET`", token=GOOD),
    named("a line of a Kubernetes secret", f"  key: {base64.b64encode(SECRET.encode()).decode()}", "without the name `key`", "base64", token=GOOD),
    named("a secret of Laravel", "base64:" + base64.b64encode(SECRET.encode()).decode(), "prefix `base64:`", token=GOOD),
    named("secret with a byte order mark", f"\ufeff{SECRET}", "cannot be seen", token=GOOD),
    named("secret with no-break spaces", SECRET.replace(" ", "\u00a0"), "cannot be seen", token=GOOD),
    named("secret in typographic quotes", f"\u201c{SECRET}\u201d", "typographic quotes", token=GOOD),
    named("secret in a UTF-16 file", SECRET.encode("utf-16"), "UTF-16", token=GOOD),
    named("secret in a Latin-1 file", f"Zo\u00eb, {SECRET}".encode("latin-1"), "Latin-1", token=jwt.encode(CLAIMS, f"Zo\u00eb, {SECRET}")),
    named("secret whose server read it as Latin-1", f"Zo\u00eb, {SECRET}", "Latin-1", token=jwt.encode(CLAIMS, f"Zo\u00eb, {SECRET}".encode("latin-1"))),
    named("secret with its accent apart", f"Zoe\u0308, {SECRET}", "form NFC", token=jwt.encode(CLAIMS, f"Zo\u00eb, {SECRET}")),
    named("secret with \\n behind it", SECRET + "\\n", "backslash escapes", token=GOOD),
    named("secret out of a page's source", f"a&amp;b, {SECRET}", "HTML escapes", token=jwt.encode(CLAIMS, f"a&b, {SECRET}")),
    works("a Kubernetes secret with a PEM", f"apiVersion: v1\ndata:\n  tls.crt: {base64.b64encode(PEM.encode()).decode()}\nkind: Secret\n"),
    works("JWK with null members", json.dumps({**JWK, "d": None, "k": None})),
    named("JWK of Azure's hardware", json.dumps({**JWK, "kty": "RSA-HSM"}), "'RSA'"),
    named("JWK, crv secp256r1", json.dumps({**EC_JWK, "crv": "secp256r1"}), "P-256", token=EC_TOKEN),
    named("JWK, k is the secret", json.dumps({"kty": "oct", "k": SECRET[:41].replace(" ", "-").replace(",", "-")}), "`k`", "secret as text", token=GOOD),
    named("openssl x509 -text", "Certificate:\n    Data:\n        Version: 3 (0x2)\n" + "        ab:cd\n" * 400, "Run the same command without -noout"),
    named("line of a fingerprint", "sha256 Fingerprint=" + ":".join(["AB"] * 32), "fingerprint"),
    named("fingerprint of ssh-keygen", "3072 SHA256:uNiVztksCsDhcc0u9e8BrrPSnHB5CrNs ada@host (RSA)", "fingerprint"),
    named("output of keytool", "Keystore type: PKCS12\nKeystore provider: SUN\n", "keytool"),
    named("an error message", "cat: /run/secrets/jwt: No such file or directory", "error message"),
    named("reference to 1Password", "op://prod/jwt/secret", "a secret in a store"),
    named("value of SOPS", "jwt_secret: ENC[AES256_GCM,data:x,iv:y]", "decrypt"),
    named("a key as Java prints it", "Sun RSA public key, 2048 bits\n  modulus: 123\n  public exponent: 65537", "give its PEM"),
    named("a key as Node prints it", "PublicKeyObject {}", "give its PEM"),
    named("address of keys in settings", json.dumps({"type": "RS256", "jwk_url": "https://issuer.example/keys"}), "`jwk_url`"),
    named("a secret two names deep", json.dumps({"Parameter": {"Name": "jwt", "Value": SECRET}}), "`Parameter.Value`", token=GOOD),
    named("a table of Vault", f"Key   Value\n---   -----\njwt_secret    {SECRET}", "without the name `jwt_secret`", token=GOOD),
    named("a line of PowerShell", f'$env:JWT_SECRET="{SECRET}"', "without the name `JWT_SECRET`", token=GOOD),
    named("a line with a comment", f"JWT_SECRET={SECRET} # production", "without the name `JWT_SECRET`", token=GOOD),
    named("base64 of the secret and a line break", base64.b64encode(f"{SECRET}\n".encode()).decode(), "line break at its end", token=GOOD),
    named("raw Ed25519 key in hexadecimal", ED.public_key().public_bytes_raw().hex(), "fits this key", "JWK", token=ED_TOKEN),
    named("raw point of an EC key", encode_segment(EC.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)), "fits this key", "JWK", token=EC_TOKEN),
    named("text of no key for RS256", "an ordinary sentence", "no form of a public key was recognised"),
    named("HS512 under HS256", SECRET, "signed with HS512", token=with_signature(lambda text: jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA512).sign(text, SECRET.encode()))),
    named("signature over the payload alone", SECRET, "signed the payload alone", token=with_signature(lambda text: HS.sign(text.split(b".")[1], SECRET.encode()))),
    named("signature in hexadecimal", SECRET, "written in hexadecimal", token=with_signature(lambda text: HS.sign(text, SECRET.encode()).hex().encode())),
    named("algorithm confusion", PEM, "algorithm confusion", token=with_signature(lambda text: HS.sign(text, PEM.encode()))),
    works("PEM in which a form made blanks of pluses", PEM.replace("+", " ")),
    named("name of a secret in AWS", "arn:aws:secretsmanager:eu-west-1:123:secret:jwt-AbCdEf", "read it from the store"),
    named("bytes as Node prints them", f"<Buffer {SECRET.encode().hex(' ')}>", "--key-form hex", token=GOOD),
    named("PS256 with another salt", PEM, "salt of another length", token=with_signature(lambda text: RSA.sign(text, padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256()), "PS256")),
    named("ES256 with SHA-384", pem(EC), "signed with SHA-384", token=with_signature(lambda text: side_by_side(EC.sign(text, ec.ECDSA(hashes.SHA384()))), "ES256")),
    named("r and s exchanged", pem(EC), "r and s exchanged", token=with_signature(lambda text: exchanged(side_by_side(EC.sign(text, ec.ECDSA(hashes.SHA256())))), "ES256")),
    named("HMAC with SHA-1", SECRET, "SHA-1", token=with_signature(lambda text: hmac.digest(SECRET.encode(), text, "sha1"))),
    named("a line break signed too", SECRET, "line break at its end too", token=with_signature(lambda text: HS.sign(text + b"\n", SECRET.encode()))),
]  # fmt: skip

TEXTS = [*AROUND, *DAMAGED, *NO_JWT, *CONTENT]


def table() -> str:
    lines = ["| kind | input | what is said |", "| --- | --- | --- |"]
    for form in TEXTS:
        lines.append(row(form, *said_of_text(form)))
    for form in KEYS:
        lines.append(row(form, *said_of_key(form)))
    return "\n".join(lines)


def row(form: Form, read: bool, said: str) -> str:
    found = repair(form.given) if isinstance(form.given, str) and form.kind != "content" else None
    note = f" *(repair removes {', '.join(found.removed)})*" if found and found.removed else ""
    words = ("read. " if read else "") + said
    return f"| {form.kind} | {form.name} | {words.replace('|', '&#124;')}{note} |"


if __name__ == "__main__":
    print(table())
