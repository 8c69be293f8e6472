"""Your turn: exercises judged by what they do, hints, quizzes, progress.

>>> quiz("encoded").answer("a")
✗ not a · encoded
  ...
"""

from .api import check, hint, quiz, solution
from .progress import progress

__all__ = ["check", "hint", "progress", "quiz", "solution"]
