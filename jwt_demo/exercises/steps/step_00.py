"""Quizzes of 00_start_here."""

from __future__ import annotations

from ..model import Quiz

QUIZZES = (
    Quiz(
        "proof",
        "A server checked a token's signature with its own key, and it fits. What does the server know now?",
        {
            "a": "that the person who sent it is the one it names",
            "b": "that somebody with the key wrote exactly these claims",
            "c": "that the claims are true today",
        },
        right="b",
        because="The signature ties the claims to the key, and to nothing else. Who carries the token, and what changed since it was written, it cannot say.",
        reasons={
            "a": "A token can be stolen or passed on. Whoever holds it can send it, and the signature fits just as well.",
            "c": "They were written when the token was issued. The user may have been deleted since; step 3 sends such a token.",
        },
    ),
    Quiz(
        "who-remembers",
        "A server hands out a token and forgets it. Ten minutes later somebody comes with it. Where does the server find out who that is?",
        {
            "a": "in its list of logged-in users",
            "b": "in the token",
            "c": "at the client's address",
        },
        right="b",
        because="There is no list. The token brings the claims along, and the signature says that they are the server's own.",
        reasons={
            "a": "That is a session: the server keeps the list, and the client only a number. With a token it keeps nothing but its key.",
            "c": "An address says where a request came from, not from whom. Many people share one, and one person has several.",
        },
    ),
)
