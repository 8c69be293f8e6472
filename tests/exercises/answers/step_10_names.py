"""Right and wrong answers to the exercises of `step_10_names`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_10_names import FIND_KEY_SOLUTION, PAYLOAD_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "10-find-key": (
        """
def find_key(header, keys):
    for kid, key in keys.items():
        if kid == header.get("kid"):
            return key
""",
        """
def find_key(header, keys):
    try:
        return keys[header["kid"]]
    except (KeyError, TypeError):
        return None
""",
    ),
    "10-payload-for": (
        """
def payload_for(name):
    return '{"role": "user", "sub": "7", "name": %s}' % json.dumps(name, ensure_ascii=False)
""",
    ),
}

WRONG = {
    "10-find-key": (
        Wrong(
            "a key as a name",
            """
def find_key(header, keys):
    kid = header.get("kid")
    return keys.get(kid, kid if kid in keys.values() else None) if isinstance(kid, str) else None
""",
            "no key has it as its name",
        ),
        Wrong(
            "a key from the header",
            """
def find_key(header, keys):
    kid = header.get("kid")
    return keys.get(kid, header.get("k")) if isinstance(kid, str) else None
""",
            "an attacker can write the header",
        ),
        Wrong(
            "the key of the header first",
            """
def find_key(header, keys):
    return header.get("jwk") or keys.get(header.get("kid"))
""",
            "Your function returned a key from the header, and an",
        ),
        Wrong(
            "the key of the header where no kid fits",
            """
def find_key(header, keys):
    return keys.get(header.get("kid"), header.get("jwk"))
""",
            "Your function returned a key from the header, and an",
        ),
        Wrong(
            "only jwk is taken away",
            """
def find_key(header, keys):
    return keys[header["kid"]]
""",
            "The response would be 500. The client wrote this",
        ),
        Wrong(
            "a list as kid is not thought of",
            """
def find_key(header, keys):
    return keys.get(header.get("kid"))
""",
            "The response would be 500. The client wrote this",
        ),
        Wrong(
            "the first key for whom it may concern",
            """
def find_key(header, keys):
    return keys.get(header.get("kid"), list(keys.values())[0])
""",
            "The header names none of your keys, and your",
        ),
        Wrong(
            "a kid that begins right",
            """
def find_key(header, keys):
    for kid, key in keys.items():
        if kid.startswith(str(header.get("kid"))):
            return key
""",
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            "no key at all",
            """
def find_key(header, keys):
    return None if header else keys
