"""A right answer is right in any shape: what is given to `check` may be whatever Python can call."""

from __future__ import annotations

import functools
import inspect

import pytest
from aiohttp import web

from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge
from jwt_demo.exercises.result import CORRECT
from tests.exercises.answers import right_answers
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK

EXERCISES = list(registry.exercises().values())


def as_a_lambda(right):
    return lambda *args, **kwargs: right(*args, **kwargs)


def as_a_partial(right):
    def with_a_setting(setting, *args, **kwargs):
        assert setting == "mine"
        return right(*args, **kwargs)

    return functools.partial(with_a_setting, "mine")


def as_an_object(right):
    class Mine:
        def __call__(self, *args, **kwargs):
            return right(*args, **kwargs)

    return Mine()


def as_a_method(right):
    class Mine:
        def answer(self, *args, **kwargs):
            return right(*args, **kwargs)

    return Mine().answer


def as_a_decorated_function(right):
    @functools.wraps(right)
    def logged(*args, **kwargs):
        return right(*args, **kwargs)

    return logged


def under_another_name(right):
    right.__name__ = right.__qualname__ = "my_own_solution"
    return right


SHAPES = {
    made.__name__.replace("_", " "): made
    for made in (
        as_a_lambda,
        as_a_partial,
        as_an_object,
        as_a_method,
        as_a_decorated_function,
        under_another_name,
    )
}


def each_shape():
    """One parameter for each exercise and shape; two shapes of each exercise, others for the next, are tried always."""
    for number, exercise in enumerate(EXERCISES):
        for place, (name, shape) in enumerate(SHAPES.items()):
            marks = () if place % 3 == number % 3 else pytest.mark.thorough
            yield pytest.param(exercise, shape, id=f"{exercise.name}-{name}", marks=marks)


@pytest.mark.parametrize(("exercise", "shape"), list(each_shape()))
async def test_a_right_answer_is_right_in_this_shape(exercise, shape):
    """Six shapes of the solution, and one of what else is right: the check looks at what it does."""
    others = right_answers(exercise.name) if shape is as_a_lambda else ()
    for source in (exercise.solution, *others):
        right = defined(exercise, source)
        candidate = shape(right)
        if exercise.kind == "middleware" and not hasattr(candidate, "__middleware_version__"):
            if inspect.ismethod(candidate):
                candidate = functools.partial(candidate)  # a bound method takes no attribute
            candidate = web.middleware(candidate)  # as aiohttp asks of every middleware
        result = await judge(exercise, candidate)
        assert result.outcome == CORRECT, result
