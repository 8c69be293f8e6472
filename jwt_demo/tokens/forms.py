"""Texts that are no JWT in compact form: what each is, and what to do. Pure: text in, words out.

>>> other_form("v4.public.eyJzdWIiOiIxIn0")
'this is a PASETO, another kind of token; read it with a PASETO library'
"""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

from .layers import base64_among_words, numbers_of_bytes
from .lenient_base64 import octets_in
from .token_in_text import (
    INSIDE,
    LONGEST,
    UNSEEN,
    has_length,
    header_in,
    is_token,
    the_one_inside,
    with_short_gaps,
)


def other_form(text: str) -> str:
    """What a text is that is no JWT in compact form, and what to do; '' where nothing is recognised."""
    bare = with_short_gaps(UNSEEN.sub("", text[:LONGEST]).strip())
    bare = re.sub(r"""^["'`]+|["'`]+$""", "", bare)
    bare = re.sub(
        r"^(?:authorization\s*:\s*)?(?:(?:bearer|jwt|token|dpop)(?:\s+|$))*",
        "",
        bare,
        flags=re.IGNORECASE,
    )
    if not bare:
        return (
            "`Bearer` and nothing after it: the token is missing"
            if text.strip(" \"'`\t\r\n")
            else ""
        )
    for pattern, words in OTHER_FORMS:
        if pattern.match(bare):
            return words
    if not (has_token(bare) or base64_among_words(bare)):
        for pattern, words in WITHOUT_A_TOKEN:
            if pattern.match(bare):
                return words
    for recognise in (
        on_case,
        on_unencoded,
        on_json,
        on_truncation,
        on_cookie,
        on_many,
        on_binary_base64,
    ):
        if words := recognise(bare):
            return words
    return ""


def has_token(text: str) -> bool:
    return any(header_in(one) is not None for one in INSIDE.findall(text))


def form(pattern: str, words: str) -> tuple[re.Pattern[str], str]:
    return re.compile(rf"(?:{pattern})\Z", re.IGNORECASE | re.DOTALL), words


