"""Many learners' copies judged: each notebook in a process of its own, one report."""

import sys

# nbformat and nbclient import it, which takes a second, and nothing here needs it: it reads international addresses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: cannot be imported
