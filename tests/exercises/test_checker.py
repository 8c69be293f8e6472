"""The checks are checked: stubs, right answers, wrong answers and servers that accept or refuse everything, for every exercise there is."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from html.parser import HTMLParser
from pathlib import Path

import jwt
import pytest
from aiohttp import web

from jwt_demo.exercises import check, hint, quiz, registry, solution
from jwt_demo.exercises.checker import judge
from jwt_demo.exercises.result import CORRECT, INCORRECT, NOT_ATTEMPTED, RAISED
from tests.exercises.answers import right_answers, wrong_answers
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

EXERCISES = list(registry.exercises().values())
QUIZZES = list(registry.quizzes().values())
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

pytestmark = AS_IN_A_NOTEBOOK


def each_right():
    """One parameter for each exercise and each right answer to it."""
    return [
        pytest.param(exercise, source, id=f"{exercise.name}-{number}")
        for exercise in EXERCISES
        for number, source in enumerate((exercise.solution, *right_answers(exercise.name)))
    ]


def each_wrong(always=lambda place: True):
    """One parameter for each exercise and each wrong answer to it; by its place among these it runs always or with all tests."""
    return [
        pytest.param(
            exercise,
            wrong,
            id=f"{exercise.name}-{wrong.what}".replace(" ", "_"),
            marks=() if always(place) else pytest.mark.thorough,
        )
        for exercise in EXERCISES
        for place, wrong in enumerate(wrong_answers(exercise.name))
    ]


by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@by_exercise
async def test_a_stub_is_not_attempted(exercise):
    """What stands in the notebook at first is neither right nor wrong, and an empty body is no attempt either."""
    result = await judge(exercise, defined(exercise, exercise.stub))
    assert result.outcome == NOT_ATTEMPTED
    assert not result
    assert exercise.function in result.message


@by_exercise
@pytest.mark.parametrize(
    "body", ["...", "pass", "return None", "'''To do.'''", "raise NotImplementedError"]
)
async def test_an_empty_body_is_not_attempted(exercise, body):
    """Whatever a reader leaves in a body that is still empty, it is not attempted."""
    tree = ast.parse(exercise.stub)
    function = next(node for node in tree.body if getattr(node, "name", "") == exercise.function)
    function.body = ast.parse(body).body
    assert (await judge(exercise, defined(exercise, ast.unparse(tree)))).outcome == NOT_ATTEMPTED


@pytest.mark.parametrize(("exercise", "source"), each_right())
async def test_a_right_answer_of_any_shape_is_correct(exercise, source):
    """The solution and the other shapes do the same over HTTP, so all of them pass."""
    result = await judge(exercise, defined(exercise, source))
    assert result.outcome == CORRECT, result
    assert exercise.learnt in result.message


@pytest.mark.parametrize(("exercise", "wrong"), each_wrong())
async def test_a_wrong_answer_is_refused_with_its_own_message(exercise, wrong):
    """Every named mistake is told by its name, with one case: what was sent, what was wanted, what came back."""
    result = await judge(exercise, defined(exercise, wrong.source))
    assert result.outcome in (INCORRECT, RAISED), result
    assert wrong.says in result.message, result
    assert result.got
    for part in (result.message, result.sent, result.wanted, result.got):
        assert "eyJ" not in part
        assert not re.search(
            r"0x[0-9a-f]{6,}", part
        )  # where an object lies; a single byte may be named
        assert "/jwt_demo/" not in part


@pytest.mark.parametrize(("exercise", "wrong"), each_wrong(lambda place: place % 6 == 0))
async def test_a_wrong_answer_has_the_same_message_each_time(exercise, wrong):
    """All fixtures are random, and the message is the same all the same: what a notebook stores must not change."""
    first = await judge(exercise, defined(exercise, wrong.source))
    again = await judge(exercise, defined(exercise, wrong.source))
    assert repr(again) == repr(first)


ACCEPTS = {
    "handler": "async def {name}(request):\n    return web.json_response({{}})",
    "middleware": "@web.middleware\nasync def {name}(request, handler):\n    return await handler(request)",
    "decorator": "def {name}(handler):\n    async def wrapper(request):\n        return await handler(request)\n    return wrapper",
    "decorator factory": "def {name}(*options):\n    def decorate(handler):\n        async def wrapper(request):\n            return await handler(request)\n"
    "        return wrapper\n    return decorate",
    "response": "def {name}(*args, **kwargs):\n    return web.json_response({{}})",
    "routes": "def {name}(app):\n    async def all(request):\n        return web.json_response({{}})\n    app.router.add_route('*', '/{{path:.*}}', all)",
    "verifier": "def {name}(token, *known):\n    return {{'sub': '1'}}",
    "wsgi service": "def {name}(*given):\n    def app(environ, start):\n        start('200 OK', [])\n        return [b'{{}}']\n    return app",
    "asgi service": "def {name}(*given):\n    async def app(scope, receive, send):\n"
    "        await send({{'type': 'http.response.start', 'status': 200, 'headers': []}})\n    return app",
}
REFUSAL = "web.json_response({{}}, status=401, headers={{'WWW-Authenticate': 'Bearer error=\"invalid_token\"'}})"
REFUSES = {
    "handler": f"async def {{name}}(request):\n    return {REFUSAL}",
    "middleware": f"@web.middleware\nasync def {{name}}(request, handler):\n    return {REFUSAL}",
    "decorator": f"def {{name}}(handler):\n    async def wrapper(request):\n        return {REFUSAL}\n    return wrapper",
    "decorator factory": f"def {{name}}(*options):\n    def decorate(handler):\n        async def wrapper(request):\n            return {REFUSAL}\n"
    "        return wrapper\n    return decorate",
    "response": f"def {{name}}(*args, **kwargs):\n    return {REFUSAL}",
    "routes": f"def {{name}}(app):\n    async def all(request):\n        return {REFUSAL}\n    app.router.add_route('*', '/{{{{path:.*}}}}', all)",
    "verifier": "def {name}(token, *known):\n    return None",
    "wsgi service": "def {name}(*given):\n    def app(environ, start):\n"
    "        start('401 No', [('WWW-Authenticate', 'Bearer error=\"invalid_token\"')])\n        return []\n    return app",
    "asgi service": "def {name}(*given):\n    async def app(scope, receive, send):\n"
    "        await send({{'type': 'http.response.start', 'status': 401, 'headers': [(b'www-authenticate', b'Bearer error=invalid_token')]}})\n"
    "    return app",
}


@by_exercise
@pytest.mark.parametrize("sources", [ACCEPTS, REFUSES], ids=["accepts all", "refuses all"])
async def test_what_accepts_or_refuses_everything_does_not_pass(exercise, sources):
    """A check that such an answer passes would check nothing."""
    if exercise.kind == "function":
        values = [True, False, None, "", 0, {}, [], "Bearer", b""]
        candidates = [lambda *args, value=value, **kwargs: value for value in values] + [
            lambda *args, **kwargs: args[-1],
            refuse_all,
        ]
    else:
        candidates = [
            defined(
                exercise,
                "from aiohttp import web\n" + sources[exercise.kind].format(name=exercise.function),
            )
        ]
    for candidate in candidates:
        result = await judge(exercise, candidate)
        assert not result, result


def refuse_all(*args, **kwargs):
    raise ValueError("no")


@by_exercise
def test_an_exercise_is_whole(exercise):
    """It has three hints, and is named after its step and what its stub defines."""
    assert exercise.name[:2].isdigit()
    assert exercise.name[2] == "-"
    assert len(exercise.hints) == 3
    assert all(exercise.hints)
    assert exercise.idea.endswith(".")
    assert exercise.learnt.endswith(".")
    assert exercise.function in [
        getattr(node, "name", "") for node in ast.parse(exercise.stub).body
    ]
    assert exercise.kind == "function" or exercise.mount


@by_exercise
def test_an_exercise_has_answers(exercise):
    """At least three wrong ones, each with a name of its own, and a right one of another shape."""
    wrong = wrong_answers(exercise.name)
    assert len(wrong) >= 3
    assert len({answer.what for answer in wrong}) == len(wrong)
    assert right_answers(exercise.name)


def test_no_two_exercises_are_for_one_function():
    """`check(login)` finds its exercise by the function's name."""
    functions = [exercise.function for exercise in EXERCISES]
    assert sorted(functions) == sorted(set(functions))
    assert len(EXERCISES) == len({exercise.name for exercise in EXERCISES})


