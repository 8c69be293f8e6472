"""Many learners' copies judged: each notebook in a process of its own, one report."""

from ..course import quick_nbformat as quick_nbformat  # before a module here imports nbformat
