"""`jwt-demo inspect`: what a token says, whether its signature verifies, and what is odd about it."""

from __future__ import annotations

import difflib
import json
import shlex
import sys
import time
from pathlib import Path
from typing import Any

import click

from ..display.token_view import findings_on, token_picture
from ..tokens.anatomy import DuplicateName, Token, TokenError, encode_segment
from ..tokens.finding_codes import CODES, explain
from ..tokens.key_material import Keys
from ..tokens.keys import is_plain
from ..tokens.repair import repair
from ..tokens.signatures import KeyUnreadable, read_keys, verify
from .console import fail

MOST_BYTES = 1 << 24  # read from standard input
LARGEST_KEY = 1 << 20
SECRET_FORMS = ("text", "bytes", "base64", "base64url", "hex")


@click.command()
@click.argument("token", required=False)
@click.option(
    "--key", metavar="TEXT", help="A secret, a PEM, a JWK or a JWK Set to check the signature with."
)
@click.option(
    "--key-file",
    metavar="FILE",
    help="The same from a file: PEM, DER, JWK, JWK Set, OpenSSH; a secret with --key-form.",
)
@click.option(
    "--key-form",
    type=click.Choice(("auto", *SECRET_FORMS)),
    default="auto",
    show_default=True,
    help="How a secret is written.",
)
@click.option("--repair", "strip", is_flag=True, help="Take off what is around the token first.")
@click.option(
    "--explain",
    "code",
    metavar="CODE",
    help="Explain a finding at length (`all` lists them), and do nothing else.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def inspect(
    token: str | None,
    key: str | None,
    key_file: str | None,
    key_form: str,
    strip: bool,
    code: str | None,
    as_json: bool,
) -> None:
    """Take TOKEN apart (or, with -, what comes on standard input).

    The status is 0, or 1 when a key was given and the signature does not verify with it, or 2 when TOKEN is none.
    """
    if code is not None:
        click.echo(explanation(code), nl=False)
        return
    text = given_text(token)
    if strip and (found := repair(text)) is not None and found.removed:
        click.echo(f"Removed: {', '.join(found.removed)}.", err=True)
        text = found.token
    try:
        parsed, flaw = read_what_can_be(text)
    except TokenError as error:
        can_repair = not strip and error.token is not None and repair(text) is not None
        fail(f"{error} (--repair does it)" if can_repair else error)
    try:
        keys = given_keys(key, key_file, key_form, parsed)
    except KeyUnreadable as error:
        fail(error)

    verdict, now = verify(parsed, keys, flaw), time.time()
    if as_json:
        found_on = [finding.as_dict() for finding in findings_on(parsed, flaw, keys, now)]
        report: dict[str, Any] = {
            "header": parsed.header,
            "claims": parsed.claims,
            "signing_input": parsed.signing_input.decode("ascii"),
            "signature": encode_segment(parsed.signature),
            "signature_verified": verdict.verified,
            "findings": found_on,
        }
        click.echo(json.dumps(report))
    else:
        from ..display.terminal import put

        put(token_picture(text, keys, now=now))
    sys.exit(1 if verdict.verified is False else 0)


def explanation(code: str) -> str:
    known = code.strip().lower().replace("_", "-")
    if known == "all":
        return "".join(f"{name} ({one.severity}): {one.title}\n" for name, one in CODES.items())
    if known not in CODES:
        near = ", ".join(difflib.get_close_matches(known, CODES, cutoff=0.4)) or "none"
        fail(f"There is no finding {code!r}; codes like it: {near}. All of them: --explain all")
    return explain(known)


def read_what_can_be(text: str) -> tuple[Token, TokenError | None]:
    """The token, and what is wrong with its content where it can be shown all the same: no claims, or a name twice."""
    try:
        return Token.parse(text), None
    except TokenError as error:
        if (
            error.token is not None
            and (error.token.claims is None or isinstance(error, DuplicateName))
            and error.segment in ("header", "payload")
        ):
            return error.token, error
        raise


def given_text(token: str | None) -> str:
    if token not in (None, "-"):
        return token or ""
    if sys.stdin is None or sys.stdin.closed:
        fail("token: none was given, and standard input is closed. Say jwt-demo inspect TOKEN")
    if token is None and sys.stdin.isatty():
        fail(
            "token: none was given. Say jwt-demo inspect TOKEN, or pipe it in: … | jwt-demo inspect -"
        )
    octets = sys.stdin.buffer.read(MOST_BYTES)
    for mark, encoding in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
    ):
        if octets.startswith(mark):  # as PowerShell and editors write it
            return octets.decode(encoding, "replace").rstrip("\r\n")
    return octets.decode("utf-8", "surrogateescape").rstrip("\r\n")


def given_keys(key: str | None, key_file: str | None, form: str, token: Token) -> Keys:
    """The keys of --key or --key-file; a file of plain text is a secret only when --key-form says how it is written."""
    if key is not None and key_file is not None:
        raise KeyUnreadable("give --key or --key-file, not both")
    if key_file is None:
        return read_keys(key, form) if key is not None else named_by_nothing(form)
    try:
        with Path(key_file).open("rb") as file:
            octets = file.read(LARGEST_KEY)
    except OSError as error:
        raise KeyUnreadable(f"{key_file}: {error.strerror}") from None
    try:
        keys = read_keys(octets if form == "bytes" else without_last_break(octets), form)
    except KeyUnreadable as error:
        raise error.in_file(key_file, shlex.quote(key_file)) from None
    if form == "auto" and is_plain(keys):
        raise KeyUnreadable(f"{key_file}: {on_plain(keys, octets, token)}")
    return keys


def named_by_nothing(form: str) -> Keys:
    if form != "auto":
        raise KeyUnreadable(
            "--key-form says how a secret is written; give one with --key or --key-file"
        )
    return Keys()


def without_last_break(octets: bytes) -> bytes:
    """A line break at the end of a text file is the editor's; one in a file of bytes is part of them."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets
    return octets.rstrip(b"\r\n")


def on_plain(keys: Keys, octets: bytes, token: Token) -> str:
    """What to say of a file in which no key was recognised: which form to name, the one that fits first."""
    fitting = [form for form in SECRET_FORMS if fits_as(octets, form, token)]
    if keys[0].form == "bytes":
        what = f"{len(octets):,} bytes that are no form of a key known here. If they are the secret itself"
        return f"{what}, add --key-form bytes" + (" (it fits this token)" if fitting else "")
    what = "a text that is neither PEM nor JWK nor another form of a key. If it is a secret"
    if fitting:
        return f"{what}, add --key-form {fitting[0]} (read so it fits this token)"
    return f"{what}, say how it is written: --key-form text, base64, base64url or hex"


def fits_as(octets: bytes, form: str, token: Token) -> bool:
    try:
        keys = read_keys(without_last_break(octets) if form == "text" else octets, form)
    except KeyUnreadable:
        return False
    return verify(token, keys).verified is True
