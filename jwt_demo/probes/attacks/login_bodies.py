"""Login requests that are wrong in their form: the bytes lie about what they are, or a field is no text."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import urlencode

from ..credentials import FORM, JSON
from ..http_client import Request
from ..session import Session

MULTIPART = "multipart/form-data; boundary=line"


def lies(session: Session) -> dict[str, Request]:
    """Bodies that are not what their headers say."""
    text = json.dumps(session.login.fields()).encode("utf-8")
    zipped = ("Content-Encoding", "gzip")
    return {
        "JSON cut in half": post(session, JSON, text[: len(text) // 2]),
        "JSON that is a list": post(session, JSON, b"[1, 2]"),
        "JSON that is a string": post(session, JSON, b'"text"'),
        "JSON that is null": post(session, JSON, b"null"),
        "JSON nested 5,000 deep": post(session, JSON, b"[" * 5000),
        "JSON with broken UTF-8": post(session, JSON, text[:-1] + b'\xff"}'),
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
        "an empty body": post(session, session.login.kind, b""),
    }


def hard_to_read(session: Session) -> dict[str, Request]:
    """Bodies that one server may make sense of and another may not; neither is wrong, a crash is."""
    good = session.login.fields()
    form, text = urlencode(good).encode("ascii"), json.dumps(good).encode("utf-8")
    return {
        "a form with the Content-Type of JSON": post(session, JSON, form),
        "JSON with the Content-Type of a form": post(session, FORM, text),
        "Content-Encoding gzip, and a body that is not gzip": post(
            session, JSON, text, ("Content-Encoding", "gzip")
        ),
        "JSON in an unknown charset": post(session, f"{JSON}; charset=nonsense", text),
        "a form in an unknown charset": post(session, f"{FORM}; charset=nonsense", form),
        "JSON in UTF-16": post(session, JSON, text.decode("ascii").encode("utf-16")),
        "JSON as application/octet-stream": post(session, "application/octet-stream", text),
        "an invalid Content-Type": post(session, "////", text),
    }


def odd_fields(session: Session) -> dict[str, Request]:
    """Fields that are there and are not what a login can use."""
    login = session.login
    user, password = login.names
    requests = {}
    for label, value in ODD_VALUES.items():
        for name in (user, password):
            body = json.dumps(login.with_value(name, value)).encode("ascii")
            requests[f"{name} = {label}"] = post(session, JSON, body)
    empty = login.with_value(password, "")
    requests["an empty password"] = post(session, login.kind, login.encode(empty))
    requests["bytes that are not UTF-8"] = post(
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
