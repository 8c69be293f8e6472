"""What the inspector's page shows after an edit: the fields, the three statements, and which signed bytes are other than before."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from typing import Any

from ..escaping import UNSEEN
from ..tokens.anatomy import encode_segment
from ..tokens.policy import Policy
from ..tokens.repair import repair
from ..tokens.signatures import Key, KeyUnreadable, read_keys, sign, verify
from .token_view import findings_on, first, read, statements, table, unreadable

LONGEST = 60_000  # characters of a token that is edited live


def retell(
    message: dict[str, Any],
    own_keys: list[Key],
    source: str = "given in Python",
    *,
    now: float,
    policy: Policy,
) -> dict[str, Any]:
    """The answer to an edit.

    `message` holds token, header, claims, key, form, base, follow, and `edited`: which of them changed. `own_keys`, from
    `source`, count where no key is typed in.
    An edited header or claim goes into the token; the signature follows when `follow` is set and the key can sign. An
    edited token or key is only judged: to sign it silently would make every key look right.
    """
    text = {
        name: message[name] if isinstance(message.get(name), str) else ""
        for name in ("token", "header", "claims", "key", "form", "base", "edited")
    }
    token, base, said = text["token"], text["base"], ""
    if any(len(text[name]) > LONGEST for name in text):
        return {
            "said": f"More than {LONGEST:,} characters are not edited here; show(token) reads them.",
            **NOTHING,
        }
    try:
        keys, key_says = (
            read_keys(text["key"], text["form"] if text["form"] in FORMS else "auto")
            if text["key"]
            else own_keys,
            "",
        )
    except KeyUnreadable as error:
        keys, key_says = [], f"Unreadable: {error}"

    if text["edited"] in ("header", "claims"):
        token = replaced(token, text["edited"], compact(text[text["edited"]]))
    elif text["edited"] == "tamper":
        token, said = tampered(token)
    elif text["edited"] == "repair":
        token, said = repaired(token)
    if text["edited"] == "sign" or (
        text["edited"] in ("header", "claims") and message.get("follow") is True
    ):
        try:
            token, said = signed(token, keys)
            base = token
        except ValueError as error:
            said = f"Not signed: {error}."

    parsed, flaw = read(token)
    key_says = key_says or described(keys, "" if text["key"] else source)
    answer: dict[str, Any] = {
        "token": token,
        "said": said,
        "key_says": key_says,
        "signs": any(key.signs for key in keys) and parsed is not None,
        "repairs": repairs(token) if flaw is not None else "",
    }
    if parsed is None:
        # What an earlier token said does not stay beside this text; an object that is being typed does.
        typing = text["edited"] in ("header", "claims")
        return {
            **answer,
            **NOTHING,
            **({} if typing else {"header": "", "claims": ""}),
            "base": base,
            "statements": [mark(one) for one in unreadable(flaw)],
        }
    verdict = verify(parsed, keys, flaw)
    if verdict.verified and flaw is None:
        base = token
    moments = [
        value - now
        for name, value in (parsed.claims or {}).items()
        if name in ("exp", "nbf") and isinstance(value, int | float) and value > now
    ]
    return {
        **answer,
        "base": base,
        "header": indented(parsed.header),
        "claims": indented(parsed.claims)
        if parsed.claims is not None
        else parsed.payload.decode("utf-8", "replace"),
        "statements": [mark(one) for one in statements(parsed, flaw, verdict, policy, now)],
        "findings": [
            {"severity": one.severity, "message": one.message, "reference": one.reference}
            for one in first(findings_on(parsed, flaw, keys, now))
        ],
        "rows": [
            *meanings("header", parsed.header, now),
            *meanings("claims", parsed.claims or {}, now),
        ],
        "changed": difference(base, parsed.text),
        "wake": min(moments, default=None),
    }


NOTHING: dict[str, Any] = {"statements": [], "findings": [], "rows": []}
FORMS = ("auto", "text", "base64", "base64url", "hex", "pem", "jwk")


def described(keys: list[Key], source: str) -> str:
    if not keys:
        return "No key: signatures are not checked."
    what = keys[0].describe() if len(keys) == 1 else f"a set of {len(keys)} keys"
    half = (
        ""
        if len(keys) > 1 or keys[0].kind == "secret"
        else ", private half known"
        if keys[0].signs
        else ", public half"
    )
    return f"{what[0].upper()}{what[1:]}{half}{f', {source} and not shown' if source else ''}."


def mark(statement: Any) -> dict[str, str]:
    return {"mark": statement.mark, "name": statement.name, "words": statement.words}


def meanings(part: str, members: dict[str, Any], now: float) -> list[dict[str, str]]:
    return [{"part": part, **asdict(row)} for row in table(part, members, now).rows]


def compact(text: str) -> bytes:
    """An edited object without its indentation; text that is no such object as it stands, so that it is judged as it stands."""
    seen: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen.extend(
            name
            for place, (name, _) in enumerate(pairs)
            if name in {other for other, _ in pairs[:place]}
        )
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=keep)
        if not seen:
            return json.dumps(
                value, separators=(",", ":"), ensure_ascii=False, allow_nan=False
            ).encode("utf-8")
    except (ValueError, RecursionError):
        pass
    return text.encode("utf-8", "replace")


def indented(value: dict[str, Any]) -> str:
    """JSON to edit; characters that cannot be seen are written as JSON's escapes, which mean the same."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "".join(
        json.dumps(one)[1:-1] if unicodedata.category(one) in UNSEEN and one != "\n" else one
        for one in text
    )


