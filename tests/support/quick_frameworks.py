"""`python -m jwt_demo.frameworks` with hashes as cheap as they get: a full run of the probes logs in eighty times."""

from __future__ import annotations

import sys
from typing import Any

import argon2

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


class Quick(argon2.PasswordHasher):
    def __init__(self, **wanted: Any):
        super().__init__(**{**wanted, **CHEAP})


if __name__ == "__main__":
    argon2.PasswordHasher = Quick  # type: ignore[misc]
    if "drf" in sys.argv:
        from jwt_demo.frameworks import drf_site

        for name, value in CHEAP.items():
            setattr(drf_site.Argon2, name, value)
    from jwt_demo.frameworks.__main__ import main

    main()
