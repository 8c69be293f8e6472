"""Wrong answers to step 10's exercises on names: other places for a name, names by habit, ids that get equal, names in templates."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_10_names import FIND_KEY_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

ONLY_KID = "Only the header parameter `kid` names a key of yours"
BY_HABIT = "A key with a name such as `default` is a key like any other"
NEED_NOT_READ = "a part of the header that the client wrote and that you need not read"
ANOTHER_LOGIN = "Use the whole `jti`"
OF_JTI = "\ndef denied_as(token, claims):\n    return {}\n"


def key_of(kid: str) -> str:
    """An answer that finds the name in its own way."""
    return f"""
def find_key(header, keys):
    kid = {kid}
    return keys.get(kid) if isinstance(kid, str) else None
"""


def refused_first(condition: str) -> str:
    """The right answer, behind a look at something else."""
    return but_with(
        FIND_KEY_SOLUTION,
        '    kid = header.get("kid")\n',
        f'    if {condition}:\n        return None\n    kid = header.get("kid")\n',
    )


def payload(text: str) -> str:
    return f"\ndef payload_for(name):\n    return {text}\n"


def raising(error: str) -> str:
    """An answer that raises for an unknown name, on purpose."""
    return f"""
def find_key(header, keys):
    kid = header.get("kid")
    if not isinstance(kid, str) or kid not in keys:
        raise {error}(f"no such key: {{kid!r}}")
    return keys[kid]
"""


def by_default(lookup: str) -> str:
    return but_with(FIND_KEY_SOLUTION, "keys.get(kid)", lookup)


WRONG = {
    "10-find-key": (
        *(
            Wrong(f"raises {error} on purpose", raising(error), "none of your keys, return None")
            for error in ("KeyError", "ValueError", "jwt.InvalidTokenError")
        ),
        Wrong(
            "kid inside jwk, if there is one",
            key_of('header.get("kid") or (header.get("jwk") or {}).get("kid")'),
            ONLY_KID,
        ),
        Wrong(
            "kid inside jwk first",
            key_of('(header.get("jwk") or {}).get("kid", header.get("kid"))'),
            "This header names your first key. Whatever is beside `kid`",
        ),
        Wrong(
            "jwk is taken for a dict",
            refused_first('header.get("jwk", {}).get("kty") == "RSA"'),
            NEED_NOT_READ,
        ),
        Wrong(
            "jwk blocks",
            refused_first('"jwk" in header or "jku" in header'),
            "This header names your first key. Whatever is beside `kid`",
        ),
        Wrong("x5t as well", key_of('header.get("kid") or header.get("x5t")'), ONLY_KID),
        Wrong("alg as well", key_of('header.get("kid") or header["alg"]'), ONLY_KID),
        Wrong(
            "kid in any case of letters",
            key_of('{name.lower(): value for name, value in header.items()}.get("kid")'),
            ONLY_KID,
        ),
        Wrong(
            "any value that is a name",
            """
def find_key(header, keys):
    for value in header.values():
        if isinstance(value, str) and value in keys:
            return keys[value]
""",
            ONLY_KID,
        ),
        Wrong("a key called default", by_default('keys.get(kid) or keys.get("default")'), BY_HABIT),
        Wrong("a key called main", by_default('keys.get(kid, keys.get("main"))'), BY_HABIT),
        Wrong("without a kid: default", key_of('header.get("kid", "default")'), BY_HABIT),
        *(
            Wrong(
                f"a name {what}",
                but_with(FIND_KEY_SOLUTION, "keys.get(kid)", f"keys.get(kid{change})"),
                "only a similar one. Compare the whole name",
            )
            for what, change in (
                ("without spaces in front", ".lstrip()"),
                ("without the end of a file's name", '.removesuffix(".pem")'),
                ("without dashes", '.replace("-", "")'),
                ("without zeros in front", '.lstrip("0")'),
            )
        ),
        Wrong(
            "keeps keys by name",
            "known = {}\n"
            + but_with(FIND_KEY_SOLUTION, "keys.get(kid)", "known.setdefault(kid, keys.get(kid))"),
            "In `keys` this name has another key now",
        ),
    ),
    "10-denied-as": tuple(
        Wrong(what, OF_JTI.format(name), ANOTHER_LOGIN)
        for what, name in (
            ("without dashes", 'claims["jti"].replace("-", "")'),
            ("without underscores", 'claims["jti"].replace("_", "")'),
            ("stripped", 'claims["jti"].strip()'),
            ("without spaces", '"".join(claims["jti"].split())'),
            ("letters and digits alone", '"".join(filter(str.isalnum, claims["jti"]))'),
            ("without zeros in front", 'claims["jti"].lstrip("0")'),
            ("ASCII alone", 'claims["jti"].encode("ascii", "ignore")'),
            ("without what does not print", '"".join(filter(str.isprintable, claims["jti"]))'),
        )
    ),
    "10-payload-for": (
        Wrong(
            "a template of str.format that is filled twice",
            payload(
                """('{{"sub": "7", "role": "user", "name": ' + json.dumps(name) + '}}').format()"""
            ),
            "raised at this name, and at no name before. A name may have braces",
        ),
        Wrong(
            "a template of %",
            payload(
                """('{"sub": "7", "role": "user", "name": ' + json.dumps(name) + '}%s') % ''"""
            ),
            "A name may have percent signs in it",
        ),
        Wrong(
            "a template of string.Template",
            payload(
                """__import__("string").Template(json.dumps({"sub": "7", "role": "user", "name": name})).safe_substitute(name="x")"""
            ),
            "A name may have dollar signs in it",
        ),
        Wrong(
            "a template of re.sub",
            payload(
                """__import__("re").sub("NAME", json.dumps(name), '{"sub": "7", "role": "user", "name": NAME}')"""
            ),
            "There is a backslash before the quotation mark",
        ),
        Wrong(
            "composed letters",
            payload(
                """json.dumps({"sub": "7", "role": "user", "name": __import__("unicodedata").normalize("NFC", name)})"""
            ),
            "A name may have a letter and its accent as two characters in it",
        ),
        Wrong(
            "JSON is read",
            """
def payload_for(name):
    try:
        name = str(json.loads(name))
    except ValueError:
        pass
    return json.dumps({"sub": "7", "role": "user", "name": name})
""",
            "This is a name, although it can be read as JSON",
        ),
        Wrong(
            "quoted twice",
            """
def payload_for(name):
    return '{"sub": "7", "role": "user", "name": "NAME"}'.replace("NAME", json.dumps(name))
""",
            "The name has two quotation marks on each side",
        ),
        Wrong(
            "keeps the first name",
            """
CLAIMS = {"sub": "7", "role": "user"}


def payload_for(name):
    CLAIMS.setdefault("name", name)
    return json.dumps(CLAIMS)
""",
            "This is the name of an earlier call",
        ),
    ),
}
