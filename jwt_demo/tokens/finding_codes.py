"""Every finding by its code: how bad it is, why it matters, what to do. The codes are a promise; scripts read them.

>>> CODES["alg-none"].severity, CODES["alg-none"].reference
('error', 'RFC 8725 §2.1')
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A kind of finding: `severity` is error (a verifier rejects it, or should), warning or note; the rest is for people."""

    severity: str
    title: str
    why: str
    to_do: str
    reference: str


CODES = {
    # the text
    "not-a-token": Code("error", "The text is no token", "It has not the form of a JSON Web Token.", "Copy the token again, whole.", "RFC 7519 §7.2"),
    "not-text": Code("error", "The value is no text", "A token is a string of ASCII characters. None, bytes or an object was given, often because a lookup found nothing.", "Decode bytes with `.decode(\"ascii\")`; for None look where the token should have come from.", "RFC 7519 §7.2"),
    "too-long": Code("error", "The text is too long", "Servers accept request headers of some 8,000 bytes. A text this long is no token, or one that no server accepts.", "Put less into the token: an id instead of data.", "RFC 7519 §7.2"),
    "wrapped": Code("error", "Something is around the token", "`Bearer `, quotes, white space, a line break, a URL or a whole command was copied with it. A library rejects that text.", "Give the token alone. `jwt-demo inspect --repair` takes off what it knows.", "RFC 6750 §2.1"),
    "other-form": Code("error", "The text is something else than a JWT", "It was recognised: an SD-JWT, a JWS in JSON form, a PASETO, a signed cookie, an opaque token, a key, a file's name and so on.", "The message names it and the tool that reads it.", "RFC 7519 §3"),
    "not-compact": Code("error", "The text has not three segments", "A signed token is header.payload.signature, with two dots. Fewer segments: a part is missing. More: something was added.", "Copy the token again. An unsigned token (`alg: none`) ends with a dot.", "RFC 7515 §7.1"),
    "encrypted": Code("error", "The token is encrypted (JWE)", "Five segments and `enc` in the header: its claims can be read only with the recipient's key.", "Decrypt it with a JOSE library (joserfc, jwcrypto) where that key is. The header can be read here.", "RFC 7516 §9"),
    "not-base64url": Code("error", "A segment is not base64url", "A token uses A-Z a-z 0-9 - and _, without `=` at the end, and one spelling for each value. With other spellings one token has several texts, and a list of revoked texts can be evaded.", "Copy the token again. If your code made it, use base64url without padding.", "RFC 7515 §2"),
    "not-utf8": Code("error", "Header or payload are not UTF-8", "JSON in a token is UTF-8. Other bytes come from a damaged copy, from another encoding, or from something that is no JWT.", "Encode the JSON as UTF-8 before base64url.", "RFC 8725 §3.7"),
    "not-json": Code("error", "Header or payload are not JSON", "The segment could be decoded, and what came out is no JSON text. The message says where.", "Was the token cut or edited? If your code made it, use a JSON library.", "RFC 7519 §7.2"),
    "not-an-object": Code("error", "Header or payload are JSON, but no object", "Claims are members of one JSON object. A JWS may carry any payload; a JWT may not.", "Put the value into an object: {\"name\": value}.", "RFC 7519 §7.2"),
    "duplicate-name": Code("error", "A name stands twice", "Some libraries take the first value, some the last. Two services may then see two different tokens.", "Make the JSON with a library, which writes each name once. Reject tokens that have one twice.", "RFC 7519 §4"),
    # the header
    "no-alg": Code("error", "The header names no algorithm", "`alg` is the one parameter that every header must have.", "Use a JWT library to make the token.", "RFC 7515 §4.1.1"),
    "alg-none": Code("error", "The token says that nobody signed it", "`alg: none` means: no signature. Anybody can have written it. Servers that accept it accept anybody.", "Give your library the list of algorithms that you use; `none` is not among them.", "RFC 8725 §2.1"),
    "unknown-alg": Code("warning", "The algorithm is not one that is verified here", "It is misspelled (upper and lower case count), belongs to encryption, or is registered and not supported here (ES256K, ML-DSA).", "The message says which. Verify it with a library that supports it.", "RFC 7515 §4.1.1"),
    "key-too-short": Code("error", "The key is too short", "A short secret can be guessed by trying, offline, with one token. An RSA key under 2,048 bits can be factored.", "Make a new one: `python -c \"import secrets; print(secrets.token_urlsafe(32))\"` for HS256; 2,048 bits or more for RSA.", "RFC 7518 §3.2"),
    "key-in-header": Code("warning", "The token brings its own key", "`jwk`, `jku`, `x5u` and `x5c` are set by whoever created the token. A verifier that uses that key verifies every forgery.", "Use keys that you configured, chosen by `kid`.", "RFC 8725 §3.10"),
    "crit": Code("note", "The header lists critical parameters", "A verifier must reject the token unless it understands every parameter that `crit` lists.", "Check that your library does so.", "RFC 7515 §4.1.11"),
    "token-kind": Code("note", "This is another kind of token than an access token", "Kinds of token differ in who accepts them. One taken for another gives an attacker access: an ID token is no access token.", "Check `typ` (and `iss`, `aud`) for the kind that you expect.", "RFC 8725 §3.11"),
    # the signature
    "signature-der": Code("error", "The ECDSA signature is in DER", "OpenSSL, Java and cloud key stores return ASN.1 DER (about 71 bytes). A JWT has r and s side by side: 64 bytes for ES256.", "Convert it: `cryptography`'s `decode_dss_signature`, then r and s as 32 bytes each, big-endian.", "RFC 7518 §3.4"),
    "signature-length": Code("warning", "The signature has a length that its algorithm does not make", "Most often the end was cut off when the token was copied, or the signature was encoded twice (hexadecimal, then base64url).", "Copy the whole token again. If your code signs, encode the signature's bytes, not their hexadecimal text.", "RFC 7515 §7.1"),
    "key-in-another-form": Code("error", "The signature fits the key in another form", "Secrets are kept as text, base64, base64url or hexadecimal. One side decoded it, the other used the text as it is.", "Use the same form on both sides; on the command line `--key-form` says which.", "RFC 7518 §3.2"),
    "key-left-out": Code("note", "A key of the set was left out", "A key of the JWK Set cannot be read or is not for this signature: its `use`, `kty`, `alg` or `key_ops` say so, or a member is wrong.", "If the token was signed with it, correct it where it is published.", "RFC 7517 §5"),
    # times
    "no-exp": Code("warning", "The token never expires", "Without `exp` a stolen token is good until the key changes.", "Set `exp`, minutes to an hour ahead for an access token, and require it when you verify.", "RFC 6750 §5.3"),
    "exp-not-a-date": Code("error", "`exp` is not a number", "A NumericDate is a JSON number of seconds since 1970-01-01 UTC, not a text and not a date.", "Python: `int(time.time()) + 300`; JavaScript: `Math.floor(Date.now() / 1000) + 300`.", "RFC 7519 §2"),
    "nbf-not-a-date": Code("error", "`nbf` is not a number", "A NumericDate is a JSON number of seconds since 1970-01-01 UTC, not a text and not a date.", "Write seconds as a number.", "RFC 7519 §2"),
    "iat-not-a-date": Code("error", "`iat` is not a number", "A NumericDate is a JSON number of seconds since 1970-01-01 UTC, not a text and not a date.", "Write seconds as a number.", "RFC 7519 §2"),
    "exp-in-milliseconds": Code("error", "`exp` is in milliseconds", "Read as seconds it lies tens of thousands of years ahead: the token never expires.", "Divide by 1,000: JavaScript's `Date.now()` gives milliseconds.", "RFC 7519 §2"),
    "time-in-another-unit": Code("error", "A time is not in seconds", "It looks like milliseconds, microseconds or nanoseconds. Read as seconds it lies in the far future: `nbf` and `iat` then reject the token.", "Write seconds.", "RFC 7519 §2"),
    "time-is-a-duration": Code("error", "A time is too small for a date", "Numbers under 10^9 are before September 2001. A lifetime (`expires_in`, 3600) was probably written where a moment belongs.", "Add the lifetime to the current time: `int(time.time()) + 3600`.", "RFC 7519 §2"),
    "expired": Code("error", "The token has expired", "Its `exp` is over. Every verifier rejects it, also where the signature is good.", "Get a new token. If it expired at once, check the clocks, and that no local time was written in place of UTC.", "RFC 7519 §4.1.4"),
    "long-lifetime": Code("warning", "The token lives for more than a year", "A stolen token works until it expires.", "Shorten it, and use a refresh token.", "RFC 6750 §5.3"),
    "not-yet-valid": Code("error", "The token is not valid yet", "Its `nbf` lies in the future. Two clocks may differ.", "Wait, set the clocks right, or allow a leeway of some seconds when you verify.", "RFC 7519 §4.1.5"),
    "issued-in-the-future": Code("warning", "The token was issued in the future", "`iat` is later than now: the issuer's clock or this one is wrong. PyJWT rejects it.", "Set the clocks right, or allow a leeway of some seconds.", "RFC 7519 §4.1.6"),
    # names and values
    "sub-not-string": Code("error", "`sub` is not a string", "RFC 7519 says string. PyJWT since 2.10 rejects a number, when it decodes.", "Write `str(user.id)`.", "RFC 7519 §4.1.2"),
    "jti-not-string": Code("error", "`jti` is not a string", "RFC 7519 says string. PyJWT since 2.10 rejects a number, when it decodes.", "Write `str(…)`, or use `uuid.uuid4().hex`.", "RFC 7519 §4.1.7"),
    "wrong-type": Code("error", "A registered name has a value of another type", "Libraries reject it or, worse, compare it wrongly: an audience of null, a number as `kid`, a text as `email_verified`.", "Write the type that the definition says; the message names it.", "RFC 7519 §4.1"),
    "secret-in-claims": Code("error", "A claim looks like a secret", "Claims are encoded, not encrypted: readable by anyone who has the token.", "Leave it out. Keep it on the server under the `sub` of the token.", "RFC 7519 §12"),
    "personal-data": Code("note", "A claim looks like personal data", "Claims are readable by anyone who has the token, and tokens end up in logs.", "Put in only what the audience needs.", "RFC 7519 §12"),
    "more": Code("note", "There are more findings", "A page shows the first thirty.", "`jwt-demo inspect --json` has all.", "RFC 7519 §7.2"),
}  # fmt: skip


def explain(code: str) -> str:
    """A finding at length, for a terminal. KeyError for a code that does not exist."""
    one = CODES[code]
    return f"{code} ({one.severity}): {one.title}\n\nWhy: {one.why}\nWhat to do: {one.to_do}\nRead: {one.reference}\n"


def as_markdown() -> str:
    """The content of docs/findings.md."""
    lines = [
        "# Findings",
        "",
        "What `jwt-demo inspect`, `show(token)` and the inspector report about a token. The codes are stable: a code keeps its meaning,",
        "new ones are added. `jwt-demo inspect --explain CODE` prints one of these entries. This page is written by",
        "`python -m jwt_demo.tokens.finding_codes > docs/findings.md`, and a test compares the two.",
        "",
        "An **error** means that a verifier rejects the token, or should. A **warning** is a risk. A **note** is worth knowing.",
        "",
        "| code | severity | |",
        "| --- | --- | --- |",
        *(f"| [`{code}`](#{code}) | {one.severity} | {one.title} |" for code, one in CODES.items()),
    ]
    for code, one in CODES.items():
        lines += [
            "",
            f"## {code}",
            "",
            f"**{one.title}** ({one.severity}, {one.reference}). {one.why}",
            "",
            f"What to do: {one.to_do}",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