@pytest.mark.parametrize("question", QUIZZES, ids=lambda question: question.name)
def test_a_quiz_gives_each_wrong_option_its_own_reason(question):
    """One option is right; each other one is answered with a reason of its own."""
    assert question.right in question.options
    assert set(question.reasons) == set(question.options) - {question.right}
    assert len(set(question.reasons.values())) == len(question.reasons)
    asked = quiz(question.name)
    assert all(text in repr(asked) for text in question.options.values())
    for letter in question.options:
        answer = asked.answer(letter)
        assert bool(answer) == (letter == question.right)
        assert (question.because if letter == question.right else question.reasons[letter]) in repr(
            answer
        )


def test_a_quiz_forgives_how_its_letter_is_written():
    """`B`, `b)` and ` b ` are all b; a letter that is no option is told the options."""
    assert quiz("encoded").answer("B)")
    assert "choose one of a, b, c" in repr(quiz("encoded").answer("z"))
    assert "Did you mean `encoded`" in repr(quiz("encodde"))


LOGIN = registry.exercises()["02-login"]


async def test_a_check_finds_its_exercise_by_the_functions_name_or_by_its_own():
    """The article's names are known; any other name is as good when the exercise is named."""
    login = defined(LOGIN, LOGIN.solution)
    assert await check(login)
    login.__name__ = "mine"
    assert "No exercise asks for a function called `mine`" in (await check(login)).message
    assert await check(login, exercise="02-login")


