"""Login requests that are wrong in their form: the bytes lie about what they are, or a field is no text."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import urlencode

from ..http_client import Request
from ..session import FORM, JSON, Session

MULTIPART = "multipart/form-data; boundary=line"


def lies(session: Session) -> dict[str, Request]:
    """Bodies that are not what their headers say."""
    good = dict(zip(session.names, (session.email, session.password), strict=True))
    form, text = urlencode(good).encode("ascii"), json.dumps(good).encode("utf-8")
    zipped = ("Content-Encoding", "gzip")
    return {
        "a form that says JSON": post(session, JSON, form),
        "JSON that says form": post(session, FORM, text),
        "JSON cut in half": post(session, JSON, text[: len(text) // 2]),
        "JSON that is a list": post(session, JSON, b"[1, 2]"),
        "JSON that is a string": post(session, JSON, b'"text"'),
        "JSON that is null": post(session, JSON, b"null"),
        "JSON nested 5,000 deep": post(session, JSON, b"[" * 5000),
        "JSON with broken UTF-8": post(session, JSON, text[:-1] + b'\xff"}'),
        "gzip that is none": post(session, JSON, text, zipped),
        "gzip cut short": post(session, JSON, gzip.compress(text)[:-12], zipped),
        "multipart without a boundary": post(session, "multipart/form-data", b"--line\r\n"),
        "multipart cut short": post(
            session,
            MULTIPART,
            b'--line\r\nContent-Disposition: form-data; name="email"\r\n\r\nuser',
        ),
        "multipart without a name": post(
            session, MULTIPART, b"--line\r\nContent-Type: text/plain\r\n\r\nuser\r\n--line--\r\n"
        ),
        "an empty body": post(session, session.content_type, b""),
    }


def hard_to_read(session: Session) -> dict[str, Request]:
    """Bodies that one server may make sense of and another may not; neither is wrong, a crash is."""
    good = dict(zip(session.names, (session.email, session.password), strict=True))
    form, text = urlencode(good).encode("ascii"), json.dumps(good).encode("utf-8")
    return {
        "JSON in an unknown charset": post(session, f"{JSON}; charset=nonsense", text),
        "a form in an unknown charset": post(session, f"{FORM}; charset=nonsense", form),
        "JSON in UTF-16": post(session, JSON, text.decode("ascii").encode("utf-16")),
        "bytes of no type": post(session, "application/octet-stream", text),
        "a type that is no type": post(session, "////", text),
    }


def odd_fields(session: Session) -> dict[str, Request]:
    """Fields that are there and are not what a login can use."""
    user, password = session.names
    requests = {}
    for label, value in ODD_VALUES.items():
        for name in (user, password):
            fields = {user: session.email, password: session.password, name: value}
            requests[f"{name} = {label}"] = post(session, JSON, json.dumps(fields).encode("ascii"))
    form = {user: session.email, password: session.password}
    requests["an empty password"] = post(
        session, FORM, urlencode({**form, password: ""}).encode("ascii")
    )
    requests["bytes that are no text"] = post(
        session, FORM, f"{user}=%FF%FE&{password}=%00".encode("ascii")
    )
    return requests


ODD_VALUES: dict[str, Any] = {
    "null": None,
    "7": 7,
    "true": True,
    "[]": [],
    "{}": {},
    "half a surrogate": "\ud800",
    "a NUL": "\0",
    "a number of 4,000 digits": 10**3999,
}


def post(session: Session, content_type: str, body: bytes, *headers: tuple[str, str]) -> Request:
    return Request("POST", session.login_path, (("Content-Type", content_type), *headers), body)
