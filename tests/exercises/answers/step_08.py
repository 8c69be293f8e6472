"""Right and wrong answers to the exercises of `step_08`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_08 import SETTINGS
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "08-cookie-settings": (
        """
def cookie_settings(lifetime):
    settings = dict.fromkeys(("secure", "httponly"), True)
    settings.update(samesite="strict", max_age=int(lifetime), path="/")
    return settings
""",
    ),
}

WRONG = {
    "08-cookie-settings": (
        Wrong(
            "script reads it",
            but_with(SETTINGS, 'y": True, "s', 'y": False, "s'),
            "Any script on the page can read this cookie, an",
        ),
        Wrong(
            "HttpOnly forgotten",
            but_with(SETTINGS, '"httponly": True, "samesite"', '"samesite"'),
            "Any script on the page can read this cookie, an",
        ),
        Wrong(
            "without TLS",
            but_with(SETTINGS, '"secure": True, "httponly"', '"httponly"'),
            "Browsers ignore a cookie whose name begins with `__Host-`, if it is not",
        ),
        Wrong(
            "SameSite none",
            but_with(SETTINGS, '"Lax"', '"None"'),
            "Without `samesite` as Lax or Strict, other sites",
        ),
        Wrong(
            "for all hosts",
            but_with(SETTINGS, '"secure"', '"domain": "example.com", "secure"'),
            "Browsers ignore a cookie whose name begins with `__Host-`, if it has a `Domain`",
        ),
        Wrong(
            "lives on",
            but_with(SETTINGS, '"max_age": lifetime, "path"', '"path"'),
            "The cookie ends with the token, after as many",
        ),
        Wrong(
            "one path",
            but_with(SETTINGS, '/",', '/session",'),
            "`__Host-` requires the path `/`: a cookie for all",
        ),
        Wrong(
            'hard-coded: return {"max_age": 300, "path": "/", "secure": True, "httponly": True, "sam…',
            but_with(SETTINGS, " lifetime,", " 300,"),
            "The cookie ends with the token, after as many",
        ),
        Wrong(
            'another shape: return {"name": "__Host-token", "max_age": lifetime, "path": "/", "secur…',
            but_with(SETTINGS, '"max_age"', '"name": "__Host-token", "max_age"'),
            "The settings are keyword arguments of Python, and",
        ),
        Wrong(
            'another shape: return {"token": "t", "max_age": lifetime, "path": "/", "secure": True, …',
            but_with(SETTINGS, '"max_age"', '"token": "t", "max_age"'),
            "The settings are keyword arguments of Python, and",
        ),
    ),
}

EQUIVALENT = {
    "08-cookie-settings": {
        "{'max_age': lifetime, 'path': '/', 'secure': True, 'httponly': True, 'samesite': 'Lax'} → {'max_age': lifetime, 'secure': True, 'httponly': True, 'samesite': 'Lax'}": "`/` is aiohttp's own default",
        "'Lax' → 'LAX'": "SameSite has no case of letters",
        "'Lax' → 'lax'": "SameSite has no case of letters",
        "settings.update(samesite='strict', max_age=int(lifetime), path='/') → settings.update(samesite='strict', max_age=int(lifetime))": "`/` is aiohttp's own default",
        "'strict' → 'STRICT'": "SameSite has no case of letters",
        "int(lifetime) → lifetime": "the lifetime is a number",
    },
}
