"""Changes to a token that need no key at all."""

from __future__ import annotations

import json

from ...tokens.anatomy import encode_segment
from ..expectations import REFUSED, forged
from ..forge import Good, changed, encode
from ..model import Probe

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def other_letter(letter: str) -> str:
    return "A" if letter != "A" else "Q"


def signature_changed(good: Good) -> dict[str, str]:
    signature = good.text.rpartition(".")[2]
    middle = len(signature) // 2
    return {
        "first letter": good.with_parts(signature=other_letter(signature[0]) + signature[1:]),
        "a letter in the middle": good.with_parts(
            signature=signature[:middle] + other_letter(signature[middle]) + signature[middle + 1 :]
        ),
    }


def signature_cut(good: Good) -> dict[str, str]:
    signature = good.text.rpartition(".")[2]
    return {
        "4 letters": good.with_parts(signature=signature[:-4]),
        "half": good.with_parts(signature=signature[: len(signature) // 8 * 4]),
    }


def payload_changed(good: Good) -> dict[str, str]:
    return {"": good.with_parts(payload=encode({**good.claims, "is_admin": True}))}


def header_changed(good: Good) -> dict[str, str]:
    return {"": good.with_parts(header=changed(good.header, {"x": "1"}))}


def no_signature(good: Good) -> dict[str, str]:
    header, payload, _ = good.text.split(".")
    return {"the dot left": f"{header}.{payload}.", "the dot gone": f"{header}.{payload}"}


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


def with_company(good: Good) -> dict[str, str]:
    return {
        "a fourth segment": f"{good.text}.e30",
        "a word after it": f"{good.text} more",
        "a comma and itself": f"{good.text}, {good.text}",
        "quotes": f'"{good.text}"',
    }


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
        "A signature that nobody compares protects nothing.", forged(signature_changed),
    ),
    Probe(
        "signature-cut", "the good token with the end of its signature cut off", REFUSED, "RFC 7515 §5.2",
        "Half a signature is guessed in half as many bits.", forged(signature_cut),
    ),
    Probe(
        "signature-missing", "the good token without its signature", REFUSED, "RFC 8725 §3.3",
        "A verifier that checks a signature only where there is one checks none.", forged(no_signature),
    ),
    Probe(
        "payload-changed", "the good token with a claim added under the old signature", REFUSED, "RFC 7515 §5.2",
        "The signature covers the payload; whoever changes a claim can't keep it.", forged(payload_changed),
    ),
    Probe(
        "header-changed", "the good token with a header parameter added under the old signature", REFUSED, "RFC 7515 §5.2",
        "The signature covers the header too.", forged(header_changed),
    ),
    Probe(
        "respelled", "the good token in another spelling of the same bytes", REFUSED, "RFC 7515 §2, RFC 4648 §3.5",
        "Where a token has two texts, a denylist that keeps texts is passed with the second.", forged(respelled),
    ),
    Probe(
        "with-company", "the good token with something after or around it", "401 or 400", "RFC 6750 §2.1",
        "A header is one token or none; what reads only part of it lets two readers see two tokens.", forged(with_company, allow=(400, 401)),
    ),
    Probe(
        "json-form", "the good token in the JSON form of a JWS", "401 or 400", "RFC 7519 §1",
        "A JWT is compact; a server that reads two forms may check one and use the other.", forged(as_json, allow=(400, 401)),
    ),
)  # fmt: skip