def replaced(token: str, part: str, octets: bytes) -> str:
    """The token with another header or payload, its other segments byte for byte as they were."""
    segments = [*token.split("."), "", "", ""][:3]
    segments[0 if part == "header" else 1] = encode_segment(octets)
    return ".".join(segments)


def signed(token: str, keys: list[Key]) -> tuple[str, str]:
    """The token with a new signature, made as its header says."""
    parsed, error = read(token)
    if parsed is None:
        raise ValueError(str(error))
    signing = [key for key in keys if key.signs]
    if not signing:
        raise ValueError(
            "a key that signs is needed, a secret or a private one" if keys else "no key"
        )
    alg = parsed.header.get("alg")
    if not isinstance(alg, str):
        raise ValueError("the header names no algorithm")
    signature = sign(parsed.signing_input, alg, signing[0])
    return f"{parsed.signing_input.decode('ascii')}.{signature}", "Signed again."


def tampered(token: str) -> tuple[str, str]:
    """One letter of a claim's value changed, in `sub` if that can be; everything else stays, the signature too."""
    parsed, _ = read(token)
    if parsed is None or parsed.claims is None:
        return token, "There is no claim to change."
    fallback = None
    for match in re.finditer(rb"[A-Za-z0-9]", parsed.payload[:2_000]):
        octets = (
            parsed.payload[: match.start()] + following(match[0]) + parsed.payload[match.end() :]
        )
        other, _ = read(replaced(parsed.text, "claims", octets))
        if other is None or other.claims is None or list(other.claims) != list(parsed.claims):
            continue
        changed_names = [
            name for name in parsed.claims if other.claims[name] != parsed.claims[name]
        ]
        if not changed_names:
            continue
        name = changed_names[0]
        found = (
            other.text,
            f"`{name}` was {as_shown(parsed.claims.get(name))}, it is {as_shown(other.claims.get(name))} now.",
        )
        if name == "sub":
            return found
        fallback = fallback or found
    return fallback or (token, "There is no letter to change.")


def following(letter: bytes) -> bytes:
    last = {b"9": b"0", b"z": b"a", b"Z": b"A"}
    return last.get(letter) or bytes([letter[0] + 1])


def as_shown(value: Any) -> str:
    return json.dumps(value)[:60]


def repairs(text: str) -> str:
    """What "Repair" would do to this text, or nothing."""
    found = repair(text)
    return f"Remove {', '.join(found.removed)}" if found and found.token != text else ""


def repaired(text: str) -> tuple[str, str]:
    """The token inside a text, without what was pasted around it."""
    found = repair(text)
    if found is None or found.token == text:
        return text, "There is nothing to remove."
    return found.token, f"Removed {', '.join(found.removed)}."


def difference(base: str, token: str) -> dict[str, Any] | None:
    """Which bytes of `token` are other than in the one it was made from; None where it was not made from it.

    A token that was edited keeps its signature, one whose signature was edited keeps what was signed. Where both are
    other ones, it is another token, and comparing the two says nothing.

    >>> difference("aa.bb.cc", "aa.bd.cc")["words"], difference("aa.bb.cc", "aa.bd.ce")
    ('1 of 5 bytes differs from what was signed: byte 4', None)
    >>> difference("aa.bb.cc", "aa.bb.ce")
    {'ranges': [[7, 8]], 'words': '1 of 2 characters of the signature differs: character 1'}
    """
    (before, _, old), (after, _, new) = base.rpartition("."), token.rpartition(".")
    if not before or (before != after and old != new):
        return None
    if before != after:
        return changed(before, after)
    if not new and old:
        return {"ranges": [], "words": "the signature was removed"}
    found = changed(old, new)
    if found is None:
        return None
    start = len(after) + 1
    words = found["words"].replace(" from what was signed", "").replace("byte", "character")
    of, rest = f"of {len(new)} characters", f"of {len(new)} characters of the signature"
    return {
        "ranges": [[low + start, high + start] for low, high in found["ranges"]],
        "words": words.replace(of, rest, 1),
    }


def changed(before: str, after: str) -> dict[str, Any] | None:
    """Which bytes of the signing input `after` are other than in `before`: ranges, and a sentence; None where it is the same.

    >>> changed("abcd", "abXd")
    {'ranges': [[2, 3]], 'words': '1 of 4 bytes differs from what was signed: byte 2'}
    """
    if before == after or not before:
        return None
    if len(before) == len(after):
        places = [
            place
            for place, pair in enumerate(zip(before, after, strict=True))
            if pair[0] != pair[1]
        ]
        shown = ", ".join(map(str, places[:8])) + (", …" if len(places) > 8 else "")
        differ, octets = ("differs", "byte") if len(places) == 1 else ("differ", "bytes")
        words = (
            f"{len(places)} of {len(after)} bytes {differ} from what was signed: {octets} {shown}"
        )
        return {"ranges": [[place, place + 1] for place in places], "words": words}
    start = next(
        (
            place
            for place, pair in enumerate(zip(before, after, strict=False))
            if pair[0] != pair[1]
        ),
        min(len(before), len(after)),
    )
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    words = f"{len(after)} bytes where {len(before)} were signed: from byte {start} on, {len(before) - end - start} became {len(after) - end - start}"
    return {"ranges": [[start, len(after) - end]], "words": words}
