"""`jwt-demo inspect`: what a token says, whether its signature verifies, and what is odd about it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import NoReturn

import click

from ..display.token_view import findings_on, token_picture
from ..escaping import cut, visible
from ..tokens.anatomy import DuplicateName, Token, TokenError, encode_segment
from ..tokens.signatures import Key, KeyUnreadable, read_keys, verify

MOST_BYTES = 1 << 24  # read from standard input


@click.command()
@click.argument("token", required=False)
@click.option(
    "--key", metavar="TEXT", help="A secret, a PEM, a JWK or a JWK Set to check the signature with."
)
@click.option("--key-file", metavar="FILE", help="The same from a file: a PEM, a JWK or a JWK Set.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def inspect(token: str | None, key: str | None, key_file: str | None, as_json: bool) -> None:
    """Take TOKEN apart (or, with -, what comes on standard input).

    The status is 0, or 1 when a key was given and the signature does not verify with it, or 2 when TOKEN is none.
    """
    text = given_text(token)
    try:
        keys = given_keys(key, key_file)
        parsed, flaw = read_what_can_be(text)
    except (TokenError, KeyUnreadable) as error:
        fail(str(error))

    verdict, now = verify(parsed, keys, flaw), time.time()
    if as_json:
        found = [finding.as_dict() for finding in findings_on(parsed, flaw, keys, now)]
        report = {
            "header": parsed.header,
            "claims": parsed.claims,
            "signing_input": parsed.signing_input.decode("ascii"),
        }
        click.echo(
            json.dumps(
                {
                    **report,
                    "signature": encode_segment(parsed.signature),
                    "signature_verified": verdict.verified,
                    "findings": found,
                }
            )
        )
    else:
        from ..display.terminal import put

        put(token_picture(text, keys, now=now))
    sys.exit(1 if verdict.verified is False else 0)


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
    if token is None and sys.stdin.isatty():
        fail(
            "token: none was given. Say jwt-demo inspect TOKEN, or pipe it in: … | jwt-demo inspect -"
        )
    octets = sys.stdin.buffer.read(MOST_BYTES)
    return octets.decode("utf-8", "surrogateescape").rstrip("\r\n")


def given_keys(key: str | None, key_file: str | None) -> list[Key]:
    if key is not None and key_file is not None:
        raise KeyUnreadable("give --key or --key-file, not both")
    if key_file is None:
        return read_keys(key)
    try:
        with Path(key_file).open("rb") as file:
            octets = file.read(1 << 20)
    except OSError as error:
        raise KeyUnreadable(f"{key_file}: {error.strerror}") from None
    form = "pem" if octets.lstrip().startswith(b"-----BEGIN") else "jwk"
    try:
        return read_keys(octets, form)
    except KeyUnreadable as error:
        hint = (
            ""
            if form == "pem" or octets.lstrip().startswith(b"{")
            else '. A file is a PEM, a JWK or a JWK Set; a secret goes in --key "$(cat FILE)"'
        )
        raise KeyUnreadable(f"{key_file}: {error}{hint}") from None


def fail(message: str) -> NoReturn:
    """One line on standard error, status 2."""
    click.echo(cut(visible(message), 400), err=True)
    sys.exit(2)
