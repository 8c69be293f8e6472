"""10: names that strangers wrote: `kid` in a header, a person's name inside JSON."""

from __future__ import annotations

import json
import secrets
from typing import Any

import jwt

from ..matchers import gives, raised, returned, same
from ..model import Case, Exercise, Mistake, Trial, Want
from ..symbols import (
    Symbol,
    Symbols,
    filled,
    given,
    gives_back,
    longer,
    near,
    other_case,
    preceded,
    shorter,
    text,
)

# --- which key -------------------------------------------------------------------------------------------------------

FIND_KEY_SOLUTION = """
def find_key(header, keys):
    kid = header.get("kid")
    return keys.get(kid) if isinstance(kid, str) else None
"""
K1, K2, K3 = text("K1"), text("K2"), text("K3")
KEYS: dict[Any, Any] = {K1: text("KEY 1"), K2: text("KEY 2"), K3: text("KEY 3")}
STRANGERS = {"kty": "oct", "k": text("THEIR KEY")}

NAMED = Mistake(
    raised(KeyError, TypeError, AttributeError),
    "The response would be 500. Of this header only `kid` is needed, and `keys` has a key of this name.",
)
UNNAMED = Mistake(
    raised(KeyError, TypeError, AttributeError, ValueError, jwt.PyJWTError),
    "The response would be 500. The client wrote this header: any part of it may be missing, unknown, a number or a list. "
    "If it names none of your keys, return None. `.get` does that for an unknown name, but raises for a list.",
)
GUESSED = Mistake(
    lambda trial: any(same(trial.value, filled(key, trial.bench)) for key in KEYS.values()),
    "The header names none of your keys, and your function returned one of them. Return None.",
)
THEIRS = "Your function returned a key from the header, and an attacker can write the header. It may name one of your keys, and nothing else."


def is_theirs(trial: Trial) -> bool:
    """A value of the header came back, or a key that was made of one."""
    return isinstance(trial.value, jwt.PyJWK) or (
        trial.value is not None
        and any(same(trial.value, item) for item in trial.before[0].values())
    )


FROM_THE_HEADER = Mistake(is_theirs, THEIRS)
NAME_ONLY = Mistake(
    lambda trial: (
        isinstance(trial.value, str)
        and trial.value == trial.before[0].get("kid")
        and trial.value in trial.before[1]
    ),
    "That is the name of a key. Return the key that has this name in `keys`.",
)


def found(
    header: dict[str, Any], wanted: Any, means: str, *mistakes: Mistake, keys: Any = KEYS
) -> Case:
    told = (
        NAME_ONLY,
        *(() if means == THE_KEY_ITSELF else (FROM_THE_HEADER,)),
        *mistakes,
        UNNAMED if wanted is None else NAMED,
    )
    if wanted is None and means not in SAYS_WHY:
        told = (*told, GUESSED)
    shown = ", ".join(f"{name!r}: {short(item)}" for name, item in header.items())
    return Case(
        f"find_key({{{shown}}}, {keys!r})", given(header, keys), (gives_back(wanted),), means, told
    )


def short(item: Any) -> str:
    return "a stranger's key" if item is STRANGERS else repr(item)


THE_KEY_ITSELF = "This is a key, and no key has it as its name."
NEARLY = "No key has this name, only a similar one. Compare the whole name."
NOT_TEXT = (
    "A `kid` is a text (RFC 7515 §4.1.4), and this is not a text. It names none of your keys."
)
BESIDE = (
    "This header names your first key. Whatever is beside `kid` changes nothing: return that key."
)
ONLY_KID = "Only the header parameter `kid` names a key of yours (RFC 7515 §4.1.4), and no other part of the header: None."
BY_HABIT = "The header names none of your keys. A key with a name such as `default` is a key like any other: None."
SAYS_WHY = (NEARLY, NOT_TEXT, THE_KEY_ITSELF, ONLY_KID, BY_HABIT)
NO_JWK = Mistake(
    raised(KeyError, TypeError, AttributeError, ValueError, jwt.PyJWTError),
    "The response would be 500. Your code raised at a part of the header that the client wrote and that you need not read: read `kid`, and nothing else.",
)
PARTS_OF_ANY_TYPE: tuple[Any, ...] = ("text", 5, [STRANGERS], None, {})
ORDINARY: dict[Any, Any] = dict.fromkeys(
    ("default", "main", "primary", "current", "latest", "fallback"), KEYS[K1]
)
NUMBERED = {"5": KEYS[K1], "None": KEYS[K2], "": KEYS[K3]}

