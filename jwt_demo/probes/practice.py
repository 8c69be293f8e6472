"""What tests the service of step 13. The names are not in its notebook: a reader finds the faults before the probes name them."""

from __future__ import annotations

PRACTICE = (
    "unknown-email",
    "no-token",
    "too-little-scope",
    "expired",
    "user-gone",
    "foreign-algorithm",
)