NO_VALUE = "`{}` is what a program prints where there is no value: the token was never stored, or has another name there"
OPAQUE = "this is {}, an opaque token: it contains nothing to read. Only the service that issued it knows what it means"
OTHER_FORMS = (
    *(form(word, NO_VALUE.format(word)) for word in ("null", "undefined", "None", "nil", "NaN", "true", "false")),
    form(r"\[object Promise\]|<coroutine object .*>|<Promise.*>", "this is a promise or a coroutine, not its result: `await` it, then the token is there"),
    form(r"<(?:bound method|function|built-in) .*>|<[\w.]+ object at 0x[0-9a-f]+>", "this is how Python prints an object, not the token in it: call the function, or take the text out of the object"),
    form(r"\[object \w+\]", "an object was put where text belongs: take the field of it that holds the token, such as `access_token`"),
    form(r"(?:(?:set-)?cookie\s*:\s*)?([\w.-]{1,80})\.0=[^;]+;\s*\1\.1=.*", "the token is split over cookies (`.0`, `.1` …): join their values in order, without anything between them"),
    form(r"\$\([^()]*\)", "this is a command; its output was not put in. In single quotes a shell does not do that"),
    form(r"\$\{?\w+\}?|\$\{\w+:?[-?=+][^{}]*\}|\$env:\w+|\$\([^()]*\)", "this is the name of a variable; its value was not put in. In single quotes a shell does not do that"),
    form(r"%\w+%|%s|(?:f[\"'])?(?:bearer\s+)?\{\w[\w.]*\}|\$?\{\{[^{}]*\}\}|<%.*%>|\$\{[\w. ]+\}", "this is the name of a variable; its value was not put in"),
    form(r"process\.env\b\S*|os\.environ\S*|(?:os\.)?getenv\(.*\)|localStorage\.getItem\(.*\)", "this is the code that reads the token, not the token"),
    form(r"(?:(?:export|set)\s+\w{1,60}|\$?\w{0,40}(?:token|jwt|auth|bearer|secret)\w{0,20})\s*[=:]\s*[\"']{0,2};?", "a name and nothing after it: its value is empty, the token was not put in"),
    form(r"(?:vault|op|secretref|awssm|gcpsm|ref\+\w+):\S+|arn:aws[\w-]*:\S+|@Microsoft\.KeyVault\(.*|projects/[^/\s]+/secrets/\S+", "this is the name of a secret in a store, not its value: read the token from the store"),
    form(r"ENC\[\w+,.*\]|\$ANSIBLE_VAULT;.*", "this value is encrypted (SOPS, Ansible Vault or the like): decrypt it first"),
    form(r"(?:(?:www|proxy)-authenticate\s*:\s*)?(?:bearer\s+)?(?:realm|error|error_description)=\"(?!.*(?<![\w-])e[yw][\w-]{8,}\.).*", "this is the server's WWW-Authenticate header: what it asks for, not a token. The token stands in the request, after `Authorization: Bearer `"),
    form(r"<[\w .-]{1,40}>|\[[\w .-]{1,40}\]|\([\w .-]{1,40}\)|(?:your|my|the)[-_ ][\w .-]{0,30}token[\w .-]{0,20}|\[[^\[\]\n]{0,40}(?:stripped|redacted|hidden|removed)[^\[\]\n]{0,20}\]|\u2026|\.{3,20}|\*{3,60}|x{4,60}|•{3,60}", "this is a placeholder, not a token: put your token there"),
    form(r"(?:eyJ|eyI|ew)[\w-]+\.[\w-]+\.[\w-]*(?:~[\w.-]*)+", "this is an SD-JWT (RFC 9901): a signed token and disclosures after it, each behind a `~`. The token is what stands before the first `~`"),
    form(r"v[1-4]c?\.(?:local|public)\..*", "this is a PASETO, another kind of token; read it with a PASETO library"),
    form(r"k[1-4]\.[a-z-]+\..*", "this is a PASERK, a key for PASETO, and no token"),
    form(r"gAAAAA[\w-]{60,}=*", "this is a Fernet token: encrypted, read by `cryptography.fernet.Fernet(key).decrypt(…)` and nothing else"),
    form(r"(?:MDA[A-Za-z0-9]{2,}|AgE[A-Za-z0-9]|AgI[A-Za-z0-9])[\w+/=-]{30,}", "this is a Macaroon, another kind of token; read it with `pymacaroons`"),
    form(r"CfDJ8[\w-]{20,}", "this is a cookie or token of ASP.NET Core, encrypted (Data Protection); only that application reads it"),
    form(r"ghp_\w{20,}|gho_\w{20,}|ghs_\w{20,}|ghu_\w{20,}|github_pat_\w+", OPAQUE.format("a GitHub token")),
    form(r"glpat-[\w-]+", OPAQUE.format("a GitLab token")),
    form(r"[01]\.A[\w-]{10,}(?:\.[\w-]+)*", OPAQUE.format("a refresh token or code of Microsoft Entra")),
    form(r"4/[0-9A-Za-z_-]{20,}", "this is an authorization code of Google, and no token: the client exchanges it for tokens at the token endpoint"),
    form(r"ya29\.[\w.-]+|1//[\w-]+", OPAQUE.format("a Google access or refresh token") + ". Google's ID token is a JWT"),
    form(r"sk-[\w-]{20,}|sk_(?:live|test)_\w+|pk_(?:live|test)_\w+|AIza[\w-]{30,}|AKIA[A-Z0-9]{16}|xox[abeprs]-[\w-]+|hv[sb]\.[\w-]{20,}|npm_\w{30,}|pypi-\w{20,}|SG\.[\w-]{20,}\.[\w-]+|EAA\w{30,}|M[\w-]{23}\.[\w-]{6}\.[\w-]{27,}|(?:nf|dop_v1|shpat|lin_api)_\w{20,}", OPAQUE.format("an API key")),
    form(r"(?://\S+:)?_authToken=\S+", OPAQUE.format("a line of an .npmrc with an npm token")),
    form(r"(?:glc|sntrys|ops|glsa)_[A-Za-z0-9+/=_-]{20,}", "this is an API key (a prefix, then data of the service in base64), and no JWT"),
    form(r"[ps]k\.e[yw][\w-]+\.[\w-]{15,30}", "this is a token of Mapbox: `pk.` or `sk.`, data, a signature of its own. It is no JWT"),
    form(r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.){2}[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "these are three UUIDs (an authorization code of Keycloak has this form), and no token: the client exchanges a code for tokens at the token endpoint"),
    form(r"[0-9a-f]{7,8}:?[ \t]+(?:[0-9a-f]{2,4}[ \t]+){4}.*", "this is a hex dump: give the text itself, not what `xxd` or `hexdump` made of it"),
    form(r"(?:DefaultEndpointsProtocol|Endpoint|AccountName|HostName|Server|Data Source)=.*;.*", "this is a connection string, not a token"),
    form(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "this is a UUID: a session id or an opaque token, with nothing to read in it"),
    form(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}", "these are hexadecimal digits: a session id, a hash or an opaque token, with nothing to read in it"),
    form(r"https?://(?=\S+\Z)(?!\S*(?<![\w-])e[yw][\w-]{6,}\.)\S*[?&]code=\S+", "this address has a code in it, not a token: the client exchanges the code for tokens at the issuer's token endpoint"),
    form(r"https?://(?=\S+\Z)\S*[=#/]e[yw][\w-]{6,}(?:\.[\w-]*)?", "the token in this address is cut off: it has fewer than three segments. Copy the whole address"),
    form(r"https?://(?=\S+\Z)(?!\S*(?<![\w-])e[yw][\w-]{6,}(?:\.|%2E))\S+", "this is an address without a token in it: take the token from the response it gives"),
    form(r"-{2,}\s*BEGIN\s.*", "this is a key or a certificate (PEM), not a token. A key goes in --key-file"),
    form(r"(?:ssh-|ecdsa-)\S+\s.*", "this is an SSH key, not a token. A key goes in --key-file"),
    form(r"(?:[A-Za-z]:)?(?:[~.]?[/\\])?(?:[\w .-]+[/\\])*[\w .-]+\.(?:txt|jwt|json|pem|key|token|env|yaml|yml|log|md|tmp|har)", "this is the name of a file, not its content: jwt-demo inspect - < FILE"),
    form(r"(?:~|\.{1,2})?/(?:[\w.@+-]+/)+[\w.@+-]+", "this looks like the path of a file, not its content: jwt-demo inspect - < FILE"),
    form(r"@[\w./\\~-]+", "`@` before a file's name works in curl, not here: jwt-demo inspect - < FILE"),
    form(r"(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?", "this is an IP address, not a token"),
    form(r"v?\d+\.\d+\.\d+\S{0,20}", "this is a version number, not a token"),
    form(r"(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|example|local|localhost|de|eu|app|cloud)(?::\d+)?", "this is the name of a host, not a token"),
    form(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "this is an e-mail address, not a token"),
    form(r"d2 ?84.*|(?:2dn3)?0oRD[\w+/=-]{20,}|hEO[hi][\w+/=-]{20,}", "this looks like a CWT (RFC 8392), the binary relative of a JWT; read it with a CBOR or COSE tool"),
    form(r"s(?::|%3A)[^\s.]+\.[\w+/%=-]{27,}", "this is a signed cookie of Express (`s:` and a signature): a session id, and no JWT"),
    form(r"[A-Za-z0-9+/%=_-]{8,}--[0-9a-fA-F]{40,128}|[A-Za-z0-9+/%=]{8,}--[A-Za-z0-9+/%=]+--[A-Za-z0-9+/%=]+", "this is a signed or encrypted cookie of Rails, and no JWT; only that application reads it"),
    form(r"(?:pbkdf2_sha\d+|argon2\w*|bcrypt\w*)?\$\w+\$.*", "this is the hash of a password, not a token"),
    form(r"(?:HTTP/[\d.]+|GET|POST|PUT|DELETE|PATCH)\s(?!.*(?<![\w-])e[yw][\w-]{8,}\.).*", "this is a whole HTTP message without a token in it"),
    form(r"(?:\$\s*)?(?:curl|wget|xh|https?)\s(?!.*(?<![\w-])e[yw][\w-]{6,}).*", "this is a command without a token in it: was the name of a variable written where the token belongs?"),
)  # fmt: skip