FIND_KEY = Exercise(
    name="10-find-key",
    function="find_key",
    idea="A header may name one of your own keys. It may do nothing else.",
    stub="""
def find_key(header, keys):
    if "jwk" in header:
        return jwt.PyJWK(header["jwk"])
    return keys[header["kid"]]
""",
    given="import jwt\n",
    solution=FIND_KEY_SOLUTION,
    bench=Symbols.make,
    hints=(
        "A key may come from one place only: your dictionary, and not the header.",
        "`keys.get(...)` gives None where `keys[...]` raises. It still raises for a list, which can't be looked up: check that `kid` is a str.",
        'First `kid = header.get("kid")`. Then `keys.get(kid) if isinstance(kid, str) else None`. Nobody looks at `jwk` and `jku`.',
    ),
    cases=(
        found(
            {"alg": "HS256", "kid": K1},
            KEYS[K1],
            "This header names your first key: return that key.",
        ),
        found({"alg": "HS256", "kid": K3}, KEYS[K3], "This header names your third key."),
        found(
            {"alg": "HS256", "kid": K2},
            KEYS[K2],
            "This header names the only key that you have.",
            keys={K2: KEYS[K2]},
        ),
        found({"alg": "HS256", "kid": K1, "jwk": STRANGERS}, KEYS[K1], BESIDE),
        found({"alg": "HS256", "kid": K1, "jwk": {**STRANGERS, "kid": K2}}, KEYS[K1], BESIDE),
        *(
            found({"alg": "HS256", "kid": K1, "jwk": jwk}, KEYS[K1], BESIDE, NO_JWK)
            for jwk in PARTS_OF_ANY_TYPE
        ),
        found({"alg": "HS256", "kid": K1, "jku": ["x"], "x5c": 5}, KEYS[K1], BESIDE, NO_JWK),
        found(
            {"alg": "HS256", "kid": K1},
            KEYS[K2],
            "In `keys` this name has another key now. Return the key that `keys` has in this call: keep nothing from earlier calls.",
            keys={K1: KEYS[K2], K2: KEYS[K1]},
        ),
        found(
            {"alg": "HS256", "jwk": STRANGERS},
            None,
            "The header contains a key, but it names none of yours: None.",
        ),
        found(
            {"alg": "HS256", "kid": text("NOBODY"), "jwk": STRANGERS}, None, "No key has this name."
        ),
        found({"alg": "HS256", "kid": text("NOBODY")}, None, "No key has this name: None."),
        found({"alg": "HS256"}, None, "Without a `kid` the header names none of your keys: None."),
        found(
            {"alg": "HS256"},
            None,
            "Without a `kid` the header names none of your keys, even if you have only one.",
            keys={K1: KEYS[K1]},
        ),
        found({"alg": "HS256", "kid": KEYS[K1]}, None, THE_KEY_ITSELF),
        found(
            {"alg": "HS256", "kid": text("NOBODY"), **STRANGERS},
            None,
            "No key has this name, and a key in the header is not one of yours: None.",
        ),
        *(
            found({"alg": "HS256", "jwk": jwk}, None, ONLY_KID, NO_JWK)
            for jwk in ({**STRANGERS, "kid": K1}, K1, [K1], *PARTS_OF_ANY_TYPE)
        ),
        *(
            found({"alg": "HS256", place: K1}, None, ONLY_KID)
            for place in ("x5t", "x5t#S256", "jku", "x5u", "typ", "KID", "key_id", "id", "key")
        ),
        found({"alg": K1}, None, ONLY_KID),
        found({"alg": "HS256", "kid": text("NOBODY"), "x5t": K1}, None, ONLY_KID),
        found({"alg": "HS256"}, None, BY_HABIT, keys=ORDINARY),
        found({"alg": "HS256", "kid": text("NOBODY")}, None, BY_HABIT, keys=ORDINARY),
        found({"alg": "HS256", "kid": K1}, None, "You have no keys, so it names none.", keys={}),
        *(
            found({"alg": "HS256", "kid": kid}, None, NEARLY)
            for kid in (
                shorter(K1),
                longer(K1),
                preceded(K1),
                other_case(K1),
                near("K1 + ' '", K1, "{} ".format),
                near("'keys/' + K1", K1, "keys/{}".format),
                near("' ' + K1", K1, " {}".format),
                near("K1 + '.pem'", K1, "{}.pem".format),
                near("'-' inside of K1", K1, lambda kid: f"{kid[:5]}-{kid[5:]}"),
                near("'0' + K1", K1, "0{}".format),
                near("K1 + ' ' + K2", K1, lambda kid: f"{kid} more"),
            )
        ),
        found({"alg": "HS256", "kid": ""}, None, "No key has an empty name: None."),
        found({"alg": "HS256", "kid": "../../robots.txt"}, None, "A path names none of your keys."),
        found({"alg": "HS256", "kid": [K1]}, None, NOT_TEXT),
        found({"alg": "HS256", "kid": {"kid": K1}}, None, NOT_TEXT),
        found({"alg": "HS256", "kid": 5}, None, NOT_TEXT, keys=NUMBERED),
        found({"alg": "HS256", "kid": None}, None, NOT_TEXT, keys=NUMBERED),
        found(
            {"alg": "HS256", "kid": 5, "jku": "https://keys.example/5", "k": "k", "x5c": ["x"]},
            None,
            "Nothing in this header names a key of yours: None.",
        ),
    ),
    learnt="With a dictionary of your own keys, the server opens no file, queries no database and sends no request, whatever the header says.",
)

