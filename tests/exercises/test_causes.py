"""What a check says of an answer that goes another way than the lesson names nothing that this answer does not have."""

import pytest

from jwt_demo.exercises.checker import judge
from jwt_demo.exercises.registry import exercises
from tests.exercises.answers.step_causes import WITHOUT_THE_USUAL_LIBRARY
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK


@pytest.mark.parametrize("name", sorted(WITHOUT_THE_USUAL_LIBRARY))
async def test_a_success_names_no_part_of_a_library_that_was_not_used(name):
    exercise = exercises()[name]
    result = await judge(exercise, defined(exercise, WITHOUT_THE_USUAL_LIBRARY[name]))
    assert result, result
    for part in ("hook", "loader", "dependency", "manager"):
        assert part not in result.message