@pytest.mark.parametrize(
    ("candidate", "exercise", "says"),
    [
        (None, None, "without calling it"),
        ({"token": "x"}, "02-login", "without calling it"),
        ("login", None, "Give the function itself, not its name"),
        ("logon", None, "No exercise is called 'logon'"),
        ("02-login", None, "Give the function itself, not its name"),
        (len, "02-logn", "Did you mean `02-login`"),
        (lambda request: None, None, "Say which exercise it answers"),
    ],
)
async def test_what_is_no_answer_is_not_judged(candidate, exercise, says):
    """No exception for a slip of the hand: a sentence."""
    result = await check(candidate, exercise)
    assert result.outcome == NOT_ATTEMPTED
    assert says in result.message


def test_a_check_without_await_says_so():
    """It shows what to write, and leaves no coroutine behind that nobody awaits."""

    def login(request): ...

    assert repr(check(login)) == "Nothing is tested yet: write `await check(login)`."


def test_hints_go_from_a_nudge_to_nearly_the_code():
    """Each asking gives the next one; the last one stays."""
    shown = [repr(hint("04-require-scope")) for _ in range(4)]
    assert [text.splitlines()[0] for text in shown] == [
        f"hint {number} of 3 · 04-require-scope" for number in (1, 2, 3, 3)
    ]
    assert shown[2] == shown[3]


def test_a_solution_shows_when_it_is_asked_for_twice():
    """Once could be a slip."""
    exercise = registry.exercises()["03-find-user"]
    assert exercise.solution.strip() not in solution(exercise.name).code
    assert exercise.solution.strip() in solution(exercise.name).code


async def test_a_solution_shows_at_once_after_a_success():
    """Then it is for comparison."""
    exercise = registry.exercises()["01-lookup"]
    assert await check(defined(exercise, exercise.solution))
    assert exercise.solution.strip() in solution(exercise.name).code