WITHOUT_A_TOKEN = (  # texts in which a token may stand; then it is what counts
    form(r"Basic\s+[A-Za-z0-9+/=]+", "this is Basic authentication: base64 of `user:password`, and no token. Do not share it: it is a password"),
    form(r"(?:Digest|Negotiate|NTLM|AWS4-HMAC-SHA256|Signature|Hawk|MAC|OAuth|GNAP|SharedKey|SharedAccessSignature)\s.*", "this is another scheme of the Authorization header, which carries no JWT; a JWT comes after `Bearer `"),
    form(r"PHNhbW\S*|PD94bW\S*|<(?:\?xml|saml|samlp:|Assertion|Response)\b.*", "this is SAML (XML), not a JWT; read it with a SAML tool"),
    form(r"<(?:!doctype|html)\b.*", "this is a web page, not a token. Was there an error page in place of the response?"),
    form(r"Traceback .*|(?:\w+\.)*\w+(?:Error|Exception)\b.*", "this is an error message, not a token"),
    form(r"keyId=\".*", "this is an HTTP signature, which carries no JWT; a JWT comes after `Bearer `"),
    form(r"(?:t=\d{9,},)?(?:v\d=|sha\d+=)[0-9a-f]{40,128}(?:,.*)?|v\d,[A-Za-z0-9+/=]{40,}", "this is the signature of a webhook, not a token: the receiver compares it with an HMAC over the body"),
    form(r"(?:(?:set-)?cookie\s*:\s*)?[\w.-]+=[^;\s]*(?:;\s*[\w.-]+(?:=[^;\s]*)?)+;?", "these are cookies without a token in them"),
)  # fmt: skip