""",
            "This header names your first key",
        ),
        Wrong(
            "another type: return keys.get(str(kid))",
            but_with(FIND_KEY_SOLUTION, "kid) if isinstance(kid, str) else None", "str(kid))"),
            "A `kid` is a text (RFC 7515 §4.1.4), and this is",
        ),
        Wrong(
            "another type: return keys.get(kid) if isinstance(kid, (str, tuple)) else keys.get(str(k…",
            but_with(FIND_KEY_SOLUTION, "str) else None", "(str, tuple)) else keys.get(str(kid))"),
            "A `kid` is a text (RFC 7515 §4.1.4), and this is",
        ),
        Wrong(
            "nothing taken for something: return keys.get(kid) if isinstance(kid, str) and kid else …",
            but_with(
                FIND_KEY_SOLUTION,
                "else None",
                "and kid else (next(iter(keys.values())) if 'kid' not in header and len(keys) == 1 else None)",
            ),
            "The header names none of your keys, and your",
        ),
        Wrong(
            "a beginning is enough: return next((k for n, k in keys.items() if isinstance(kid, str) …",
            but_with(
                FIND_KEY_SOLUTION,
                "keys.get(kid) if isinstance(kid, str) else None",
                "next((k for n, k in keys.items() if isinstance(kid, str) and kid.startswith(n)), None)",
            ),
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            "an end is enough: return next((k for n, k in keys.items() if isinstance(kid, str) and k…",
            but_with(
                FIND_KEY_SOLUTION,
                "keys.get(kid) if isinstance(kid, str) else None",
                "next((k for n, k in keys.items() if isinstance(kid, str) and kid.endswith(n)), None)",
            ),
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            "letters or spaces changed: return {n.lower(): k for n, k in keys.items()}.get(kid.lower…",
            but_with(
                FIND_KEY_SOLUTION,
                "keys.get(kid",
                "{n.lower(): k for n, k in keys.items()}.get(kid.lower()",
            ),
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            "letters or spaces changed: return keys.get(kid.strip()) if isinstance(kid, str) else None",
            but_with(FIND_KEY_SOLUTION, "(kid)", "(kid.strip())"),
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            "letters or spaces changed: return keys.get(kid.lower()) if isinstance(kid, str) else None",
            but_with(FIND_KEY_SOLUTION, "(kid)", "(kid.lower())"),
            "This header names your first key",
        ),
        Wrong(
            'letters or spaces changed: return keys.get(kid.split("/")[-1]) if isinstance(kid, str) …',
            but_with(FIND_KEY_SOLUTION, "(kid)", "(kid.split('/')[-1])"),
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            "letters or spaces changed: return keys.get(kid.split()[0]) if isinstance(kid, str) and …",
            but_with(
                FIND_KEY_SOLUTION,
                "kid) if isinstance(kid, str)",
                "kid.split()[0]) if isinstance(kid, str) and kid",
            ),
            "No key has this name, only a similar one. Compare the",
        ),
        Wrong(
            'another rule: return (keys.get(kid) if isinstance(kid, str) else None) or header.get("k")',
            but_with(
                FIND_KEY_SOLUTION,
                "keys.get(kid) if isinstance(kid, str) else None",
                "(keys.get(kid) if isinstance(kid, str) else None) or header.get('k')",
            ),
            "Your function returned a key from the header, and an",
        ),
        Wrong(
            'another rule: return (keys.get(kid) if isinstance(kid, str) else None) or header.get("x…',
            but_with(
                FIND_KEY_SOLUTION,
                "keys.get(kid) if isinstance(kid, str) else None",
                "(keys.get(kid) if isinstance(kid, str) else None) or header.get('x5c')",
            ),
            "Your function returned a key from the header, and an",
        ),
        Wrong(
            'changes what it is given or returns: kid = header.pop("kid", None)',
            but_with(FIND_KEY_SOLUTION, 'get("kid"', 'pop("kid", None'),
            "Your function changed the object that it was",
        ),
        Wrong(
            "changes what it is given or returns: return keys.pop(kid, None) if isinstance(kid, str)…",
            but_with(FIND_KEY_SOLUTION, "get(kid", "pop(kid, None"),
            "Your function changed the object that it was",
        ),
        Wrong(
            "changes what it is given or returns: return keys.setdefault(kid, None) if isinstance(ki…",
            but_with(FIND_KEY_SOLUTION, "get(kid", "setdefault(kid, None"),
            "Your function changed the object that it was",
        ),
        Wrong(
            'hard-coded: return {"2026-a": "the key of spring", "2026-b": "the key of autumn"}.get(k…',
            but_with(
                FIND_KEY_SOLUTION,
                " keys.",
                " {'2026-a': 'the key of spring', '2026-b': 'the key of autumn'}.",
            ),
            "This header names your first key",
        ),
        Wrong(
            'hard-coded: return keys.get(kid) if kid in ("2026-a", "2026-b") else None',
            but_with(FIND_KEY_SOLUTION, "isinstance(kid, str", "kid in ('2026-a', '2026-b'"),
            "This header names your first key",
        ),
    ),
    "10-payload-for": (
        Wrong(
            "quotes are taken out",
            but_with(
                PAYLOAD_SOLUTION,
                'json.dumps({"sub": "7", "role": "user", "name": name}',
                '\'{"sub": "7", "role": "user", "name": "NAME"}\'.replace("NAME", name.replace(\'"\', \'\')',
            ),
            "The name was changed: it must be the same when",
        ),
        Wrong(
            "quotes are escaped, the backslash is not",
            but_with(
                PAYLOAD_SOLUTION,
                'json.dumps({"sub": "7", "role": "user", "name": name}',
                '\'{"sub": "7", "role": "user", "name": "NAME"}\'.replace("NAME", name.replace(\'"\', \'\\\\"\')',
            ),
            "There is a backslash before the quotation mark:",
        ),
        Wrong(
            "names with quotes are refused",
            """