LOOP = "    while True:\n        pass"
ENDLESS = {
    "plain": LOOP,
    "swallows exceptions": f"    while True:\n        try:\n{textwrap.indent(LOOP, '        ')}\n        except Exception:\n            pass",
    "swallows the first of all": f"    try:\n{textwrap.indent(LOOP, '    ')}\n    except:\n{textwrap.indent(LOOP, '    ')}",
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
async def test_an_endless_loop_in_a_function_is_stopped(body):
    """The check comes back and names the line, and the thread ends."""
    exercise = registry.exercises()["01-lookup"]
    result = await judge(
        exercise, defined(exercise, f"def lookup(users, **wanted):\n{body}"), limit=0.5
    )
    assert result.outcome == INCORRECT
    assert "was stopped" in result.message
    assert "in lookup, line" in result.message


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        pass",
        "await __import__('asyncio').sleep(3600)",
        "__import__('time').sleep(3)",
    ],
)
async def test_a_handler_that_does_not_answer_is_stopped(body):
    """Whether it blocks the loop or waits for what does not come: a sentence, and the next check works."""
    result = await judge(LOGIN, defined(LOGIN, f"async def login(request):\n    {body}"), limit=0.5)
    assert result.outcome == INCORRECT
    assert "No response within 0.5 s" in result.message
    assert await judge(LOGIN, defined(LOGIN, LOGIN.solution))


@pytest.mark.parametrize(
    "body", ["exit()", "raise SystemExit(1)", "raise KeyboardInterrupt", "raise BaseException('x')"]
)
@pytest.mark.parametrize("name", ["01-lookup", "02-login"])
async def test_code_that_ends_the_program_does_not_end_the_kernel(name, body):
    """It is one of the four outcomes, like any exception."""
    exercise = registry.exercises()[name]
    head = exercise.stub.strip().splitlines()[0]
    result = await judge(exercise, defined(exercise, f"{head}\n    {body}"))
    assert result.outcome == RAISED
    assert result.where[-1].startswith(f"{exercise.function}, line 2")


async def test_a_traceback_is_cut_to_the_learners_lines():
    """Frames of aiohttp, PyJWT, the stages and of the check itself are left out."""
    source = "def helper(data):\n    return data['nothing']\n\nasync def login(request):\n    return helper({})"
    result = await judge(LOGIN, defined(LOGIN, source))
    assert result.outcome == RAISED
    assert result.where == (
        "login, line 5: return helper({})",
        "helper, line 2: return data['nothing']",
    )


SPOILING = {
    "removes": "subject = claims.pop('sub', None)\n    return await users.by_id(subject)",
    "empties": "subject = claims.get('sub')\n    claims.clear()\n    return await users.by_id(subject)",
    "adds": "claims['seen'] = True\n    return await users.by_id(claims.get('sub'))",
}


@pytest.mark.parametrize("body", SPOILING.values(), ids=SPOILING)
async def test_a_function_must_not_change_what_it_is_given(body):
    """The caller still needs it: right values and spoilt arguments are no right answer."""
    exercise = registry.exercises()["03-find-user"]
    result = await judge(
        exercise, defined(exercise, f"async def find_user(users, claims):\n    {body}")
    )
    assert result.outcome == INCORRECT
    assert "changed the object that it was given" in result.message


async def test_keys_of_the_notebooks_own_are_served():
    """A notebook that makes its own AppKeys and RequestKeys is served under those too."""
    own = "KEY = web.AppKey('KEY', str)\nPEOPLE = web.AppKey('PEOPLE', __import__('jwt_demo').Users)\n"
    assert await judge(LOGIN, defined(LOGIN, own + LOGIN.solution.replace("USERS", "PEOPLE")))
    required = registry.exercises()["04-login-required"]
    assert await judge(
        required,
        defined(required, "PRINCIPAL = web.RequestKey('PRINCIPAL', object)\n" + required.solution),
    )


async def test_a_check_leaves_pyjwt_and_no_server_behind():
    """What is watched during a check is put back, also after an exception."""
    from jwt_demo.server import server

    before = jwt.encode, jwt.PyJWS.decode_complete, dict(server._servers)
    await judge(LOGIN, defined(LOGIN, LOGIN.solution))
    await judge(LOGIN, defined(LOGIN, "async def login(request):\n    raise RuntimeError"))
    assert (jwt.encode, jwt.PyJWS.decode_complete, dict(server._servers)) == before


