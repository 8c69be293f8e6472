"""What the name of a file or folder says: which step it is, and whose.

Learning platforms put names and numbers around a file's own name, browsers and people add to it:
`Lin Wei_123456_assignsubmission_file_02_login.ipynb` (Moodle), `weilin_LATE_12345_678901_02_login-1.ipynb`
(Canvas), `Copy of 02_login.ipynb` and `02_login - Lin Wei.ipynb` (Google Drive), `02_login (1).ipynb` (a browser).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Words that people and programs add to a name of a file, which name nobody.
FILLERS = re.compile(
    r"""\b(?:copy\ of|copy\d*|kopie\ von|kopie|copie\ de|copie|copia\ de|copia|cópia\ de|cópia
        |final|finished|done|fixed|new|neu|version|solution|solved|answers?|submission|late
        |assignsubmission|onlinetext|file|ipynb|v\d+)\b|\(\d+\)""",
    re.IGNORECASE | re.VERBOSE,
)
# Canvas: name[_LATE]_user_submission_file; Moodle: Name_number_assignsubmission_file[_file].
PLATFORM = re.compile(
    r"^(?P<who>[^_].*?)_(?:LATE_)?(?P<number>\d{3,}|\d+(?=_\d|_assignsubmission))(?:_\d{3,})?"
    r"(?:_assignsubmission_(?:file|onlinetext))?(?:_(?P<rest>.*))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """What a name says; each part may be empty."""

    step: str = ""  # "02"
    who: str = ""
    number: str = ""  # a platform's number of the learner


def read_name(stem: str, titles: dict[str, str]) -> Named:
    """Read a file's name without its ending; `titles` are the course's, by step.

    >>> titles = {"01": "setup", "02": "login"}
    >>> read_name("lin_123_456_02_login-1", titles)
    Named(step='02', who='lin', number='123')
    >>> read_name("Copy of 02_login", titles), read_name("01_setup (1)", titles)
    (Named(step='02', who='', number=''), Named(step='01', who='', number=''))
    >>> read_name("Login final", titles), read_name("02 - Lin Wei", titles)
    (Named(step='02', who='', number=''), Named(step='02', who='Lin Wei', number=''))
    """
    who, number, rest = read_owner(stem)
    step, around = read_step(rest, titles)
    return Named(step, who if number else around, number)


def read_owner(stem: str) -> tuple[str, str, str]:
    """The name and number that a platform put in front, and what is left of the name."""
    found = PLATFORM.match(stem)
    if not found:
        return "", "", stem
    return found["who"].strip(), found["number"], found["rest"] or ""


def read_step(text: str, titles: dict[str, str]) -> tuple[str, str]:
    """The step that a name contains, and what stands around it without words that name nobody."""
    for step, title in titles.items():
        words = r"[\W_]*".join(map(re.escape, title.split("_")))
        number = rf"{step[0]}?{step[1]}" if step[0] == "0" else step
        found = re.search(rf"(?<!\d){number}[\W_]*{words}(?![^\W\d_])", text, re.IGNORECASE)
        if found:
            return step, owner_in(text[: found.start()], text[found.end() :])
    leading = re.match(r"(?:step|notebook|lesson)?[\W_]*(\d{1,2})(?!\d)", text, re.IGNORECASE)
    if leading and leading[1].zfill(2) in titles:
        return leading[1].zfill(2), owner_in("", text[leading.end() :])
    for step, title in titles.items():
        words = r"[\W_]*".join(map(re.escape, title.split("_")))
        found = re.search(rf"(?<![^\W\d_]){words}(?![^\W\d_])", text, re.IGNORECASE)
        if found:
            return step, owner_in(text[: found.start()], text[found.end() :])
    return "", owner_in(text, "")


def owner_in(before: str, after: str) -> str:
    """Whose a file is, by what stands before or behind the step's name; '' where nobody is named."""
    for text in (before, after):
        words = FILLERS.sub(" ", text.replace("_", " "))
        words = re.sub(r"(?<!\w)\d+(?!\w)", " ", words)
        named = re.sub(r"\s+", " ", words).strip(" -\u2013\u2014.,;()[]#+&")
        if named:
            return named
    return ""