def payload_for(name):
    if '"' in name:
        return None
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace("NAME", name)
""",
            "For this name your function returned None. Return the JSON for every name.",
        ),
        Wrong(
            "the name first, so that the right role comes last",
            but_with(
                PAYLOAD_SOLUTION,
                'json.dumps({"sub": "7", "role": "user", "name": name}',
                '\'{"name": "NAME", "sub": "7", "role": "user"}\'.replace("NAME", name',
            ),
            "A member is there twice, so part of the name was",
        ),
        Wrong(
            "a dictionary",
            but_with(
                PAYLOAD_SOLUTION,
                'json.dumps({"sub": "7", "role": "user", "name": name})',
                "{'sub': '7', 'role': 'user', 'name': name}",
            ),
            "JSON text is wanted, a str; `json.dumps` makes",
        ),
        Wrong(
            "Python's spelling",
            but_with(PAYLOAD_SOLUTION, "json.dumps", "str"),
            "Return a JSON object with three members:",
        ),
        Wrong(
            "backslash and quotes, by hand",
            r"""
def payload_for(name):
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace(
        "NAME", name.replace("\\", "\\\\").replace('"', '\\"')
    )
""",
            "A name may have a line break in it. `json.dumps`",
        ),
        Wrong(
            'another alphabet: return \'{"sub": "7", "role": "user", "name": "NAME"}\'.replace("NAME",…',
            r"""
def payload_for(name):
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace(
        "NAME", name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    )
""",
            "A name may have a tab in it. `json.dumps` knows",
        ),
        Wrong(
            'another alphabet: return \'{"sub": "7", "role": "user", "name": "NAME"}\'.replace("NAME",…\'',
            r"""
def payload_for(name):
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace(
        "NAME",
        name.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        .replace("\r", "\\r"),
    )
""",
            "A name may have the control character U+0001 in",
        ),
        Wrong(
            'another alphabet: return json.dumps({"sub": "7", "role": "user", "name": name}, ensure_…',
            but_with(PAYLOAD_SOLUTION, "})", "}, ensure_ascii=False).encode('utf-16')"),
            "These are bytes, and JSON text is wanted: a str",
        ),
        Wrong(
            'letters or spaces changed: return json.dumps({"sub": "7", "role": "user", "name": name.…',
            but_with(PAYLOAD_SOLUTION, " name}", " name.strip()}"),
            "The name was changed: it must be the same when",
        ),
        Wrong(
            'another bound: return json.dumps({"sub": "7", "role": "user", "name": name[:30]})',
            but_with(PAYLOAD_SOLUTION, " name}", " name[:30]}"),
            "The name was changed: it must be the same when",
        ),
        Wrong(
            'another bound: return json.dumps({"sub": "7", "role": "user", "name": name[:64]})',
            but_with(PAYLOAD_SOLUTION, " name}", " name[:64]}"),
            "The name was changed: it must be the same when",
        ),
        Wrong(
            'another rule: return json.dumps({"sub": "7", "role": "user", "name": re.sub(r\'[^\\w\\s\\\\"…',
            r"""
import re


def payload_for(name):
    return json.dumps({"sub": "7", "role": "user", "name": re.sub(r'[^\w\s\\",:"-]', "", name)})
""",
            "The name was changed: it must be the same when",
        ),
        Wrong(
            'nothing taken for something: return json.dumps({"sub": "7", "role": "user", "name": nam…',
            but_with(PAYLOAD_SOLUTION, " name}", " name or None}"),
            "The name was changed: it must be the same when",
        ),
        Wrong(
            'nothing taken for something: p = {"sub": "7", "role": "user"}',
            """
def payload_for(name):
    p = {"sub": "7", "role": "user"}
    if name:
        p["name"] = name
    return json.dumps(p)
""",
            "The name was changed: it must be the same when",
        ),
    ),
}

EQUIVALENT = {
    "10-find-key": {
        "kid == header.get('kid') → kid is None or kid == header.get('kid')": "this side is never missing",
        "except (KeyError, TypeError): return None → except Exception: return None": "nothing else is raised there",
        "keys[header['kid']] → keys.get(header['kid'])": "what is looked up is there by then",
        "header['kid'] → header.get('kid')": "what is looked up is there by then",
    },
    "10-payload-for": {
        "json.dumps(name, ensure_ascii=False) → json.dumps(name)": "JSON may be spelt in any way",
        "False → True": "JSON may be spelt in any way",
    },
}
