"""Our own notebooks are signed when they are copied: JupyterLab strips the styles from the outputs of what nobody signed."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable


def sign(notebooks: Iterable[bytes]) -> None:
    """Sign these notebooks for this user, as `jupyter trust` does; where that cannot be done, they are untrusted and no more."""
    import nbformat
    from nbformat.sign import NotebookNotary

    from . import quick_nbformat  # noqa: F401  # before nbformat

    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # one of them is about a signature store that cannot be opened
        notary = NotebookNotary()  # type: ignore[no-untyped-call]  # nbformat has no types
        try:
            for octets in notebooks:
                notebook = nbformat.reads(octets.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]  # nor here
                notary.sign(notebook)  # type: ignore[no-untyped-call]  # nor here
        finally:
            notary.store.close()
