"""What all commands share on a terminal."""

from __future__ import annotations

import pytest

from jwt_demo.cli.console import fail, progress_bar


def test_failing_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the message holds: line breaks, controls, a megabyte."""
    with pytest.raises(SystemExit) as stop:
        fail("first\nsecond\x1b[31m" + "x" * 10_000)
    assert stop.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(r"first second\x1b[31mxxx")
    assert told.err.count("\n") == 1
    assert len(told.err) < 600


def test_a_bar_is_only_drawn_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A log file gets none of it."""
    with progress_bar("Probing", 3, "probes") as show_done:
        show_done(3)
    assert capsys.readouterr() == ("", "")