def on_case(text: str) -> str:
    """A token of which a program changed the case of the letters."""
    if text[:4].lower() in ("eyjh", "eyj0", "eyjr") and text[:3] != "eyJ" and text.count(".") == 2:
        return "the case of its letters was changed, and in a token it counts: copy it from a place that keeps it"
    return ""


def on_unencoded(text: str) -> str:
    """A payload that is not base64url, and perhaps not there (RFC 7797)."""
    header = header_in(text) or {}
    if header.get("b64") is not False:
        return ""
    return "its payload is not encoded (`b64: false`, RFC 7797), which a JWT must not be; verify it with a JWS library and the payload as it was sent"


def on_json(text: str) -> str:
    """A JWS in JSON form, a JWK, claims that were decoded already, a response without a token."""
    try:
        value = json.loads(text) if text.startswith(("{", "[")) else None
    except (ValueError, RecursionError):
        value = None
    if value is None:
        printed = text.startswith(("{", "[")) or "{" in text and '"alg"' in text
        return DECODED if printed and MEMBER.search(text) and not SEGMENT.search(text) else ""
    if not isinstance(value, dict):
        return (
            ""
            if the_one_inside(text) or numbers_of_bytes(text)
            else "this is JSON without a token in it"
        )
    names = value.keys()
    if "ciphertext" in names:
        return "this is an encrypted message in JSON form (JWE, RFC 7516 §7.2); only its recipient can read it, with a JOSE library"
    if "signatures" in names:
        return "this is a JWS in JSON form with a list of signatures (RFC 7515 §7.2.1); one token of it is protected.payload.signature, joined by dots"
    if "payload" in names and "signature" in names:
        return "this is a JWS in JSON form, flattened (RFC 7515 §7.2.2); its compact form is protected.payload.signature, joined by dots"
    if the_one_inside(text) or len(INSIDE.findall(text)) > 1:
        return ""
    for inside in JWE_INSIDE.findall(text):
        if "enc" in (header_in(inside) or {}):
            return "an encrypted token (JWE, RFC 7516) stands inside JSON: give it alone to see its header; only its recipient can read the rest"
    if {"iv", "value", "mac"} <= names:
        return "this is an encrypted cookie of Laravel, and no JWT; only that application reads it"
    if "kty" in names or "keys" in names:
        return "this is a key (JWK or JWK Set), not a token. A key goes in --key-file"
    if {"error", "errors", "message", "detail"} & names:
        return "this is an error message from a server, and has no token in it"
    if "alg" in names or {"iss", "sub", "exp", "iat", "aud"} & names:
        return DECODED
    if base64_among_words(text):
        return ""
    for name in names:
        if re.fullmatch(r"[\w-]{0,30}(?:token|jwt)", name, re.IGNORECASE):
            return on_member(name, value[name])
    return "this is JSON without a token in it"


def on_member(name: str, value: object) -> str:
    """Why the member that should contain the token contains none."""
    if not value:
        return f"this is JSON without a token in it: its `{name}` is empty"
    if isinstance(value, str) and SEGMENT.match(value):
        return f"the `{name}` in this JSON is not a whole token: was its end cut off?"
    return f"the `{name}` in this JSON is no JWT. Perhaps it is an opaque token: only the service that issued it knows what it means"


# Header or claims as a page, Python or JavaScript prints them: a known name and a colon, and no segment of a token.
MEMBER = re.compile(r"""["'{,\s](?:alg|iss|sub|exp|iat|aud)["']?\s{0,8}:""")
SEGMENT = re.compile(r"e[yw][\w-]{6,}")
DECODED = "this is a header or claims, decoded already. A token is needed: two of them as base64url, and a signature"


