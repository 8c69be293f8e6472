"""Import this before nbformat: its import then takes a second less.

nbformat's checker looks for a parser of international addresses, which takes that second to build; nothing here needs it.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: cannot be imported