# --- a name inside JSON ----------------------------------------------------------------------------------------------


def pairs_in(written: Any) -> list[tuple[str, Any]] | None:
    """The members of a JSON object in order, each as often as it stands there; None where there is none."""
    try:
        pairs = json.loads(written, object_pairs_hook=list)
    except (ValueError, TypeError):
        return None
    if isinstance(pairs, list) and all(isinstance(pair, tuple) for pair in pairs):
        return pairs
    return None


def members(name: str) -> list[tuple[str, Any]]:
    return sorted({"sub": "7", "role": "user", "name": name}.items())


def twice(trial: Trial) -> bool:
    """A member more than once, and none before, where the name was another one."""
    names = [name for name, _ in pairs_in(trial.value) or []]
    return bool(len(names) > len(set(names)) and trial.earlier)


def another_name(trial: Trial) -> bool:
    """The payload is whole, and has another name in it."""
    pairs = dict(pairs_in(trial.value) or [])
    return {**pairs, "name": trial.args[0]} == dict(members(trial.args[0]))


def name_in(trial: Trial) -> Any:
    return dict(pairs_in(trial.value) or []).get("name")


def of_an_earlier_call(trial: Trial) -> bool:
    """The name is another one than was given, and was given before."""
    name = name_in(trial)
    return name != trial.args[0] and any(name == each.args[0] for each in trial.earlier)


def raises_here(trial: Trial) -> bool:
    return bool(trial.error is not None and trial.earlier)


def quoted_twice(trial: Trial) -> bool:
    """Quotation marks stand around the ones that `json.dumps` wrote."""
    return pairs_in(trial.value) is None and f'"{json.dumps(trial.args[0])}"' in trial.value


def whole(trial: Trial) -> bool:
    return sorted(pairs_in(trial.value) or [], key=str) == members(trial.args[0])


def named(what: str, name: Any, means: str) -> Case:
    return Case(
        f"payload_for({what})",
        given(name),
        (
            gives(
                "a text",
                lambda value: isinstance(value, str),
                "JSON text is wanted, a str; `json.dumps` makes one.",
            ),
            gives("JSON", lambda value: pairs_in(value) is not None, means),
            MEMBERS,
        ),
        means,
        mistakes=(
            Mistake(
                returned(lambda value: value is None),
                "For this name your function returned None. Return the JSON for every name.",
            ),
            Mistake(
                returned(lambda value: isinstance(value, bytes)),
                "These are bytes, and JSON text is wanted: a str, as `json.dumps` gives it.",
            ),
            Mistake(
                twice,
                "A member is there twice, so part of the name was read as JSON. Some parsers use the first, and others the last. "
                "Let `json.dumps` write the whole text.",
            ),
            Mistake(raises_here, f"Your code raised at this name, and at no name before. {means}"),
            Mistake(quoted_twice, QUOTED_TWICE),
            Mistake(of_an_earlier_call, KEPT_NAME),
            Mistake(another_name, f"{CHANGED} {means}"),
        ),
    )