async def test_two_checks_at_once_do_not_meet():
    """Two notebooks' worth of checks in one kernel, each with its own server."""
    import asyncio

    wrong = defined(LOGIN, wrong_answers("02-login")[0].source)
    results = await asyncio.gather(
        judge(LOGIN, defined(LOGIN, LOGIN.solution)),
        judge(LOGIN, wrong),
        judge(LOGIN, defined(LOGIN, LOGIN.solution)),
    )
    assert [bool(result) for result in results] == [True, False, True]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


HOSTILE = "<img src=x onerror=alert(1)></pre><script>alert(1)</script>`code`"


async def test_whatever_a_learner_returns_is_shown_as_text():
    """Results are escaped: nothing of the learner's becomes a tag."""
    exercise = registry.exercises()["01-lookup"]
    result = await judge(exercise, lambda users, **wanted: HOSTILE)
    tags = Tags()
    tags.feed(result._repr_html_())
    ours = "div style span b code small dl dt dd p details summary pre"
    assert tags.seen <= set(ours.split())
    assert tags.attributes <= {"class", "role", "aria-label"}
    assert "<img" not in result._repr_html_()


async def test_a_result_is_a_value():
    """True or false, JSON for a classroom, the same text in each run, and a word beside each symbol."""
    wrong = next(
        wrong for wrong in wrong_answers("02-login") if wrong.what == "403 for a wrong password"
    )
    first, second = [await judge(LOGIN, defined(LOGIN, wrong.source)) for _ in range(2)]
    assert repr(first) == repr(second)
    assert first._repr_html_() == second._repr_html_()
    fields = json.loads(json.dumps(first.as_dict()))
    assert fields["outcome"] == "incorrect"
    assert fields["correct"] is False
    assert fields["sent"].startswith("POST /login")
    assert "✗ incorrect" in repr(first)
    for text in (first.sent, first.wanted, first.got, first.message):
        assert text in repr(first)


def test_digest_knows_what_is_asked_from_how_it_is_said():
    """A better sentence leaves a solved exercise solved; another case does not."""
    import dataclasses

    assert dataclasses.replace(LOGIN, learnt="Otherwise said.").digest == LOGIN.digest
    assert dataclasses.replace(LOGIN, cases=LOGIN.cases[1:]).digest != LOGIN.digest
    assert inspect.isfunction(web.middleware)


class Odd:
    """A value that can't be looked at."""

    def __repr__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None


@by_exercise
async def test_a_value_that_cannot_be_looked_at_is_a_wrong_answer(exercise):
    """Whatever a learner's function returns, the check has an outcome."""
    result = await judge(exercise, lambda *args, **kwargs: Odd())
    assert result.outcome in (INCORRECT, RAISED)
    assert repr(result)
    assert result._repr_html_()


async def test_a_class_of_views_is_a_handler_too():
    """aiohttp takes it, so the check does."""
    source = LOGIN.solution.replace(
        "async def login(request):\n",
        "class login(web.View):\n    async def post(self):\n        request = self.request\n",
    )
    head, _, body = source.partition("request = self.request\n")
    source = head + "request = self.request\n" + textwrap.indent(body, "    ")
    names = defined(LOGIN, source)
    assert await judge(LOGIN, names)


def exercise_of_the_page():
    """The exercise in docs/exercises.md."""
    page = (NOTEBOOKS.parent / "docs" / "exercises.md").read_text("utf-8")
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, names)
    return names["EXERCISES"][0], names["RIGHT"], names["WRONG"]


async def test_the_exercise_in_the_maintainers_page_works():
    """What docs/exercises.md shows is a whole exercise."""
    exercise, right, wrong_ones = exercise_of_the_page()
    test_an_exercise_is_whole(exercise)
    assert (await judge(exercise, defined(exercise, exercise.stub))).outcome == NOT_ATTEMPTED
    for source in (exercise.solution, *right[exercise.name]):
        assert await judge(exercise, defined(exercise, source))
    for wrong in wrong_ones[exercise.name]:
        result = await judge(exercise, defined(exercise, wrong.source))
        assert not result
        assert wrong.says in result.message
