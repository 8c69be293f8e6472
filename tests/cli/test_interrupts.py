"""Ctrl-C while a command runs a coroutine, on every Python alike."""

import asyncio
import signal
import sys

import pytest

from jwt_demo.cli import interrupts
from tests.support.signals import started_for_ctrl_c

BUSY = """
import asyncio, signal
from jwt_demo.cli import interrupts

signal.alarm(60)  # a Ctrl-C that nobody heard ends the test all the same

async def busy():
    while True:
        await asyncio.sleep(0)

async def work():
    tasks = [asyncio.ensure_future(busy()) for _ in range(20)]
    try:
        print("ready", flush=True)
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        print("cleaned up", flush=True)
        {and_then}

try:
    interrupts.run(work())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")


def started(and_then="pass"):
    process = started_for_ctrl_c([sys.executable, "-c", BUSY.replace("{and_then}", and_then)])
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    return process


def test_ctrl_c_among_busy_tasks_lets_the_coroutine_clean_up():
    """Whichever task runs at that moment: the coroutine is cancelled, and no task dies of the interrupt."""
    out, err = started().communicate()
    assert (out, err) == ("cleaned up\ninterrupted\n", "")


def test_a_second_ctrl_c_does_not_wait_for_the_cleaning_up():
    """The first one is heard, the coroutine then never ends, the second one ends it."""
    process = started(and_then="await asyncio.sleep(3600)")
    assert process.stdout.readline() == "cleaned up\n"
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert out == "interrupted\n"


async def gives(value):
    return value


def test_what_the_coroutine_raises_and_returns_is_passed_on():
    """A cancellation that no Ctrl-C caused is none."""

    async def cancelled():
        raise asyncio.CancelledError

    before = signal.getsignal(signal.SIGINT)
    assert interrupts.run(gives(42)) == 42
    with pytest.raises(asyncio.CancelledError):
        interrupts.run(cancelled())
    assert signal.getsignal(signal.SIGINT) is before


async def test_in_another_thread_it_runs_as_well():
    """There Ctrl-C is never heard, and no handler can be set."""
    assert await asyncio.to_thread(interrupts.run, gives(42)) == 42
