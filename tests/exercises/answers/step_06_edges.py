"""Wrong answers to the exercises of step 06 that a token at the limit shows."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_06_accept import ACCEPT_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

WRONG = {
    "06-accept": (
        Wrong(
            "an hour is too long",
            but_with(ACCEPT_SOLUTION, "life <= 3600", "life < 3600"),
            "it is exactly an hour, 3600 seconds, and so much is accepted",
        ),
        Wrong(
            "leeway for the life too",
            but_with(ACCEPT_SOLUTION, "life <= 3600", "life <= 3600 + 30"),
            "At most 3600 are allowed. The leeway and the time of the check",
        ),
        Wrong(
            "the life is what is left",
            but_with(
                ACCEPT_SOLUTION,
                """    life = claims["exp"] - claims["iat"]
    if not 0 < life""",
                """    life = claims["exp"] - time.time()
    if not -30 < life""",
            ),
            "It does not matter how much of it is left now",
        ),
    ),
}
