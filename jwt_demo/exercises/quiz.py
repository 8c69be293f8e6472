"""A question of the course: clicked while a kernel runs, opened option by option on every other page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..display.card import card, fold, page, prose
from ..display.html import STYLE
from ..display.live import display_both, display_bundle
from ..display.show import notebook_shell
from .model import Quiz
from .progress import answers_of, remember_answer
from .result import Note


class Question:
    """A quiz in the reader's hand; `.answer("b")` answers it in code, a click does the same."""

    def __init__(self, quiz: Quiz | str):
        self.quiz = quiz

    def answer(self, option: str) -> Answer | Note:
        """Whether this option is right, and why."""
        if isinstance(self.quiz, str):
            return Note("quiz", self.quiz)
        letter = str(option).strip().strip(").").lower()
        if letter not in self.quiz.options:
            return Note(
                f"quiz · {self.quiz.name}",
                f"There is no option {option!r}; choose one of {', '.join(self.quiz.options)}.",
            )
        remember_answer(self.quiz, letter)
        if letter != self.quiz.right:
            return Answer(
                f"✗ not {letter} · {self.quiz.name}",
                self.quiz.reasons[letter],
                after="Choose again.",
            )
        return Answer(f"✓ {letter} is right · {self.quiz.name}", self.quiz.because, right=True)

    def note(self) -> Note:
        """The question as text."""
        if isinstance(self.quiz, str):
            return Note("quiz", self.quiz)
        options = tuple(f"{letter})  {text}" for letter, text in self.quiz.options.items())
        return Note(
            f"? {self.quiz.name}",
            self.quiz.question,
            items=options,
            after=f'Answer with quiz("{self.quiz.name}").answer("a").',
        )

    def __repr__(self) -> str:
        return repr(self.note())

    def _repr_html_(self) -> str:
        return self.note()._repr_html_() if isinstance(self.quiz, str) else still(self.quiz)

    def _ipython_display_(self) -> None:
        still = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if notebook_shell() is None:
            print(self)
        elif isinstance(self.quiz, str):
            display_bundle(still)
        else:
            display_both(
                still,
                QuizWidget(self.quiz),
                "You can also answer this question by clicking, while the kernel of this notebook is running.",
            )


@dataclass(frozen=True, repr=False)
class Answer(Note):
    """What came of an answer. True when right."""

    right: bool = False

    def __bool__(self) -> bool:
        return self.right


def still(quiz: Quiz) -> str:
    """The question for a page without a kernel: each option opens and says what it is."""
    options = "".join(
        fold(f"{letter})  {text}", prose(f"{verdict(quiz, letter)}. {reason(quiz, letter)}"))
        for letter, text in quiz.options.items()
    )
    return page(card("Question", prose(quiz.question), options, name=quiz.name), label="Question")


def verdict(quiz: Quiz, letter: str) -> str:
    return "✓ right" if letter == quiz.right else "✗ not this"


def reason(quiz: Quiz, letter: str) -> str:
    return quiz.because if letter == quiz.right else quiz.reasons[letter]


class QuizWidget(anywidget.AnyWidget):
    """Radio buttons. The page has the question and what was answered before; what is right stays here until it is asked."""

    _esm = (Path(__file__).parent / "quiz.js").read_text("utf-8")
    _css = STYLE.removeprefix("<style>").removesuffix("</style>")
    question = traitlets.Dict().tag(sync=True)

    def __init__(self, quiz: Quiz):
        told = [self.verdict(quiz, letter) for letter in answers_of(quiz)]
        super().__init__(
            question={
                "name": quiz.name,
                "question": quiz.question,
                "options": dict(quiz.options),
                "answered": told,
            }
        )
        self._quiz = quiz
        self.on_msg(self._receive)

    @staticmethod
    def verdict(quiz: Quiz, letter: str) -> dict[str, Any]:
        return {
            "letter": letter,
            "right": letter == quiz.right,
            "verdict": verdict(quiz, letter),
            "text": reason(quiz, letter),
        }

    def _receive(self, _: Any, message: Any, __: Any = None) -> None:
        letter = message.get("answer") if isinstance(message, dict) else None
        if isinstance(letter, str) and letter in self._quiz.options:
            remember_answer(self._quiz, letter)
            self.send(self.verdict(self._quiz, letter))
