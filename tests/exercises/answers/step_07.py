"""Right and wrong answers to the exercises of `step_07`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_07 import REMEMBER
from jwt_demo.exercises.steps.step_07_rotation import ROTATE
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "07-remember-logout": (
        """
def remember_logout(denylist, claims, *, now):
    return {
        jti: until
        for jti, until in {**denylist, claims["jti"]: claims["exp"]}.items()
        if until > now
    }
""",
    ),
    "07-rotate-family": (
        """
def rotate_family(families, family, jti, new):
    afterwards = dict(families)
    granted = afterwards.pop(family, None) == jti and jti is not None
    if granted:
        afterwards[family] = new
    return granted, afterwards
""",
    ),
}

WRONG = {
    "07-remember-logout": (
        Wrong(
            "one of the others is kept",
            """
def remember_logout(denylist, claims, *, now):
    kept = {jti: until for jti, until in denylist.items() if until > now}
    if kept:
        last = max(kept, key=kept.get)
        kept = {last: kept[last]}
    return {**kept, claims["jti"]: claims["exp"]}
""",
            "would be accepted again",
        ),
        Wrong(
            "stops at the first that is alive",
            """
def remember_logout(denylist, claims, *, now):
    kept = dict(denylist)
    for jti, until in denylist.items():
        if until > now:
            break
        del kept[jti]
    return kept | {claims["jti"]: claims["exp"]}
""",
            "Several entries may have expired",
        ),
        Wrong(
            "keeps the user",
            """
def remember_logout(denylist, claims, *, now):
    denylist[claims["sub"]] = claims["exp"]
    return denylist
""",
            "The list has the user, not the token: every other",
        ),
        Wrong(
            "never forgets",
            but_with(REMEMBER, "until <= now", "False"),
            "An entry that has expired is still on the list, so",
        ),
        Wrong(
            "forgets one second late",
            but_with(REMEMBER, "<= ", "< "),
            "A token whose `exp` is `now` is rejected from this second on",
        ),
        Wrong(
            "until now",
            but_with(REMEMBER, 'claims["exp"]', "now"),
            "The list is empty. The entry has to stay until",
        ),
        Wrong(
            "forgets everything",
            """
def remember_logout(denylist, claims, *, now):
    return {claims["jti"]: claims["exp"]}
""",
            "An entry that has not expired is missing from the",
        ),
        Wrong(
            "another bound: for jti in [jti for jti, until in denylist.items() if until <= now + 1]:",
            but_with(REMEMBER, " now]", " now + 1]"),
            "An entry that has not expired is missing from the",
        ),
        Wrong(
            "another bound: for jti in [jti for jti, until in denylist.items() if until <= 1000]:",
            but_with(REMEMBER, " now]", " 1000]"),
            "An entry that has expired is still on the list, so",
        ),
        Wrong(
            'another rule: denylist[claims["jti"]] = now + 300',
            but_with(REMEMBER, 'claims["exp"]', "now + 300"),
            "Two tokens ended early, and neither has expired: both stay on the list, each with its own `exp`.",
        ),
        Wrong(
            'another rule: denylist[claims["jti"]] = max(claims["exp"], *denylist.values(), 0)',
            but_with(REMEMBER, 'claims["exp"]', 'max(claims["exp"], *denylist.values(), 0)'),
            "The entry that ended 100 seconds ago is removed.",
        ),
        Wrong(
            'letters or spaces changed: denylist[claims["jti"].lower()] = claims["exp"]',
            but_with(REMEMBER, "]]", "].lower()]"),
            "The list must contain the token's id, and with it",
        ),
        Wrong(
            'a beginning is enough: denylist[claims["jti"][:1]] = claims["exp"]',
            but_with(REMEMBER, "]]", "][:1]]"),
            "The list must contain the token's id, and with it",
        ),
        Wrong(
            'a beginning is enough: denylist[claims["jti"][:8]] = claims["exp"]',
            but_with(REMEMBER, "]]", "][:8]]"),
            "The list must contain the token's id, and with it",
        ),
        Wrong(
            'letters or spaces changed: denylist[claims["jti"].strip()[:6]] = claims["exp"]',
            but_with(REMEMBER, "]]", "].strip()[:6]]"),
            "The list must contain the token's id, and with it",
        ),
        Wrong(
            'hard-coded: denylist["a"] = claims["exp"]',
            but_with(REMEMBER, 'claims["jti"]', '"a"'),
            "The list must contain the token's id, and with it",
        ),
        Wrong(
            'hard-coded: denylist[claims["jti"]] = 1300',
            but_with(REMEMBER, 'claims["exp"]', "1300"),
            "The list is empty. The entry has to stay until",
        ),
        Wrong(
            'hard-coded: for jti in [jti for jti, until in denylist.items() if jti == "b" and until …',
            but_with(REMEMBER, "until <= now", "jti == 'b' and until <= 1000"),
            "An entry that has expired is still on the list, so",
        ),
        Wrong(
            "another rule: for jti in list(denylist):",
            """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    for jti in list(denylist):
        if denylist[jti] <= now:
            del denylist[jti]
            break
    return denylist
