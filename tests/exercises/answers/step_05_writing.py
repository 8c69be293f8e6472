"""Right and wrong answers to the exercises of `step_05_writing`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_05_writing import BY_HAND_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "05-by-hand": (
        """
def token_by_hand(header, claims, key):
    def segment(octets):
        return base64.b64encode(octets, altchars=b"-_").replace(b"=", b"")

    def written(part):
        return json.dumps(part, separators=(",", ":"), sort_keys=True).encode("utf-8")

    signed = segment(written(header)) + b"." + segment(written(claims))
    return b".".join([signed, segment(hmac.digest(key, signed, "sha256"))]).decode()
""",
    ),
}

WRONG = {
    "05-by-hand": (
        Wrong(
            "the padding stays on",
            """
def token_by_hand(header, claims, key):
    signed = b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims)
    )
    return (
        signed + b"." + base64.urlsafe_b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    ).decode()
""",
            "`=` is left at the end of a segment; base64url in",
        ),
        Wrong(
            "base64 instead of base64url",
            """
def token_by_hand(header, claims, key):
    segment = lambda octets: base64.b64encode(octets).rstrip(b"=")
    signed = b".".join(segment(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + segment(hmac.new(key, signed, hashlib.sha256).digest())).decode()
""",
            "`+` and `/` are base64; base64url has `-` and `_`",
        ),
        Wrong(
            "the signature in hexadecimal",
            but_with(BY_HAND_SOLUTION, "b64url(signature", "signature.hex("),
            "The signature is in hexadecimal. Take the 32",
        ),
        Wrong(
            "the hexadecimal digits in base64url",
            but_with(BY_HAND_SOLUTION, "(signature)", "(signature.hex().encode())"),
            "The signature is in hexadecimal. Take the 32",
        ),
        Wrong(
            "only the claims are signed",
            but_with(BY_HAND_SOLUTION, " signing_input.", " segments[1]."),
            "What is signed is both segments and the dot",
        ),
        Wrong(
            "the dot is not signed",
            but_with(BY_HAND_SOLUTION, " signing_input.", ' "".join(segments).'),
            "What is signed is both segments and the dot",
        ),
        Wrong(
            "the JSON is signed",
            but_with(BY_HAND_SOLUTION, " signing_input.", " json.dumps(claims)."),
            "What is signed is both segments and the dot",
        ),
        Wrong(
            "a hash without a MAC",
            but_with(
                BY_HAND_SOLUTION,
                "hmac.new(key, signing_input.encode(), hashlib.sha256",
                "hashlib.sha256(key + signing_input.encode()",
            ),
            "This is a hash and no HMAC. A hash with the key",
        ),
        Wrong(
            "Python's spelling instead of JSON",
            but_with(BY_HAND_SOLUTION, "json.dumps", "str"),
            "This is Python's way to write a dictionary. A",
        ),
        Wrong(
            "bytes come back",
            but_with(
                BY_HAND_SOLUTION,
                'signing_input + "." + b64url(signature',
                '(signing_input + "." + b64url(signature)).encode(',
            ),
            "A token is text: decode the bytes from ASCII.",
        ),
        Wrong(
            "a header of one's own",
            """
def token_by_hand(header, claims, key):
    segments = [
        b64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    ]
    signing_input = ".".join(segments)
    signature = hmac.new(key, signing_input.encode(), hashlib.sha256).digest()
    return signing_input + "." + b64url(signature)
""",
            "The first segment is the header that was given,",
        ),
        Wrong(
            "text where bytes belong",
            but_with(BY_HAND_SOLUTION, "signing_input.encode()", "signing_input"),
            "HMAC and base64 work on bytes, `json.dumps` gives",
        ),
        Wrong(
            'another alphabet: segments = [b64url(json.dumps(part, ensure_ascii=False).encode("latin…',
            but_with(
                BY_HAND_SOLUTION, "part).encode(", "part, ensure_ascii=False).encode('latin-1'"
            ),
            "Your code raised this exception in the line that",
        ),
        Wrong(
            "another alphabet: segments = [b64url(json.dumps(part, ensure_ascii=False).encode(\"latin…'",
            but_with(
                BY_HAND_SOLUTION,
                "part).encode(",
                "part, ensure_ascii=False).encode('latin-1', 'replace'",
            ),
            "The JSON in a segment is UTF-8 (RFC 7515 §2), and",
        ),
        Wrong(
            'another alphabet: segments = [b64url(json.dumps(part, ensure_ascii=False).encode("ascii…',
            but_with(
                BY_HAND_SOLUTION,
                "part).encode(",
                "part, ensure_ascii=False).encode('ascii', 'ignore'",
            ),
            "The second segment is the claims that were given,",
        ),
        Wrong(
            'another alphabet: segments = [b64url(json.dumps(part, ensure_ascii=False).encode("cp125…',
            but_with(
                BY_HAND_SOLUTION,
                "part).encode(",
                "part, ensure_ascii=False).encode('cp1252', 'replace'",
            ),
            "The JSON in a segment is UTF-8 (RFC 7515 §2), and",
        ),
        Wrong(
            "another bound: signature = hmac.new(key[:64], signing_input.encode(), hashlib.sha256).d…",
            but_with(BY_HAND_SOLUTION, "(key,", "(key[:64],"),
            "A key may have any length: HMAC takes all of it.",
        ),
        Wrong(
            "another rule: segments = [b64url(json.dumps({k: v for k, v in part.items() if v}).encod…",
            but_with(BY_HAND_SOLUTION, "(part)", "({k: v for k, v in part.items() if v})"),
            "The second segment is the claims that were given,",
        ),
        Wrong(
            "one dot",
            """
def token_by_hand(header, claims, key):
    si = b64url(json.dumps(header).encode()) + b64url(json.dumps(claims).encode())
    return si + "." + b64url(hmac.new(key, si.encode(), hashlib.sha256).digest())
""",
            "A token has two dots",
        ),
    ),
}

EQUIVALENT = {
    "05-by-hand": {
        "json.dumps(part).encode() → json.dumps(part).encode('latin-1')": "only ASCII stands there",
        "signing_input.encode() → signing_input.encode('latin-1')": "only ASCII stands there",
        "b'.'.join([signed, segment(hmac.digest(key, signed, 'sha256'))]).decode() → b'.'.join([signed, segment(hmac.digest(key, signed, 'sha256'))]).decode('latin-1')": "only ASCII stands there",
        "'utf-8' → 'UTF-8'": "another spelling of the same",
        "'utf-8' → 'utf-'": "another spelling of the same",
        "'utf-8' → 'latin-1'": "only ASCII stands there",
        "json.dumps(part, separators=(',', ':'), sort_keys=True) → json.dumps(part, sort_keys=True)": "JSON may be spelt in any way: what is signed is what is sent",
        "json.dumps(part, separators=(',', ':'), sort_keys=True) → json.dumps(part, separators=(',', ':'))": "JSON may be spelt in any way: what is signed is what is sent",
        "True → False": "the order of the members does not matter",
        "'sha256' → 'SHA256'": "another spelling of the same",
    },
}