JWE_INSIDE = re.compile(r"(?<![A-Za-z0-9_.-])e[yw][A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){4}")


def on_truncation(text: str) -> str:
    token = the_one_inside(text)
    if text.count("\u2026") == 2 and is_token(text.replace("\u2026", ".")):
        return ""
    if token and has_length(token):
        return ""  # dots elsewhere in the text say nothing about the token
    if re.search(
        r"(?<![\w.-])ey[JI][\w.-]*[<\[({](?:redacted|masked|filtered|hidden|removed|omitted|signature|secret)\b",
        text,
        re.IGNORECASE,
    ):
        return "a part of it was replaced, for safety, where it was shown: take the whole token from where it was issued or sent"
    if re.search(
        r"\.{3,}|\u2026|\*{3,}|<snip>|\[truncated\b[^\]]{0,30}\]|\[\.\.\.\]|\(\d+ (?:more )?char",
        text,
    ) and re.search(r"ey[JI]|ew", text):
        how = "masked (`***`)" if "***" in text else "left out (`...`)"
        return f"a part of it was {how}: this is a shortened copy, take the whole token from where it was issued or sent"
    return ""


def on_cookie(text: str) -> str:
    """Signed values of Flask (itsdangerous) and Django: JSON, a time, a signature, but no header."""
    if re.fullmatch(r"\.?[\w-]+\.[\w-]{5,8}\.[\w-]{27,43}", text) and (
        text[0] == "." or "alg" not in (header_in(text) or {"alg": 0})
    ):
        return "this is a signed cookie of Flask (itsdangerous): data, time, signature. It is no JWT; read it with `itsdangerous`, the data is base64url"
    if re.fullmatch(r"\.?[\w=-]+:[0-9A-Za-z]{5,7}:[\w-]{27,43}", text):
        return "this is a signed value of Django: data, time, signature, with colons. It is no JWT; read it with `django.core.signing.loads`"
    if re.fullmatch(r"[\w=-]+:[\w-]{27,43}", text) and header_in(text.split(":")[0]) is not None:
        return "this is a signed value of Django: data and signature, with a colon. It is no JWT; read it with `django.core.signing`"
    if re.fullmatch(r"[\w-]+\.[\w-]{27}", text) and text[:2] in ("ey", "Im", "Ij", "Mj", "MT"):
        header = header_in(text)
        if header is None or "alg" not in header:
            return "this is a value signed with itsdangerous: data and signature. It is no JWT; read it with `itsdangerous`"
    return ""


def on_many(text: str) -> str:
    """More than one token."""
    found = [one for one in dict.fromkeys(INSIDE.findall(text)) if header_in(one) is not None]
    found += [one for one in JWE_INSIDE.findall(text) if "enc" in (header_in(one) or {})]
    if len(found) > 1:
        names = re.findall(
            r"(\w+)[\"']?\s*[=:]\s*[\"']?(?:Bearer\s+)?(?=e[yw][\w-]{8,}\.)", text, re.IGNORECASE
        )
        named = f" ({', '.join(names)})" if len(set(names)) == len(found) < 6 else ""
        return f"these are {len(found)} tokens{named}: look at one at a time"
    if re.fullmatch(r"[\w.-]+", text) and text.count(".") >= 4 and header_in(text):
        segments = text.split(".")
        if (
            len(segments) >= 6
            and header_in(segments[3])
            or any(re.search(r".ey[JI][\w-]{8,}$", segment) for segment in segments[2:])
        ):
            return "these are two tokens, one right after the other: look at one at a time"
    return ""


def on_binary_base64(text: str) -> str:
    """Base64 of something that is recognised by its first bytes."""
    if not re.fullmatch(r"[A-Za-z0-9+/_=%-]{16,}", text):
        return ""
    octets = octets_in(unquote(text))
    if octets is None:
        return ""
    if octets.startswith((b"-----BEGIN", b"\x30\x81", b"\x30\x82")):
        return "this is base64 of a key or a certificate, not a token. A key goes in --key-file"
    if octets.startswith(b"\x1f\x8b"):
        return "this is base64 of compressed data (gzip), not a token: unpack it first (base64 -d | gunzip)"
    if octets.lstrip()[:1] == b"{":
        try:
            value = json.loads(octets)
        except (ValueError, RecursionError):
            return ""
        if {"iv", "value", "mac"} <= value.keys():
            return (
                "this is an encrypted cookie of Laravel, and no JWT; only that application reads it"
            )
    return ""