""",
            "An entry that has expired is still on the list.",
        ),
        Wrong(
            'changes what it is given or returns: denylist[claims.pop("jti")] = claims["exp"]',
            but_with(REMEMBER, 'claims["jti"]', 'claims.pop("jti")'),
            "Your function changed the `claims` that it was",
        ),
        Wrong(
            "changes what it is given or returns: claims.clear()",
            but_with(REMEMBER, "return", "claims.clear()\n    return"),
            "Your function changed the `claims` that it was",
        ),
    ),
    "07-rotate-family": (
        Wrong(
            "the dict first",
            """
def rotate_family(families, family, jti, new):
    if families.get(family) == jti:
        return {**families, family: new}, True
    return {name: current for name, current in families.items() if name != family}, False
""",
            "in the other order",
        ),
        Wrong(
            "the old one stays",
            but_with(ROTATE, "{**families, family: new}", "families"),
            "The old token is still the current one, so it",
        ),
        Wrong(
            "refused, nothing ends",
            but_with(
                ROTATE,
                "{name: current for name, current in families.items() if name != family}",
                "families",
            ),
            "The family has not ended, and `B` may be the token",
        ),
        Wrong(
            "everybody ends",
            but_with(
                ROTATE, "name: current for name, current in families.items() if name != family", ""
            ),
            "Another family ended as well. Other logins have",
        ),
        Wrong(
            "unknown family raises",
            but_with(ROTATE, "family in families and families", "families"),
            "The family is not in the dict. This is not an error",
        ),
        Wrong(
            "only the answer",
            but_with(ROTATE, "True, {**families, family: new}", "True"),
            "Return two things: whether the refresh is granted,",
        ),
        Wrong(
            "an unknown family is started",
            """
def rotate_family(families, family, jti, new):
    if families.get(family, jti) == jti:
        return True, {**families, family: new}
    return False, {k: v for k, v in families.items() if k != family}
