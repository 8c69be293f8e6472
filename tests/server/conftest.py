"""Every test of a server runs over TCP and over memory; where a test is about threads or sockets themselves, over TCP alone."""

from __future__ import annotations

import pytest

from jwt_demo.server.listeners import MEMORY, TCP
from jwt_demo.server.server import serve

ABOUT_THREADS_OR_SOCKETS = {
    "test_a_cell_that_blocks_is_answered",  # two loops, or nobody answers
    "test_a_client_of_another_kind_is_recorded_too",  # it comes over TCP
    "test_a_connection_taken_before_a_swap_is_served_after_it",  # likewise
    "test_a_handler_that_asks_its_own_server_in_a_blocking_way_is_told",  # likewise
    "test_a_server_used_from_another_loop_answers",
    "test_a_thread_left_behind_ends_when_its_handler_does",
    "test_no_proxy_sees_what_a_lesson_sends",  # programs come over TCP
    "test_only_the_loopback_listens",
    "test_swaps_under_load_refuse_nobody_and_mix_nothing",  # clients on threads
}
NEVER_ENDED_IN_MEMORY = ("catches everything",)  # a clock can't end this


@pytest.fixture(params=[TCP, MEMORY])
async def serving(request):
    """`await serving(app)` is `serve` under a name of its own; whatever was started is stopped at the end."""
    servers = []

    async def start(app, *, name="test server", limit=5.0):
        server = await serve(app, name=name, limit=limit, transport=request.param)
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


def pytest_collection_modifyitems(config, items):
    """Leaves out of the run over memory what can only be over TCP."""
    left_out = [item for item in items if is_over_memory(item) and is_left_out(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def is_over_memory(item):
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("serving") == MEMORY


def is_left_out(item):
    named = item.originalname in ABOUT_THREADS_OR_SOCKETS
    return named or any(words in item.name for words in NEVER_ENDED_IN_MEMORY)
