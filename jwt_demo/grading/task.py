"""What is to be judged, and how."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .handed_in import Learner, Notebook
from .room import Limits

CAN_FORK = (
    hasattr(os, "fork") and sys.platform != "darwin"
)  # macOS ends forks of some system libraries


@dataclass(frozen=True)
class Options:
    """How a class is judged."""

    limits: Limits = field(default_factory=Limits)
    at_once: int = 2
    kernels: bool = not CAN_FORK
    image: str = ""  # of a container for each notebook; '' for none
    resume: bool = False  # take what the last run found, also where there was a problem
    cache: Path | None = None


@dataclass
class Task:
    """A notebook that is to be judged, and whose it is."""

    learner: Learner
    notebook: Notebook
    key: str = ""
