"""The soak's judgement of memory and open files: a warm-up is no growth, a slow leak is."""

from __future__ import annotations

import pytest

from trend import Sample, by_minute, growth


def samples(megabytes):
    return [Sample(second, megabytes(second), 9) for second in range(0, 1800, 5)]


def test_a_warm_up_is_no_growth():
    """Ten megabytes more in the first five minutes, and then no more."""
    assert growth(samples(lambda second: 50 + min(second, 300) / 30), "megabytes") == pytest.approx(0)  # fmt: skip


def test_a_slow_leak_is_growth():
    """A megabyte in five minutes is four in the last twenty, however much single samples differ."""
    leak = samples(lambda second: 50 + second / 300 + (second % 15) / 5)
    assert growth(leak, "megabytes") == pytest.approx(4 / 53, abs=0.01)
    assert growth(leak, "files") == 0


def test_each_minute_has_its_median():
    """One sample that is far off is not the minute's figure."""
    seen = samples(lambda second: 500 if second == 30 else 50 + second // 60)
    assert by_minute(seen, "megabytes")[:3] == ["50", "51", "52"]
