"""Quizzes of 00_start_here."""

from __future__ import annotations

from ..model import Quiz

QUIZZES = (
    Quiz(
        "proof",
        "A server verified a token's signature with its own key. What does the server know now?",
        {
            "a": "that the sender is the user whom the token names",
            "b": "that somebody with the key wrote exactly these claims",
            "c": "that the claims are true today",
        },
        right="b",
        because="The signature shows that these claims were signed with this key. It does not show who sent the token, or what has changed since it was issued.",
        reasons={
            "a": "A token can be stolen or copied. Anyone who has it can send it, and its signature is valid for them too.",
            "c": "The claims were written when the token was issued. The user may have been deleted since then. Step 3 sends such a token.",
        },
    ),
    Quiz(
        "who-remembers",
        "A server creates a token, gives it to the client, and does not store it. Two minutes later, a request arrives with this token. Where does the server find the user for whom it must respond?",
        {
            "a": "in its list of logged-in users",
            "b": "in the token",
            "c": "in the client's address",
        },
        right="b",
        because="There is no list. The claims are in the token, and the signature shows that the server wrote them.",
        reasons={
            "a": "That is a session: the server keeps the list, and the client has only a random id. With tokens, the server stores only its key.",
            "c": "An address says where a request came from, not from whom. Many people share one address, and one person has several.",
        },
    ),
)
