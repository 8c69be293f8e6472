"""One word for one thing, and a plain one: the same in lessons, README, docs, and in all that the package says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rerun import NOTEBOOKS, ROOT, read

# What is not said, and what is said instead.
INSTEAD = {
    r"mend(s|ed|ing)?": "fix, fixed",
    r"doors?": "server, endpoint; say which",
    r"answer(s|ed|ing)?": "response, respond, return (a question of ours has an answer)",
    r"(lets?|letting) (\w+ ){0,3}in": "accept",
    r"(stays?|stayed) out": "is rejected",
    r"(hold|holds|held)": "is valid, keeps, has",
    r"whoever": "anyone who, the client, the attacker",
    r"nobody's business": "private",
    r"refus(e|es|ed|ing|al|als)": "reject, rejected, rejection",
    r"(thrown?|throws) out": "revoke, log out",
    r"black ?list(s|ed)?": "denylist",
    r"white ?list(s|ed)?": "allowlist",
    r"hack(s|ed|er|ers)?": "attack, attacker",
    r"lawful": "valid",
    r"upper floor|two floors|floor above": "layer",
    r"knock(s|ed)?": "send",
    r"wears? off": "expires",
    r"asks? (the|a|this|that|our|your) (server|service|api)": "send a request to",
    r"takes? for granted": "assumes",
}
# Uses that mean something else; each with its reason.
ALLOWED = (
    r"\.answer\(",  # quiz(...).answer("b")
    r"your answers?",  # the reader's
    r"(question|questions)\W[^.?]{0,60}answers?",  # of ours
    r"answer (it|them|the questions?|from memory)|to answer, run",
    r"right answers?|wrong answers?",
    r"answer-for|answer_for|ANSWER_FOR",  # the name of an exercise, which progress files know
    r"connection refused|ConnectionRefused\w*",  # the operating system's own words
    r"threshold|household|placeholder|holder",
    r"\*✓ held\*",  # the verdict of a probe, where a lesson explains it
)
TEXTS = [*sorted(NOTEBOOKS.glob("*.ipynb")), ROOT / "README.md"]
DOCS = [ROOT / "docs" / name for name in ("glossary.md", "cheatsheet.md")]

# The package says more: to a maintainer, in docstrings, and about things that a lesson does not speak of.
PACKAGE = ROOT / "jwt_demo"
SAID = [
    *sorted(path for path in PACKAGE.rglob("*.py") if "article" not in path.parts),
    *sorted(PACKAGE.rglob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
]
NOT_IN_THE_PACKAGE = {
    # `held` is a verdict of a probe and a promised name; a case, a requirement or a rule holds
    r"(hold|holds|held)",
}
ALLOWED_IN_THE_PACKAGE = (
    r"set by whoever created the token",  # the label of a header, as the pictures of the lessons have it
    r"for all answers?|each answer|every answer that is no|one answer, or|all answers",  # doctor asks, and answers itself
    r"answers?\.|tests/exercises/answers",  # modules and folders of the tests
    r"(un)?answered$|^answers?$",  # keys of a file
    r"new\|version\|solution\|solved\|answers",  # names that learners give to files
    r"`answers?`|Answer\(200",  # names in code
    r"refuses? to (start|run)",
    r"^refused$|`refuses`",  # functions
)
# In these an answer is the reader's, or that of a quiz.
ABOUT_ANSWERS = (
    "exercises",
    "grading",
    "handout.py",
    "doctor.py",
    "doctor_card.py",
    "exercises.md",
)
ABOUT_ANSWERS += ("inspector_edits.py",)  # what this side says to an edit in the page


def strange(
    text: str, *, allowed: tuple[str, ...] = (), left_out: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Each word that is not said, with a little of what stands around it."""
    plain = text
    for pattern in (*ALLOWED, *allowed):
        plain = re.sub(pattern, lambda found: "·" * len(found[0]), plain, flags=re.IGNORECASE)
    for pattern, instead in INSTEAD.items():
        if pattern in left_out:
            continue
        for found in re.finditer(rf"\b(?:{pattern})\b", plain, re.IGNORECASE):
            around = text[max(found.start() - 30, 0) : found.end() + 30].replace("\n", " ")
            yield f"…{around}…: say {instead}"


@pytest.mark.parametrize("path", [*TEXTS, *DOCS], ids=lambda path: path.stem)
def test_a_text_says_it_in_the_plain_word(path: Path) -> None:
    """Sources of cells, not their outputs: those are the package's own words."""
    if path.suffix == ".ipynb":
        found = [
            f"{cell.id}: {word}"
            for cell in read(path).cells
            if "-try-" not in cell.id or cell.cell_type == "markdown"  # that is the exercise's stub
            for word in strange(cell.source)
        ]
    else:
        found = list(strange(path.read_text("utf-8")))
    assert found == []


def test_the_package_says_it_in_the_plain_word() -> None:
    """Strings and docstrings: messages, labels, hints, quizzes, help of the commands, reasons of the probes; and docs."""
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in SAID
        for text in said_in(path)
        for word in strange(
            text, allowed=ALLOWED_IN_THE_PACKAGE, left_out=frozenset(left_out_of(path))
        )
    ]
    assert found == []


def said_in(path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    if path.suffix == ".md":
        yield re.sub(r"(?ms)^```.*?^```", "", source)
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def left_out_of(path: Path) -> Iterator[str]:
    """Patterns of words that mean something else in this file."""
    yield from NOT_IN_THE_PACKAGE
    if any(name in path.parts for name in ABOUT_ANSWERS):
        yield from (pattern for pattern in INSTEAD if pattern.startswith("answer"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The server answers with 401", True),
        ("the mended door", True),
        ('quiz("proof").answer("b")', False),
        ("Answer the questions first", False),
        ("a placeholder", False),
        ("It lets the wrong person in", True),
    ],
)
def test_the_table_finds_words_and_leaves_their_neighbours(text: str, found: bool) -> None:
    """An exception is for one use, not for a word."""
    assert bool(list(strange(text))) == found
