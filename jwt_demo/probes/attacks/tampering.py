"""Changes to a token that need no key at all."""

from __future__ import annotations

import json

from ...tokens.anatomy import encode_segment
from ..expectations import REFUSED, forged
from ..forge import Good, changed, encode
from ..model import HYGIENE, Probe
from ..session import Session

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def other_letter(letter: str) -> str:
    return "A" if letter != "A" else "Q"


def signature_changed(good: Good) -> dict[str, str]:
    """One letter changed in each eighth, so that a comparison of some of the bytes shows, wherever it stops; then all letters in the other case."""
    signature = good.text.rpartition(".")[2]
    last = len(signature) - 2  # the very last letter has bits that stand for nothing
    places = dict.fromkeys(last * eighth // 8 for eighth in range(9))
    tokens = {
        f"letter {place + 1} of {len(signature)}": good.with_parts(
            signature=signature[:place] + other_letter(signature[place]) + signature[place + 1 :]
        )
        for place in places
    }
    return tokens | {
        "upper and lower case swapped": good.with_parts(
            signature=signature[:-1].swapcase() + signature[-1]
        )
    }


def signature_cut(good: Good) -> dict[str, str]:
    signature = good.text.rpartition(".")[2]
    return {
        "4 letters": good.with_parts(signature=signature[:-4]),
        "half": good.with_parts(signature=signature[: len(signature) // 8 * 4]),
        "all but 4 letters": good.with_parts(signature=signature[:4]),
    }


def payload_changed(good: Good) -> dict[str, str]:
    return {"": good.with_parts(payload=encode({**good.claims, "is_admin": True}))}


def header_changed(good: Good) -> dict[str, str]:
    return {"": good.with_parts(header=changed(good.header, {"x": "1"}))}


def no_signature(good: Good) -> dict[str, str]:
    header, payload, _ = good.text.split(".")
    return {
        "with the last dot": f"{header}.{payload}.",
        "without the last dot": f"{header}.{payload}",
    }


def respelled(good: Good) -> dict[str, str]:
    """Other texts that decode to the same octets; a denylist of texts does not know them."""
    header, payload, signature = good.text.split(".")
    texts = {"= at the end": f"{good.text}=", "== at the end": f"{good.text}=="}
    for label, place in (("spare bits of the signature", 2), ("spare bits of the payload", 1)):
        parts = [header, payload, signature]
        if len(parts[place]) % 4:
            parts[place] = parts[place][:-1] + LETTERS[LETTERS.index(parts[place][-1]) + 1]
            texts[label] = ".".join(parts)
    return texts


async def with_company(session: Session) -> str:
    """In a header; in a cookie, quotes are part of its syntax and a space or a comma ends it, so what comes after is no part of the token."""
    good = session.good
    texts = {"a fourth segment": f"{good.text}.e30"}
    if not session.token_cookie:
        texts |= {
            "a word after it": f"{good.text} more",
            "the same token after a comma": f"{good.text}, {good.text}",
            "in quotes": f'"{good.text}"',
        }
    seen = [await session.refuses(text, label, allow=(400, 401)) for label, text in texts.items()]
    return ", ".join(dict.fromkeys(seen))


def as_json(good: Good) -> dict[str, str]:
    header, payload, signature = good.text.split(".")
    flat = {"protected": header, "payload": payload, "signature": signature}
    general = {"payload": payload, "signatures": [{"protected": header, "signature": signature}]}
    texts = {
        "flattened": json.dumps(flat, separators=(",", ":")),
        "general": json.dumps(general, separators=(",", ":")),
    }
    return texts | {"flattened, in base64url": encode_segment(texts["flattened"].encode("ascii"))}


PROBES = (
    Probe(
        "signature-changed", "the good token with one letter of its signature changed", REFUSED, "RFC 7515 §5.2",
        "A server that accepts this token does not compare the whole signature.", forged(signature_changed),
    ),
    Probe(
        "signature-cut", "the good token with the end of its signature cut off", REFUSED, "RFC 7515 §5.2",
        "A shorter signature is easier to guess. The server must compare the whole signature.", forged(signature_cut),
    ),
    Probe(
        "signature-missing", "the good token without its signature", REFUSED, "RFC 8725 §3.3",
        "If the server verifies only the signatures that are present, an attacker sends a token without one.", forged(no_signature),
    ),
    Probe(
        "payload-changed", "the good token with one claim added and the old signature", REFUSED, "RFC 7515 §5.2",
        "The signature covers the payload, so the old signature is invalid for a changed payload.", forged(payload_changed),
    ),
    Probe(
        "header-changed", "the good token with one header parameter added and the old signature", REFUSED, "RFC 7515 §5.2",
        "The signature covers the header too, so the old signature is invalid for a changed header.", forged(header_changed),
    ),
    Probe(
        "respelled", "the good token, written differently so that it decodes to the same bytes", REFUSED, "RFC 7515 §2, RFC 4648 §3.5",
        "If a token can be written in two ways, a denylist that stores its text finds only one of them.", forged(respelled), severity=HYGIENE,
    ),
    Probe(
        "with-company", "the good token with more text after it or around it", "401 or 400", "RFC 6750 §2.1",
        "The header must contain one token and nothing else. Otherwise a proxy and the server may read different tokens.", with_company,
        severity=HYGIENE,
    ),
    Probe(
        "json-form", "the good token in the JSON form of a JWS, instead of the compact form", "401 or 400", "RFC 7519 §1",
        "A JWT always has the compact form. A server that reads both forms may verify one and use the other.", forged(as_json, allow=(400,
        401)), severity=HYGIENE,
    ),
)  # fmt: skip