CHANGED = "The name was changed: it must be the same when the payload is read."
QUOTED_TWICE = "The name has two quotation marks on each side, so this is not JSON. `json.dumps` writes them itself: leave out those of the template."
KEPT_NAME = "This is the name of an earlier call. Your function keeps something between two calls: make the payload anew in each call."
MEMBERS = Want("sub 7, role user and this name, each once", whole)

PAYLOAD_STUB = """
def payload_for(name):
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace("NAME", name)
"""
PAYLOAD_SOLUTION = """
def payload_for(name):
    return json.dumps({"sub": "7", "role": "user", "name": name})
"""
BY_ITSELF = "`json.dumps` knows how each character is written in JSON."
PARTS = {
    "letters of Polish": "\u0141\u00f3\u017c",
    "letters of Chinese and a smiley": "\u5f35\u5049 \U0001f600",
    "a line break": "\n",
    "a tab": "\t",
    "the control character U+0001": "\x01",
    "the control character U+001F": "\x1f",
    "a form feed": "\f",
    "two spaces": "  ",
    "an apostrophe": "'",
    "an ampersand": " & ",
    "the word NAME": "NAME",
    "braces": " {x} {} {0} {name} ",
    "two braces each": "{{x}}",
    "percent signs": " %s %(name)s 100 %% ",
    "dollar signs": " $name ${name} $$ ",
    "a backslash and a digit": "\\1 \\g<0> \\n",
    "a letter and its accent as two characters": "Zoe\u0308",
    "angle brackets": "<b>",
}
ANYBODY = Symbol("NAME", lambda bench: f"Zo\u00eb {secrets.token_hex(40)} \u5f35")

PAYLOAD = Exercise(
    name="10-payload-for",
    function="payload_for",
    idea="Text from a user goes into JSON as a value. The function `json.dumps` knows how to write it.",
    stub=PAYLOAD_STUB,
    given="import json\n",
    solution=PAYLOAD_SOLUTION,
    bench=Symbols.make,
    hints=(
        "Which characters have a meaning in JSON? The quotation mark is not the only one, and you do not need to know them all.",
        "Build a dictionary with three members and let `json.dumps` write it. It escapes what must be escaped, and the name is unchanged when the JSON is read.",
        '`json.dumps({"sub": "7", "role": "user", "name": name})`',
    ),
    cases=(
        named("Ada", "Ada", "Return a JSON object with three members: `sub` is \"7\", `role` is \"user\", `name` is this name, each in double quotes."),
        named('Mallory", "role": "admin', 'Mallory", "role": "admin', "The whole text is one name: it must be the value of `name`, and nothing else."),
        named('Ann "Annie" Lee', 'Ann "Annie" Lee', "A name may have quotation marks in it."),
        named('Mallory\\", "role": "admin', 'Mallory\\", "role": "admin', "There is a backslash before the quotation mark: both have to be escaped."),
        *(named(f"a name with {what}", f"Ada{between}Lee", f"A name may have {what} in it. {BY_ITSELF}") for what, between in PARTS.items()),
        named("a name of small letters, with a space on each side", " bell hooks ", "Keep capital letters and spaces as they are."),
        named("a name that was drawn, of 86 letters", ANYBODY, "A name may be long."),
        *(named(f"a name that is JSON itself: {name}", name, f"This is a name, although it can be read as JSON. {BY_ITSELF}") for name in ("7", "null", "true", '"Ada"', '{"role": "admin"}')),
        named("an empty name", "", "An empty text is a text: the member `name` exists, and its value is empty."),
    ),
    learnt="What a user types is a value. `json.dumps` writes it as a value. In a template it can add JSON of its own.",
)  # fmt: skip

EXERCISES = (FIND_KEY, PAYLOAD)
