"""Whether the package `cryptography` is here: all keys but secrets need it. Only in a browser tab it may be missing.

On every other machine it is required, and importing a module that needs it fails where it is not installed.
"""

from __future__ import annotations

import sys

from jwt.algorithms import has_crypto

IS_HERE = sys.platform != "emscripten" or has_crypto

if IS_HERE:
    from cryptography.exceptions import UnsupportedAlgorithm
else:

    class UnsupportedAlgorithm(Exception):  # type: ignore[no-redef]  # stands for the one above
        """Never raised: without the package nothing is asked that could be unsupported."""


WITHOUT = (
    "needs the package `cryptography`, which this page does not have: "
    "here only secrets (HS256, HS384, HS512) sign and verify"
)

__all__ = ["IS_HERE", "WITHOUT", "UnsupportedAlgorithm"]
