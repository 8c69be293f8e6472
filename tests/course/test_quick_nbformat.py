"""The import of nbformat without the parser that takes a second of it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from jwt_demo.course import quick_nbformat
import nbformat
nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]))
print(sys.modules["rfc3987_syntax"])
"""


def test_nbformat_works_without_the_parser_of_addresses() -> None:
    """It is never imported, and a notebook can be validated all the same."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("None\n", "")
