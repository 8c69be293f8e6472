"""A quiz of 00_start_here that later steps ask again."""

from __future__ import annotations

from ..model import Quiz

QUIZZES = (
    Quiz(
        "three-statements",
        "A token expired an hour ago. Nobody changed it. `show` gets the token and the key, and reports three results. Which of them is negative?",
        {
            "a": "readable",
            "b": "signature verified",
            "c": "accepted by policy",
        },
        right="c",
        because="The text is well formed and the signature is still valid. The policy rejects the token because `exp` is in the past.",
        reasons={
            "a": "A token that expired has the same three parts as before. Anyone can still read it.",
            "b": "A signature does not depend on the time. It is valid as long as nobody changes the token.",
        },
    ),
)
