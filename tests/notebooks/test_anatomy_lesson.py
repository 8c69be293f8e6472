"""What step 5 makes by hand is what others make of the same standards: joserfc reads both tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from joserfc import jwe, jws
from joserfc.jwk import OctKey

LESSON = Path(__file__).resolve().parents[2] / "notebooks" / "05_anatomy.ipynb"


@pytest.fixture(scope="module")
def lesson() -> dict[str, Any]:
    """The names the lesson has defined after its cell that encrypts."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(LESSON, as_version=4).cells:
        fails = "raises-exception" in cell.metadata.get("tags", [])
        if cell.cell_type == "code" and "-check-" not in cell.id and not fails:
            exec(compile(cell.source, cell.id, "exec"), names)
        if cell.id == "05-jwe":
            return names
    raise AssertionError("the lesson has no cell 05-jwe")


def test_the_token_made_by_hand_verifies(lesson):
    """RFC 7515 A.1: the key of the JWK, and the payload with its line breaks."""
    signed = jws.deserialize_compact(
        lesson["token"], OctKey.import_key(lesson["jwk"]), algorithms=["HS256"]
    )
    assert signed.payload == lesson["payload"]


def test_the_encrypted_token_made_by_hand_can_be_opened(lesson):
    """Five segments, the claims inside, for whoever has the key."""
    opened = jwe.decrypt_compact(lesson["encrypted"], OctKey.import_key(lesson["our_key"]))
    assert json.loads(opened.plaintext) == lesson["claims"]
