"""Your turn: exercises judged by what they do, hints, quizzes, progress.

>>> quiz("signed").answer("a")
✗ not a · signed
  ...
"""

from .desk import check, hint, quiz, solution
from .progress import progress

__all__ = ["check", "hint", "progress", "quiz", "solution"]
