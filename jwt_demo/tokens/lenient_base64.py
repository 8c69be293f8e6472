"""Base64 as people have it: either alphabet, with or without padding. A token itself is read strictly, in `anatomy`."""

from __future__ import annotations

import base64
import re


def octets_in(text: str) -> bytes | None:
    """The octets of base64 or base64url, or None where a text is neither.

    >>> octets_in("e30"), octets_in("-_8="), octets_in("e30!"), octets_in("e30AA")
    (b'{}', b'\\xfb\\xff', None, None)
    """
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    if not re.fullmatch(r"[A-Za-z0-9+/]+", bare) or len(bare) % 4 == 1:
        return None
    return base64.b64decode(bare + "=" * (-len(bare) % 4))