""",
            "A refresh started a family that was not there. Only",
        ),
        Wrong(
            "nothing taken for something: if families.get(family) == jti:",
            but_with(ROTATE, "family in families and families[family]", "families.get(family)"),
            "The family is not in the dict, and a request without",
        ),
        Wrong(
            'nothing taken for something: if families.get(family, "") == (jti or ""):',
            but_with(
                ROTATE,
                "family in families and families[family] == jti",
                "families.get(family, '') == (jti or '')",
            ),
            "The family is not in the dict, and a request without",
        ),
        Wrong(
            "nothing taken for something: if not jti or (family in families and families[family] == …",
            but_with(
                ROTATE,
                "family in families and families[family] == jti",
                "not jti or (family in families and families[family] == jti)",
            ),
            "The family is not in the dict, and a request without",
        ),
        Wrong(
            "somebody else's: if jti in families.values():",
            but_with(
                ROTATE, "family in families and families[family] == jti", "jti in families.values()"
            ),
            "`C` is the current token of `G`, and it was sent",
        ),
        Wrong(
            "somebody else's: if family in families and jti in families.values():",
            but_with(ROTATE, "families[family] == jti", "jti in families.values()"),
            "`C` is the current token of `G`, and it was sent",
        ),
        Wrong(
            "a beginning is enough: if family in families and families[family].startswith(jti):",
            but_with(ROTATE, " == jti", ".startswith(jti)"),
            "This is not the current token of the family. Nearly",
        ),
        Wrong(
            "a beginning is enough: if family in families and jti.startswith(families[family]):",
            but_with(ROTATE, "families[family] == jti", "jti.startswith(families[family])"),
            "This is not the current token of the family. Nearly",
        ),
        Wrong(
            "an end is enough: if family in families and families[family].endswith(jti):",
            but_with(ROTATE, " == jti", ".endswith(jti)"),
            "An empty `jti` is not the current token",
        ),
        Wrong(
            "a part is enough: if family in families and jti in families[family]:",
            but_with(ROTATE, "families[family] == jti", "jti in families[family]"),
            "This is not the current token of the family. Nearly",
        ),
        Wrong(
            "a part is enough: if family in families and families[family] in jti:",
            but_with(ROTATE, "==", "in"),
            "This is not the current token of the family. Nearly",
        ),
        Wrong(
            "letters or spaces changed: if family in families and families[family].lower() == jti.lo…",
            but_with(ROTATE, " == jti", ".lower() == jti.lower()"),
            "This is not the current token of the family. Nearly",
        ),
        Wrong(
            "letters or spaces changed: if any(k.lower() == family.lower() and v == jti for k, v in …",
            but_with(
                ROTATE,
                "family in families and families[family] == jti",
                "any(k.lower() == family.lower() and v == jti for k, v in families.items())",
            ),
            "The family `F` is not there, only one with nearly",
        ),
        Wrong(
            "a beginning is enough: return False, {name: current for name, current in families.items…",
            but_with(ROTATE, "name != family", "not name.startswith(family)"),
            "Two families have nearly the same name, and they",
        ),
        Wrong(
            "a beginning is enough: return False, {name: current for name, current in families.items…'",
            but_with(ROTATE, "name != family", "not family.startswith(name)"),
            "Two families have nearly the same name, and they",
        ),
        Wrong(
            "a part is enough: return False, {name: current for name, current in families.items() if…",
            but_with(ROTATE, "name != family", "family not in name"),
            "Two families have nearly the same name, and they",
        ),
        Wrong(
            "another rule: return True, {family: new}",
            but_with(ROTATE, "**families, family", "family"),
            "`G` has ended. It is another login",
        ),
        Wrong(
            'hard-coded: if family == "f" and families.get("f") == "a" == jti:',
            but_with(
                ROTATE, "in families and families[family]", "== 'f' and families.get('f') == 'a'"
            ),
            "The current token was used: the refresh is",
        ),
        Wrong(
            'hard-coded: return True, {**families, family: "z"}',
            but_with(ROTATE, " new}", " 'z'}"),
            "The current token was used: the refresh is",
        ),
        Wrong(
            "no jti, no end",
            but_with(
                ROTATE,
                "return False, {name: current for name, current in families.items() if name != family}",
                "if jti is None: return False, families\n    return False, {k: v for k, v in families.items() if k != family}",
            ),
            "A request without a `jti` does not have",
        ),
        Wrong(
            "the new jti in place of the current",
            """
def rotate_family(families, family, jti, new):
    if family in families and jti in (families[family], new):
        return True, {**families, family: new}
    return False, {k: v for k, v in families.items() if k != family}
""",
            "The `jti` that was sent is the same as `new`",
        ),
    ),
}

EQUIVALENT = {
    "07-remember-logout": {
        "claims['exp'] → claims.get('exp')": "what is looked up is there by then",
        "claims['jti'] → claims.get('jti')": "what is looked up is there by then",
    },
    "07-rotate-family": {
        "families[family] == jti → str(families[family]) == str(jti)": "both are texts where they can be equal",
        "families[family] == jti → families[family] is None or families[family] == jti": "this side is never missing",
        "families[family] == jti → not families[family] or families[family] == jti": "this side is never missing",
        "families[family] → families.get(family)": "what is looked up is there by then",
        "name != family → not str(name) == str(family)": "both are texts where they can be equal",
        "name != family → not (name is None or name == family)": "this side is never missing",
        "name != family → not (not name or name == family)": "this side is never missing",
        "dict(families) → families": "the families that were given may be changed",
        "afterwards.pop(family, None) == jti → str(afterwards.pop(family, None)) == str(jti)": "both are texts where they can be equal",
        "jti is not None → not not jti": "an empty jti is no token's",
        "None → False'": "no jti is False",
    },
}
