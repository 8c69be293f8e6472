"""How bad a finding is, and that one cause is one finding."""

from __future__ import annotations

from jwt_demo.probes import ALL_PROBES, Report, probe
from jwt_demo.probes.causes import FOLLOWS, with_causes
from jwt_demo.probes.exam import QUESTIONS
from jwt_demo.probes.model import BROKEN, CRASH, HELD, HOLE, HYGIENE, MUST, SEVERITIES, Result
from jwt_demo.stages.parts.users import Users
from jwt_demo.tokens.claims import is_numeric_date
from tests.probes.holes.base import answers, bare, crashes, expired, instead, running
from tests.probes.holes.steps import Case, form, nothing, refuse, verifying

BY_NAME = {each.name: each for each in ALL_PROBES}


async def severity(lab, build, name: str) -> str | None:
    async with running(build(lab)) as url:
        return (await probe(url, secret=lab.key, only=[name]))[name].severity


async def test_who_gets_in_by_it_decides(lab):
    """An old token is a hole, a 500 a crash, a MUST that opens nothing is one, and the rest is hygiene."""
    assert await severity(lab, verifying(expiry=nothing), "expired") == HOLE
    assert await severity(lab, instead(expired, crashes), "expired") == CRASH
    assert await severity(lab, verifying(crit=nothing), "crit") == MUST
    assert await severity(lab, verifying(ends=nothing), "no-exp") == HYGIENE
    assert await severity(lab, verifying(), "expired") is None


async def test_what_a_server_may_ignore_is_hygiene(lab):
    """A crit that names nothing, iat, and letters that base64 readers skip: no RFC has a MUST for it."""

    def crit_if_any(case: Case) -> None:
        refuse(case.header.get("crit"))

    def ascii_alone(case: Case) -> None:
        case.text = case.text.encode("ascii", "ignore").decode("ascii")
        form(case)

    def two_numbers(case: Case) -> None:
        refuse(not all(is_numeric_date(case.claims.get(name, 0)) for name in ("exp", "nbf")))

    ignores_iat = verifying(numbers=two_numbers, issued=nothing, lifetime=nothing)
    assert await severity(lab, verifying(kid=nothing), "kid-odd") is None  # its tokens have no kid
    assert await severity(lab, verifying(crit=crit_if_any), "crit") == HYGIENE
    assert await severity(lab, verifying(form=ascii_alone), "not-ascii") == HYGIENE
    assert await severity(lab, ignores_iat, "odd-times") == HYGIENE


async def test_a_missing_challenge_is_a_must_and_another_status_is_not(lab):
    """RFC 9110 §15.5.2 wants a challenge with 401; that it is 401 is advice."""
    assert await severity(lab, instead(bare, answers(401)), "no-token") == MUST
    assert await severity(lab, instead(bare, answers(403)), "no-token") == HYGIENE
    assert await severity(lab, instead(bare, answers(200)), "no-token") == HOLE


async def test_one_cause_is_one_finding(lab):
    """A server that verifies nothing is one finding, whatever number of forgeries it accepts."""
    async with running(verifying(alg=nothing, signature=nothing)(lab)) as url:
        report = await probe(url, secret=lab.key)
    assert len(report.broken) > 10
    assert [result.probe.name for result in report.of_severity(HOLE)] == ["signature-changed"]
    assert report["alg-none"].same_as == "signature-changed"
    assert report["alg-none"].as_dict()["same_as"] == "signature-changed"


def test_another_response_is_another_cause():
    """What crashes here and is accepted there has two causes."""
    first = Result(BY_NAME["no-token"], BROKEN, "401 without a Bearer challenge", severity=MUST)
    same = Result(
        BY_NAME["other-scheme"], BROKEN, "Basic: 401 without a Bearer challenge", severity=MUST
    )
    other = Result(BY_NAME["not-a-token"], BROKEN, "one word: 500, it crashed", severity=CRASH)
    found = with_causes([first, same, other])
    assert [result.same_as for result in found] == [None, "no-token", None]
    assert [result.probe.name for result in Report(found).findings] == ["not-a-token", "no-token"]
    assert "3 broken, 2 causes (1 crash, 1 must)" in Report(found).headline()


def test_causes_name_probes_that_are_there():
    """A misspelled name would count a cause twice."""
    known = {each.name for each in QUESTIONS}
    assert {*FOLLOWS, *(name for names in FOLLOWS.values() for name in names.split())} <= known


def test_the_worst_comes_first():
    """In the text and in the table, under a line that says what the severity means."""
    report = Report(
        [
            Result(BY_NAME["respelled"], BROKEN, "200, accepted", severity=HYGIENE),
            Result(BY_NAME["alg-none"], HELD, "401"),
            Result(BY_NAME["expired"], BROKEN, "200, accepted", severity=HOLE),
        ]
    )
    for text in (repr(report), report._repr_html_()):
        assert (
            text.index(SEVERITIES[HOLE]) < text.index("expired") < text.index(SEVERITIES[HYGIENE])
        )
    assert "2 broken (1 hole, 1 hygiene)" in report.headline()


async def test_a_stateless_server_is_recognised(lab):
    """Where nobody is looked up no subject is wrong: what asks for one is not run, and only a crash would be a fault."""

    async def stateless(self, subject):
        from jwt_demo.stages.parts.users import User

        return User(id=1, email=str(subject), password_hash="", is_admin=False)

    lab.patch(Users, "by_id", stateless)
    async with running(verifying()(lab)) as url:
        report = await probe(
            url, secret=lab.key, only=["user-gone", "falsy-subject", "named-twice"]
        )
    assert not report.broken, report
    assert "does not look up the user" in report["user-gone"].got


async def test_what_comes_and_goes_is_asked_again(lab):
    """A response that is wrong once is no finding; a crash that comes back is."""
    seen: list[int] = []

    async def once(request, handler):
        seen.append(1)
        return await (crashes(request, handler) if len(seen) == 1 else handler(request))

    async with running(instead(expired, once)(lab)) as url:
        report = await probe(url, secret=lab.key, only=["expired"])
    assert report["expired"].verdict == HELD
