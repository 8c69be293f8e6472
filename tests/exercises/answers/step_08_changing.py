"""Right and wrong answers to the exercises of `step_08_changing`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_08_changing import MAY
from tests.exercises.answers.hinted import FOLLOWED
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "08-may-change": (
        """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    safe = method in {"GET", "HEAD", "OPTIONS"}
    if safe or (not by_cookie and origin in (None, own_origin)):
        return True
    return by_cookie and origin == own_origin and sent != "" and sent == fitting
""",
    ),
}

WRONG = {
    "08-may-change": (
        Wrong(
            "a slash at the origin",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and origin.rstrip("/") != own_origin:
        return False
    if not by_cookie:
        return True
    return origin is not None and sent != "" and hmac.compare_digest(sent.encode(), fitting.encode())
""",
            "with a slash behind it",
        ),
        Wrong(
            "null for None",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    origin = None if origin == "null" else origin
    if origin is not None and origin != own_origin:
        return False
    if not by_cookie:
        return True
    return origin is not None and sent != "" and hmac.compare_digest(sent.encode(), fitting.encode())
""",
            "without an origin",
        ),
        Wrong(
            "TRACE changes nothing",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return True
    if origin is not None and origin != own_origin:
        return False
    if not by_cookie:
        return True
    return origin is not None and sent != "" and hmac.compare_digest(sent.encode(), fitting.encode())
""",
            "Any other method may",
        ),
        Wrong(
            "yes",
            """
def may_change(*_):
    return True
""",
            "A form on a page that is not ours: its Origin is another one.",
        ),
        Wrong(
            "reading needs a proof",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ():
        return True
    if origin is not None and origin != own_origin:
        return False
    if not by_cookie:
        return True
    return origin == own_origin and bool(sent) and hmac.compare_digest(sent, fitting)
""",
            "A GET changes nothing, so it needs no proof.",
        ),
        Wrong(
            "begins alike",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not origin.startswith(own_origin):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and hmac.compare_digest(sent, fitting)
""",
            "This origin begins with ours. It is another origin:",
        ),
        Wrong(
            "no Origin is fine",
            but_with(
                MAY,
                'if origin is None or not sent:\n        return False\n    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), fitting.encode()',
                "return bool(sent) and hmac.compare_digest(sent, fitting",
            ),
            "A cookie without an Origin: an old browser, or",
        ),
        Wrong(
            "proof not compared",
            but_with(
                MAY,
                'if origin is None or not sent:\n        return False\n    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), fitting.encode()',
                "return origin == own_origin and bool(sent",
            ),
            "The proof is that of another session.",
        ),
        Wrong(
            "proof forgotten",
            but_with(
                MAY,
                'if origin is None or not sent:\n        return False\n    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), fitting.encode())',
                "return origin == own_origin",
            ),
            "The cookie came alone, without a proof.",
        ),
        Wrong(
            "programs shut out",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and origin != own_origin:
        return False
    return origin == own_origin and bool(sent) and hmac.compare_digest(sent, fitting)
""",
            "A program with a Bearer header: no page can make",
        ),
        Wrong(
            'not all thought of: if method in ("GET",):',
            but_with(MAY, ' "HEAD", "OPTIONS"', ""),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method in ("GET", "HEAD"):',
            but_with(MAY, '"HEAD", "OPTIONS"', '"HEAD"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method in ("GET", "OPTIONS"):',
            but_with(MAY, '"HEAD", "OPTIONS"', '"OPTIONS"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method != "POST":',
            but_with(MAY, 'in ("GET", "HEAD", "OPTIONS")', '!= "POST"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method not in ("POST", "PUT"):',
            but_with(MAY, 'in ("GET", "HEAD", "OPTIONS"', 'not in ("POST", "PUT"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method not in ("POST", "PUT", "DELETE"):',
            but_with(MAY, 'in ("GET", "HEAD", "OPTIONS"', 'not in ("POST", "PUT", "DELETE"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method not in ("POST", "PUT", "PATCH", "DELETE"):',
            but_with(
                MAY, 'in ("GET", "HEAD", "OPTIONS"', 'not in ("POST", "PUT", "PATCH", "DELETE"'
            ),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method in ("GET", "HEAD", "OPTIONS", "DELETE"):',
            but_with(MAY, '"OPTIONS"', '"OPTIONS", "DELETE"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method in ("GET", "HEAD", "OPTIONS", "PUT"):',
            but_with(MAY, '"OPTIONS"', '"OPTIONS", "PUT"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method in "GET HEAD OPTIONS":',
            but_with(MAY, '("GET", "HEAD", "OPTIONS")', '"GET HEAD OPTIONS"'),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method.startswith(("G", "H", "O")):',
            but_with(
                MAY, 'method in ("GET", "HEAD", "OPTIONS"', 'method.startswith(("G", "H", "O")'
            ),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'not all thought of: if method == "GET" or method == "HEAD" or method == "OPTION":',
            but_with(
                MAY,
                'in ("GET", "HEAD", "OPTIONS")',
                '== "GET" or method == "HEAD" or method == "OPTION"',
            ),
            "Only GET, HEAD and OPTIONS change nothing here.",
        ),
        Wrong(
            'an end is enough: if origin is not None and not (origin.endswith(own_origin.split("//")…',
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not (origin.endswith(own_origin.split("//")[1])):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "This origin ends like ours. It is another origin:",
        ),
        Wrong(
            "a part is enough: if origin is not None and not (origin in own_origin):",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not (origin in own_origin):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "This is a part of our origin only. It is another",
        ),
        Wrong(
            "a beginning is enough: if origin is not None and not (own_origin.startswith(origin)):",
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not (own_origin.startswith(origin)):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "This is a part of our origin only. It is another",
        ),
        Wrong(
            'another rule: if origin is not None and not (origin.split(":")[1] == own_origin.split("…',
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not (origin.split(":")[1] == own_origin.split(":")[1]):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "The port is a part of an origin: this is another",
        ),
        Wrong(
            'another rule: if origin is not None and not (origin.split("//")[-1] == own_origin.split…',
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not (origin.split("//")[-1] == own_origin.split("//")[-1]):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "This text has our origin in it. It is another",
        ),
        Wrong(
            'another rule: if origin is not None and not ("evil" not in origin):',
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not ("evil" not in origin):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "Another Origin, with a proof that fits: a foreign",
        ),
        Wrong(
            'hard-coded: if origin is not None and not (origin == "https://shop.example"):',
            """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and not (origin == "https://shop.example"):
        return False
    if not by_cookie:
        return True
    return origin is not None and bool(sent) and sent == fitting
""",
            "Our own page, with the cookie and the proof.",
        ),
        Wrong(
            "nothing taken for something: return origin == own_origin and sent == fitting",
            but_with(
                MAY,
                'if origin is None or not sent:\n        return False\n    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), fitting.encode())',
                "return origin == own_origin and sent == fitting",
            ),
            "No proof was sent, and the session has none. That is",
        ),
        Wrong(
            "nothing taken for something: return origin == own_origin and (not fitting or sent == fi…",
            but_with(
                FOLLOWED["08-may-change"],
                'return origin == own_origin and sent != "" and sent == fitting',
                "return origin == own_origin and (not fitting or sent == fitting)",
            ),
            "No proof was sent, and the session has none. That is",
        ),
        Wrong(
            "a beginning is enough: return origin == own_origin and bool(sent) and fitting.startswit…",
            but_with(
                FOLLOWED["08-may-change"],
                'return origin == own_origin and sent != "" and sent == fitting',
                "return origin == own_origin and bool(sent) and fitting.startswith(sent)",
            ),
            "This is not the proof of this session. Compare",
        ),
        Wrong(
            "a beginning is enough: return origin == own_origin and bool(sent) and sent.startswith(f…",
            but_with(
                FOLLOWED["08-may-change"],
                'return origin == own_origin and sent != "" and sent == fitting',
                "return origin == own_origin and bool(sent) and sent.startswith(fitting)",
            ),
            "This is not the proof of this session. Compare",
        ),
        Wrong(
            "a part is enough: return origin == own_origin and bool(sent) and sent in fitting",
            but_with(
                FOLLOWED["08-may-change"],
                'return origin == own_origin and sent != "" and sent == fitting',
                "return origin == own_origin and bool(sent) and sent in fitting",
            ),
            "This is not the proof of this session. Compare",
        ),
        Wrong(
            "a part is enough: return origin == own_origin and bool(sent) and fitting in sent",
            but_with(
                FOLLOWED["08-may-change"],
                'return origin == own_origin and sent != "" and sent == fitting',
                "return origin == own_origin and bool(sent) and fitting in sent",
            ),
            "This is not the proof of this session. Compare",
        ),
        Wrong(
            "letters beyond ASCII left out",
            """
import hmac
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"): return True
    if origin is not None and origin != own_origin: return False
    if not by_cookie: return True
    return origin is not None and bool(sent) and hmac.compare_digest(sent.encode("ascii", "ignore"), fitting.encode())
""",
            "This is not the proof of this session",
        ),
        Wrong(
            "compare_digest with text",
            """
import hmac
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"): return True
    if origin is not None and origin != own_origin: return False
    if not by_cookie: return True
    return origin is not None and bool(sent) and hmac.compare_digest(sent, fitting)
""",
            "takes text only where it is ASCII",
        ),
    ),
}

EQUIVALENT = {
    "08-may-change": {
        "sent != '' → not sent is ''": "there is one empty text in Python",
        "method in ('GET', 'HEAD', 'OPTIONS') → method in getattr(('GET', *": "it is no dict, so the values are it",
        "origin is not None → not not origin": "an Origin is never empty",
        "origin != own_origin → not str(origin).lower() == str(own_origin).lower()": "a browser writes an origin in small letters, so its case can't differ",
        "origin != own_origin → not str(origin) == str(own_origin)": "our own origin is never missing, and a missing one was looked at before",
        "origin != own_origin → not (origin is None or origin == own_origin)": "an Origin is never empty",
        "origin != own_origin → not (not origin or origin == own_origin)": "our own origin is never missing, and a missing one was looked at before",
        "origin is None → not origin": "an Origin is never empty",
        "fitting.encode() → fitting.encode('latin-1')": "the proofs of the check are ASCII",
        "'utf-8' → *": "the proofs of the check are ASCII",
        "method in {'GET', 'HEAD', 'OPTIONS'} → method in getattr({'GET', *": "it is no dict, so the values are it",
        "by_cookie and origin == own_origin and (sent != '') and (sent == fitting) → origin == own_origin and sent != '' and (sent == fitting)": "a proof that is missing is the empty text",
        "origin == own_origin → str(origin).lower() == str(own_origin).lower()": "a browser writes an origin in small letters, so its case can't differ",
        "origin == own_origin → str(origin) == str(own_origin)": "our own origin is never missing, and a missing one was looked at before",
        "sent != '' → not str('').startswith(str(sent))": "a proof that is missing is the empty text",
        "sent != '' → not str(sent) in str('')": "a proof that is missing is the empty text",
        "sent != '' → not str(sent).lower() == str('').lower()": "a browser writes an origin in small letters, so its case can't differ",
        "sent != '' → not str(sent) == str('')": "a proof that is missing is the empty text",
        "sent != '' → not (sent is None or sent == '')": "a proof that is missing is the empty text",
        "sent != '' → not (not sent or sent == '')": "a proof that is missing is the empty text",
        "sent == fitting → str(sent) == str(fitting)": "a proof that is missing is the empty text",
        "sent == fitting → sent is None or sent == fitting": "a proof that is missing is the empty text",
        "sent == fitting → not sent or sent == fitting": "a proof that is missing is the empty text",
        "origin in (None, own_origin) → str(origin).lower() in [str(item).lower() for item in (None, own_origin)]": "a browser writes an origin in small letters, so its case can't differ",
        "origin in (None, own_origin) → origin in getattr((None, own_origin), 'values', (None, own_origin).__iter__)()": "our own origin is never missing, and a missing one was looked at before",
    },
}
